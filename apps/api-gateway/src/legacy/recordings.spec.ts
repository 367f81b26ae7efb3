import type { registry } from '@supercap/protocol';
import { notFound, serverError } from '@supercap/transport';
import { describe, expect, it } from 'vitest';
import { api, refuse, task } from './testing/api';

const recording: registry.Recording = {
  id: 'r1',
  type: 'stream',
  status: 'finished',
  size: 76n,
  date: 1_454_187_601_500_000_000n,
  error: '',
  progress: 1,
};

const replay: registry.Replay = {
  id: 'p1',
  taskId: 't',
  recordingId: 'r1',
  recordingTime: false,
  clock: 'fast',
  date: 0n,
  error: '',
  status: 'finished',
  progress: 1,
  statsJson: '',
  phase: '',
};

describe('the orders of recordings', () => {
  const known = { getTask: () => task, createRecording: () => recording };
  const unknown = { getTask: refuse(notFound('no task exists')) };

  it.each([
    ['', '400 invalid recording type'],
    ['?type=nonsense', '400 invalid recording type'],
    ['?type=constructor', '400 invalid recording type'],
    ['?type=stream&duration=x', '400 no task specified'],
    ['?type=batch&start=x&past=y', "400 must not pass both 'start' and 'past' parameters"],
    ['?type=batch&start=x&stop=y', '400 parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"'],
    ['?type=batch&past=x&stop=y', '400 invalid duration'],
    ['?type=batch&past=1h&stop=y', '400 parsing time "y" as "2006-01-02T15:04:05Z07:00": cannot parse "y" as "2006"'],
    ['?type=batch&past=1h', '400 no task specified'],
    ['?type=batch&name=t', "400 must pass one of the 'start' and 'past' parameters"],
    ['?type=stream&name=t', '400 invalid duration string: invalid duration'],
    ['?type=stream&name=t&duration=10', '400 invalid duration string: invalid duration'],
    ['?type=query&ttype=nonsense', '400 must pass query parameter'],
    ['?type=query&query=q', '400 invalid type ""'],
    ['?type=query&query=q&ttype=non"sense', '400 invalid type "non\\"sense"'],
  ])('are checked in order: %s', async (query, answer) => {
    expect(await api(known).ask('POST', `/record${query}`)).toBe(answer);
  });

  it('name a task that exists before anything else of it is looked at', async () => {
    expect(await api(unknown).ask('POST', '/record?type=stream&name=t&duration=x')).toBe('404 unknown task t');
    expect(await api(unknown).ask('POST', '/record?type=batch&name=t')).toBe('404 unknown task t');
  });

  it('go to the registry, and the answer is the id', async () => {
    const { ask, asked } = api(known);
    const answer = '200 {\n    "RecordingID": "r1"\n}';
    expect(await ask('POST', '/record?type=stream&name=t&duration=10s')).toBe(answer);
    expect(asked['createRecording']).toMatchObject({
      kind: 'stream',
      taskId: 't',
      duration: 10_000_000_000n,
      legacy: true,
    });
    expect(await ask('POST', '/record?type=query&query=select+v&ttype=batch')).toBe(answer);
    expect(asked['createRecording']).toMatchObject({ kind: 'query', query: 'select v', type: 'batch', legacy: true });
    expect(await ask('POST', '/record?type=batch&name=t&past=1h')).toBe(answer);
    const { start, stop } = asked['createRecording'] as { start: bigint; stop: bigint };
    expect(stop - start).toBe(3_600_000_000_000n);
    expect(Math.abs(Number(stop / 1_000_000n) - Date.now())).toBeLessThan(5000);
  });
});

describe('recordings', () => {
  const shown = '{\n    "ID": "r1",\n    "Type": 0,\n    "Size": 76,\n    "Created": "2016-01-30T21:00:01.5Z"\n}';

  it('are waited for when one is asked for', async () => {
    const { ask, asked } = api({ getRecording: () => recording });
    expect(await ask('GET', '/record?id=r1')).toBe(`200 ${shown}`);
    expect(asked['getRecording']).toEqual({ id: 'r1', wait: true });
  });

  it('that failed are told with their error', async () => {
    const { ask } = api({
      getRecording: () => ({ ...recording, status: 'failed', error: 'wrong task type', size: -1n }),
    });
    expect(await ask('GET', '/record?id=r1')).toBe(
      '200 {\n    "ID": "r1",\n    "Type": 0,\n    "Created": "0001-01-01T00:00:00Z",\n    "Error": "wrong task type"\n}',
    );
  });

  it('that nobody knows are not found', async () => {
    const { ask } = api({ getRecording: refuse(serverError('error finding recording: no recording exists')) });
    expect(await ask('GET', '/record')).toBe('404 recording not found');
  });

  it('are listed by id, the wanted ones only, without a size while it is not known, and without failures', async () => {
    const recordings = [
      { ...recording, id: 'c', status: 'running', size: -1n },
      { ...recording, id: 'b', status: 'failed' },
      { ...recording, id: 'a', type: 'batch' },
    ];
    const { ask } = api({ listRecordings: () => ({ recordings }) });
    const list = async (query: string) =>
      (JSON.parse((await ask('GET', `/recordings${query}`)).slice(4)) as { Recordings: { ID: string }[] }).Recordings;
    expect(await list('')).toEqual([
      { ID: 'a', Type: 1, Size: 76, Created: '2016-01-30T21:00:01.5Z' },
      { ID: 'c', Type: 0, Created: '2016-01-30T21:00:01.5Z' },
    ]);
    expect((await list('?rids=c,x,a')).map(({ ID }) => ID)).toEqual(['a', 'c']);
    expect(await list('?rids=x')).toEqual([]);
  });

  it('are deleted by a path and a name of their own', async () => {
    const { ask, asked } = api();
    expect(await ask('DELETE', '/recording?rid=a')).toBe('200');
    expect(asked['deleteRecording']).toEqual({ id: 'a' });
    expect(await ask('DELETE', '/record?rid=a')).toBe('404 Not Found');
  });
});

describe('a replay', () => {
  it('is ordered, waited for, and answered with nothing', async () => {
    const { ask, asked } = api({ createReplay: () => replay, getReplay: () => replay });
    expect(await ask('POST', '/replay?name=t&id=r1&rec-time=T')).toBe('200');
    expect(asked['createReplay']).toMatchObject({
      taskId: 't',
      recordingId: 'r1',
      recordingTime: true,
      clock: 'wall',
      kind: 'recording',
      legacy: true,
    });
    expect(asked['getReplay']).toEqual({ id: 'p1', wait: true });
    await ask('POST', '/replay?name=t&id=r1&clock=fast');
    expect(asked['createReplay']).toMatchObject({ recordingTime: false, clock: 'fast' });
  });

  it('is refused for its time before anything else', async () => {
    const { ask } = api({ createReplay: refuse(notFound('task load: unknown task ')) });
    expect(await ask('POST', '/replay?rec-time=perhaps')).toBe(
      '400 strconv.ParseBool: parsing "perhaps": invalid syntax',
    );
    expect(await ask('POST', '/replay')).toBe('404 task load: unknown task ');
  });

  it.each([
    ['load', '404 task load: x'],
    ['start', '400 task start: x'],
    ['find', '404 replay find: x'],
    ['replay', '500 replay: x'],
    ['run', '500 task run: x'],
    ['close', '500 closing: x'],
  ])('that fails in the phase %s is answered with %s', async (phase, answer) => {
    const { ask } = api({
      createReplay: () => replay,
      getReplay: () => ({ ...replay, status: 'failed', phase, error: 'x' }),
    });
    expect(await ask('POST', '/replay?name=t&id=r1')).toBe(answer);
  });
});
