import { FakePorts, startPipeline, type TestRun, type TestSetup } from '@supercap/dataflow/testing';
import { formatPoint, parsePoints } from '@supercap/line-protocol';
import { compileScript, createCatalog, type EventState } from '@supercap/pipeline';
import { describe, expect, it } from 'vitest';
import { nodeDefinitions } from '../index';

const SECOND = 1_000_000_000n;
const catalog = createCatalog(nodeDefinitions);

async function start(script: string, setup: TestSetup = {}): Promise<TestRun> {
  const { pipeline } = compileScript({ script, dialect: 'v1', catalog });
  return startPipeline(pipeline, nodeDefinitions, setup);
}

/** Runs an alert on points of `m`; the value at index i has the time of i seconds, from second 1 on. */
async function alerting(alert: string, values: readonly (number | string)[], setup: TestSetup = {}): Promise<TestRun> {
  const run = await start(`stream|from().measurement('m')|alert().details('').topic('t')${alert}`, setup);
  feed(run, values.map((value, i) => `m v=${value} ${i + 1}`).join('\n'));
  return run;
}

function feed(run: TestRun, lines: string): void {
  for (const point of parsePoints(lines, 's')) run.dataflow.feed(point);
}

/** Second, level and duration in seconds of every event. */
function events(run: TestRun): string[] {
  return run.ports.events.map(({ event }) => `${event.time / SECOND} ${event.level} ${event.duration / SECOND}`);
}

const output = (run: TestRun) => run.data().map((message) => ('points' in message ? message : formatPoint(message)));
const crit = `.crit(lambda: "v" > 5.0)`;

describe('the levels of an alert', () => {
  it('are left for a lower one only where the reset of the level allows it', async () => {
    const levels =
      `.info(lambda: "v" > 60.0).infoReset(lambda: "v" < 50.0).warn(lambda: "v" > 70.0).warnReset(lambda: "v" < 60.0)` +
      `.crit(lambda: "v" > 80.0).critReset(lambda: "v" < 70.0)`;
    expect(events(await alerting(levels, [61, 73, 64, 85, 62, 56, 47]))).toEqual([
      '1 INFO 0',
      '2 WARNING 1',
      '3 WARNING 2',
      '4 CRITICAL 3',
      '5 INFO 4',
      '6 INFO 5',
      '7 OK 6',
    ]);
  });

  it('share the states of their conditions over all groups', async () => {
    const run = await start(
      `stream|from().measurement('m').groupBy('h')|alert().details('').topic('t').crit(lambda: count() > 2)`,
    );
    feed(run, 'm,h=A v=1 1\nm,h=B v=1 2\nm,h=A v=1 3\nm,h=B v=1 4');
    expect(run.ports.events.map(({ event }) => `${event.tags['h']} ${event.level} ${event.time / SECOND}`)).toEqual([
      'A CRITICAL 3',
      'B CRITICAL 4',
    ]);
  });

  it('do not match where their condition fails, which is reported', async () => {
    const run = await alerting(crit, [9, '"x"', 1]);
    expect(events(run)).toEqual(['1 CRITICAL 0', '2 OK 1']);
    expect(run.log.filter(({ message }) => message === 'error evaluating expression for level')).toHaveLength(2);
    expect(run.dataflow.nodeStats()['alert2']).toMatchObject({ errors: 2 });
  });

  it('are left where the reset of the level fails', async () => {
    expect(events(await alerting(`${crit}.critReset(lambda: "w" < 1.0)`, [9, 1]))).toEqual(['1 CRITICAL 0', '2 OK 1']);
  });
});

describe('the events of a stream', () => {
  it('are the points with a level, and the recovery', async () => {
    expect(events(await alerting(crit, [1, 6, 7, 1, 1]))).toEqual(['2 CRITICAL 0', '3 CRITICAL 1', '4 OK 2']);
  });

  it('are only changes with .stateChangesOnly()', async () => {
    const run = await alerting(`${crit}.stateChangesOnly()`, [1, 6, 7, 1, 1, 9]);
    expect(events(run)).toEqual(['2 CRITICAL 0', '4 OK 2', '6 CRITICAL 0']);
  });

  it('come again after the interval of .stateChangesOnly(3s)', async () => {
    const run = await alerting(`${crit}.stateChangesOnly(3s)`, [1, 6, 7, 8, 9, 9, 9, 9, 1]);
    expect(events(run)).toEqual(['2 CRITICAL 0', '5 CRITICAL 3', '8 CRITICAL 6', '9 OK 7']);
  });

  it('leave recoveries out with .noRecoveries(), and pass nothing on', async () => {
    const run = await alerting(`${crit}.noRecoveries()`, [1, 6, 7, 1, 1, 9]);
    expect(events(run)).toEqual(['2 CRITICAL 0', '3 CRITICAL 1', '6 CRITICAL 0']);
    expect(run.ports.events.every(({ event }) => !event.recoverable)).toBe(true);
    expect(output(run)).toHaveLength(3);
  });

  it('stop while the level flaps', async () => {
    const run = await alerting(`${crit}.flapping(0.25, 0.5).history(5)`, [
      1,
      6,
      1,
      6,
      1,
      6,
      1,
      6,
      ...Array.from({ length: 8 }, () => 6),
    ]);
    expect(events(run)).toEqual([
      '2 CRITICAL 0',
      '3 OK 1',
      '12 CRITICAL 10',
      '13 CRITICAL 11',
      '14 CRITICAL 12',
      '15 CRITICAL 13',
      '16 CRITICAL 14',
    ]);
  });

  it('are counted by level', async () => {
    const run = await alerting(
      `.info(lambda: "v" > 2.0).warn(lambda: "v" > 4.0).crit(lambda: "v" > 6.0)`,
      [1, 3, 5, 7, 1],
    );
    expect(run.dataflow.nodeStats()['alert2']).toMatchObject({
      alerts_triggered: 4,
      alerts_inhibited: 0,
      oks_triggered: 1,
      infos_triggered: 1,
      warns_triggered: 1,
      crits_triggered: 1,
    });
  });
});

describe('the events of batches', () => {
  const batches = async (alert: string, points: string) => {
    const run = await start(
      `stream|from().measurement('m')|window().period(10s).every(10s).align()|alert().details('').topic('t')${crit}${alert}`,
    );
    feed(run, points);
    return run;
  };

  it('have the highest level and the time of its first point, a recovery that of the batch', async () => {
    const run = await batches('', 'm v=1 0\nm v=6 1\nm v=7 4\nm v=9 11\nm v=1 12\nm v=1 21\nm v=2 22\nm v=1 31');
    expect(events(run)).toEqual(['1 CRITICAL 0', '11 CRITICAL 10', '30 OK 29']);
    expect(output(run)).toHaveLength(3);
  });

  it('have the lowest level and the time of the batch with .all()', async () => {
    const run = await batches('.all()', 'm v=1 0\nm v=6 1\nm v=7 4\nm v=9 11\nm v=8 12\nm v=1 21\nm v=7 22\nm v=1 31');
    expect(events(run)).toEqual(['20 CRITICAL 0', '30 OK 10']);
  });
});

describe('the output of an alert', () => {
  it('has only what triggered, with what it was told to add', async () => {
    const run = await start(
      `stream|from().measurement('m')|alert().id('the id').message('{{ .Level }}!').details('')${crit}` +
        `.levelTag('lt').idTag('it').levelField('lf').messageField('mf').durationField('df').idField('if')`,
    );
    feed(run, 'm,host=a v=1 1\nm,host=a v=9 2\nm,host=a v=1 4');
    expect(output(run)).toEqual([
      'm,host=a,it=the\\ id,lt=CRITICAL df=0i,if="the id",lf="CRITICAL",mf="CRITICAL!",v=9 2000000000',
      'm,host=a,it=the\\ id,lt=OK df=2000000000i,if="the id",lf="OK",mf="OK!",v=1 4000000000',
    ]);
  });

  it('moves to another group where the level replaces a grouping tag', async () => {
    const run = await start(`stream|from().measurement('m').groupBy('h')|alert().details('')${crit}.levelTag('h')`);
    feed(run, 'm,h=a v=9 1');
    expect(run.data()[0]!.group.id).toBe('h=CRITICAL');
  });
});

describe('topics of an alert', () => {
  it('are the anonymous one of the handlers and the named one, in this order', async () => {
    const run = await alerting(`${crit}.post('http://sink/')`, [9], { task: { id: 'cpu' } });
    expect(run.ports.events[0]!.topics).toEqual(['main:cpu:alert2', 't']);
    expect(run.ports.attached.get('main:cpu:alert2')).toEqual([{ kind: 'post', options: { url: 'http://sink/' } }]);
  });

  it('get nothing where there are neither handlers nor a topic: events are only counted', async () => {
    const run = await start(`stream|from().measurement('m')|alert().details('')${crit}`);
    feed(run, 'm v=9 1');
    expect(run.ports.events).toEqual([]);
    expect(run.dataflow.nodeStats()['alert2']).toMatchObject({ alerts_triggered: 1 });
  });

  const known = (level: EventState['level'], second: bigint): EventState => ({
    level,
    message: '',
    details: '',
    time: second * SECOND,
    duration: 0n,
  });

  it('remember a level over a restart: it is not repeated, and its recovery lasts from the stored time', async () => {
    const ports = new FakePorts();
    ports.states.set('t\nm:nil', known('CRITICAL', 0n));
    const run = await alerting(`${crit}.stateChangesOnly()`, [9, 1], { ports });
    expect(events(run)).toEqual(['2 OK 2']);
  });

  it('agree after a restart: the anonymous one counts', async () => {
    const ports = new FakePorts();
    ports.states.set('t\nm:nil', known('OK', 0n));
    ports.states.set('main:test:alert2\nm:nil', known('CRITICAL', 0n));
    const run = await alerting(`${crit}.stateChangesOnly().log('/tmp/alerts')`, [9], { ports });
    expect(events(run)).toEqual([]);
    expect(ports.states.get('t\nm:nil')!.level).toBe('CRITICAL');
  });

  it('agree after a restart: what only the named one knows, the anonymous one learns', async () => {
    const ports = new FakePorts();
    ports.states.set('t\nm:nil', known('WARNING', 0n));
    await alerting(`${crit}.log('/tmp/alerts')`, [1], { ports });
    expect(ports.states.get('main:test:alert2\nm:nil')!.level).toBe('OK');
  });
});

describe('inhibition', () => {
  const script = `
    stream|from().measurement('a').groupBy('h')|alert().details('').topic('t')${crit}.inhibit('sys', 'h')
    stream|from().measurement('b').groupBy('h')|alert().details('').topic('t')${crit}.category('sys')`;

  it('silences an alert of the category where the tags are equal, for as long as the other is not OK', async () => {
    const run = await start(script);
    feed(run, 'a,h=A v=9 1\nb,h=A v=9 2\nb,h=B v=9 3\na,h=A v=1 4\nb,h=A v=9 5');
    expect(run.ports.events.map(({ event }) => `${event.id} ${event.level} ${event.time / SECOND}`)).toEqual([
      'a:h=A CRITICAL 1',
      'b:h=B CRITICAL 3',
      'a:h=A OK 4',
      'b:h=A CRITICAL 5',
    ]);
    expect(run.dataflow.nodeStats()['alert4']).toMatchObject({ alerts_inhibited: 1, alerts_triggered: 2 });
    expect(output(run)).toHaveLength(5);
  });

  it('ends with the task', async () => {
    const run = await start(script);
    feed(run, 'a,h=A v=9 1');
    expect(run.ports.alerts.isInhibited('sys', { h: 'A' })).toBe(true);
    await run.dataflow.finish();
    run.dataflow.close();
    expect(run.ports.alerts.isInhibited('sys', { h: 'A' })).toBe(false);
  });

  it('goes on from a snapshot', async () => {
    const first = await start(script);
    feed(first, 'a,h=A v=9 1');
    const second = await start(script, { snapshot: await first.dataflow.snapshot() });
    expect(second.ports.alerts.isInhibited('sys', { h: 'A' })).toBe(true);
  });
});

describe('a snapshot of an alert', () => {
  it('changes no event, wherever it is taken', async () => {
    const script =
      `stream|from().measurement('m').groupBy('h')|alert().details('').topic('t').warn(lambda: "v" > 3.0)` +
      `.crit(lambda: "v" > 5.0 AND count() < 6).flapping(0.2, 0.6).history(5).stateChangesOnly(4s)`;
    const values = [1, 6, 4, 1, 1, 9, 9, 9, 9, 9, 9, 2, 2, 7, 1, 1];
    const lines = values.map((v, i) => `m,h=${i % 2} v=${v} ${i + 1}`);
    const whole = await start(script);
    feed(whole, lines.join('\n'));
    for (const cut of [1, 3, 6, 10, 13]) {
      const before = await start(script);
      feed(before, lines.slice(0, cut).join('\n'));
      const after = await start(script, { snapshot: await before.dataflow.snapshot() });
      feed(after, lines.slice(cut).join('\n'));
      expect([...events(before), ...events(after)]).toEqual(events(whole));
    }
  });
});

describe('details', () => {
  it('are everything that is known, as JSON that can stand in HTML, unless they are given', async () => {
    const run = await start(`stream|from().measurement('m').groupBy('h')|alert().topic('t')${crit}`);
    feed(run, 'm,h=a v=9 1');
    const { details } = run.ports.events[0]!.event;
    expect(details.replaceAll('&#34;', '"')).toBe(
      '{"Name":"m","TaskName":"test","Group":"h=a","Tags":{"h":"a"},' +
        '"ServerInfo":{"Hostname":"localhost","ClusterID":"cluster","ServerID":"server"},"ID":"m:h=a","Fields":{"v":9},' +
        '"Level":"CRITICAL","Time":"1970-01-01T00:00:01Z","Duration":0,"Message":"m:h=a is CRITICAL"}\n',
    );
    expect(details).not.toContain('"');
  });
});

describe('messages and details that print all they know', () => {
  it('have braces for each part that one builds on', async () => {
    const run = await start(
      `stream|from().measurement('m').groupBy('h')|alert().topic('t').id('i {{ . }}').message('{{ . }}').details('{{ . }}')${crit}`,
    );
    feed(run, 'm,h=a v=9 1');
    const { id, message, details } = run.ports.events[0]!.event;
    const idInfo = '{m test h=a map[h:a] {localhost cluster server}}';
    expect(id).toBe(`i ${idInfo}`);
    expect(message).toBe(`{${idInfo} ${id} map[v:9] CRITICAL 1970-01-01 00:00:01 +0000 UTC 0s}`);
    expect(details).toBe(`{${message} ${message}}`.replaceAll('+', '&#43;'));
  });
});

describe('an id', () => {
  it('is made anew where a point of the group has other tags', async () => {
    const run = await start(
      `stream|from().measurement('m')|alert().details('').topic('t').id('{{ index .Tags "h" }}')${crit}`,
    );
    feed(run, 'm,h=a v=9 1\nm,h=b v=1 2');
    expect(run.ports.events.map(({ event }) => `${event.id} ${event.level}`)).toEqual(['a CRITICAL', 'b OK']);
  });

  it('that cannot be made of its data stops the task', async () => {
    const run = await start(`stream|from().measurement('m')|alert().id('{{ .Nope }}').details('')${crit}`);
    feed(run, 'm v=1 1');
    expect(run.failure.error?.message).toBe(
      `alert2: template: id:1:3: executing "id" at <.Nope>: can't evaluate field Nope in type kapacitor.idInfo`,
    );
  });
});

describe('enabling an alert', () => {
  const refusal = async (alert: string) => {
    try {
      await start(`stream|from().measurement('m')|alert()${alert}`);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };

  it.each([
    ['.flapping(0.5, 1.5)', 'alert flap thresholds are percentages and should be between 0 and 1'],
    ['.flapping(0.2, 0.5).history(20000)', 'alert history must be at most 10000, got 20000'],
    [`.log('rel')`, 'failed to create log alert handler: log path must be absolute: rel is not absolute'],
    [".post('http://a/').header('Authenticate', 'x')", "invalid post: cannot set 'authenticate' header"],
    [".post('http://a/').header('X Y', 'x')", 'invalid post: invalid header name "X Y"'],
    ['.slack()', 'alert handler "slack" is known but cannot deliver events in this version'],
    [".message('{{ if .Name }}')", 'template: message:1: unexpected EOF'],
    [
      '.crit(lambda: TRUE > FALSE)',
      'Failed to compile stateful expression for crit: invalid comparison operator > for type boolean',
    ],
  ])('with %s is refused', async (alert, message) => {
    expect(await refusal(alert)).toBe(message);
  });

  it('takes a post that has nowhere to go, and headers in any script', async () => {
    expect(await refusal('.post()')).toBeUndefined();
    expect(await refusal(".post().endpoint('nope').header('X-Team', 'команда')")).toBeUndefined();
  });

  it('uses the first of several addresses', async () => {
    const run = await alerting(`.post('http://a/', 'http://b/')`, []);
    expect(run.ports.attached.get('main:test:alert2')).toEqual([{ kind: 'post', options: { url: 'http://a/' } }]);
  });
});

describe('handlers in a script', () => {
  const handlers = (script: string) => {
    const { pipeline } = compileScript({ script: `stream|from()|alert()${script}`, dialect: 'v1', catalog });
    return pipeline.nodes.find(({ kind }) => kind === 'alert')!.options['handlers'];
  };

  it('keep their order and their options, and what is not theirs is the property of the alert', () => {
    expect(handlers(`.email('a@x', 'b@x').to('c@x').crit(lambda: TRUE).pushover().URL('http://x')`)).toMatchObject([
      { kind: 'smtp', options: { addresses: ['a@x', 'b@x'], to: ['c@x'] } },
      { kind: 'pushover', options: { uRL: 'http://x' } },
    ]);
  });

  it.each([
    [
      '.slack().channel(1)',
      'error calling func "channel" on obj *pipeline.SlackHandler: reflect.Set: value of type int64 is not assignable to type string',
    ],
    [
      `.post('http://x').header('a')`,
      'error calling func "header" on obj *pipeline.AlertHTTPPostHandler: reflect: Call with too few input arguments',
    ],
    ['.tcp()', 'error calling func "tcp" on obj *pipeline.AlertNode: reflect: Call with too few input arguments'],
    [
      `.crit('x')`,
      'error calling func "crit" on obj *pipeline.AlertNode: reflect.Set: value of type string is not assignable to type *ast.LambdaNode',
    ],
    [`.post('http://x').header('Authenticate', 'a')`, `invalid post: cannot set 'authenticate' header`],
    [
      `.snmpTrap('1.1').data('1.2', 'x', '')`,
      'invalid SNMP trap "1.1": unsupported data type "x" for data entry "1.2"',
    ],
    ['.fax()', 'no method or property "fax" on *pipeline.AlertNode'],
  ])('%s is refused', (script, message) => {
    expect(() => handlers(script)).toThrow(message);
  });
});
