import { describe, expect, it } from 'vitest';
import { api } from './testing/api';

describe('the output of a task', () => {
  const { one } = api({}, [
    ['t', 'avg', '{"series":[{"name":"m","values":[[9007199254740993]]}]}'],
    ['t', 'none', '{"series":null}'],
    ['a/b c', 'x', '{"series":[1]}'],
    ['a', 'b c/x', '{"series":[2]}'],
    ['tasks', 'x', '{"series":[3]}'],
  ]);
  const body = async (path: string) => (await one('GET', path, '')).body;

  it('is found in all its places, to the digit', async () => {
    for (const place of ['/task', '/api/v1', '/api/v1/task']) {
      expect(await body(`${place}/t/avg`)).toBe('{"Series":[{"name":"m","values":[[9007199254740993]]}],"Err":null}');
      expect(await body(`${place}/t/none`)).toBe('{"Series":null,"Err":null}');
      await expect(body(`${place}/t/other`)).rejects.toThrow('Not Found');
      await expect(body(`${place}/t`)).rejects.toThrow('Not Found');
      await expect(body(`${place}/`)).rejects.toThrow('Not Found');
    }
  });

  it('is that of the task with the longest name', async () => {
    expect(await body('/task/a/b c/x')).toBe('{"Series":[1],"Err":null}');
  });

  it('does not hide a fixed path', async () => {
    expect(await body('/api/v1/tasks/x')).toBe('{"Series":[3],"Err":null}');
    await expect(one('GET', '/api/v1/task', '')).rejects.toThrow('must pass task name');
  });
});

describe('the server', () => {
  it('answers to ping, in both methods', async () => {
    const { ask } = api();
    expect(await ask('GET', '/ping')).toBe('204');
    expect(await ask('HEAD', '/ping')).toBe('204');
    expect(await ask('POST', '/ping')).toBe('404 Not Found');
  });

  it('takes a log level in any case, and no other', async () => {
    const { ask, levels } = api();
    for (const level of ['debug', 'INFO', 'Warn', 'error', 'off'])
      expect(await ask('POST', `/loglevel?level=${level}`)).toBe('200');
    expect([...new Set(levels)]).toEqual(['debug', 'info', 'warn', 'error', 'off']);
    expect(await ask('POST', '/loglevel?level=nonsense')).toBe('400 invalid log level: "nonsense"');
    expect(await ask('POST', '/loglevel')).toBe('400 invalid log level: ""');
  });

  it('lists its paths with their methods, outputs included', async () => {
    const { ask } = api({}, [['t', 'avg', '{"series":null}']]);
    const paths = JSON.parse((await ask('GET', '/:routes')).slice(4)) as Record<string, string[]>;
    expect(paths['/task']).toEqual(['DELETE', 'GET', 'POST']);
    expect(paths['/api/v1/recordings']).toEqual(['GET']);
    expect(paths['/task/t/avg']).toEqual(['GET']);
    expect(Object.keys(paths)).toEqual(Object.keys(paths).sort());
  });

  it('gives its figures line by line', async () => {
    const { one } = api({
      summary: () => ({ tasks: 3, enabledTasks: 2, clusterId: 'c', serverId: 's' }),
      listTopics: () => ({ topics: [] }),
    });
    for (const path of ['/debug/vars', '/debug/vars/below']) {
      const text = String((await one('GET', path, '')).body);
      const lines = text.split('\n');
      expect([lines[0], ...lines.slice(-2)]).toEqual(['{', '}', '']);
      for (const line of lines.slice(1, -2)) expect(line).toMatch(/^"[^"]+": \S.*$/);
      const facts = JSON.parse(text) as Record<string, unknown>;
      expect(facts).toMatchObject({
        cluster_id: 'c',
        server_id: 's',
        num_tasks: 3,
        num_enabled_tasks: 2,
        product: 'kapacitor',
      });
      expect(Object.values(facts)).toContainEqual({ name: 'edges', tags: { task: 't' }, values: { collected: 3 } });
    }
  });
});
