import { describe, expect, it } from 'vitest';
import { createLogger, Metrics, nestLogger, redact, withRequestId, currentRequestId } from './index';
import type { LogLevel } from './index';

function recordingLogger(level: LogLevel = 'debug') {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger('recorder', level, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { logger, lines };
}

describe('the logger', () => {
  it('writes a line of JSON with the service, the fields and the message', () => {
    const { logger, lines } = recordingLogger();
    logger.info({ task: 'cpu', offset: 7n }, 'snapshot written');
    expect(lines[0]).toMatchObject({
      level: 30,
      service: 'recorder',
      task: 'cpu',
      offset: '7',
      msg: 'snapshot written',
    });
  });

  it('changes the level of loggers that were derived from it before', () => {
    const { logger, lines } = recordingLogger('error');
    const child = logger.child({ task: 'cpu' });
    child.info('not heard');
    expect(logger.setLevel('DEBUG')).toBe(true);
    child.debug('heard');
    expect(lines.map((line) => line['msg'])).toEqual(['heard']);
    expect(lines[0]).toMatchObject({ task: 'cpu' });
  });

  it('says nothing when it is off, and refuses a word that is no level', () => {
    const { logger, lines } = recordingLogger('off');
    logger.error('not heard');
    expect(logger.setLevel('loud')).toBe(false);
    expect(logger.level).toBe('off');
    expect(lines).toEqual([]);
  });

  it('carries the id of the request through everything that the request starts', async () => {
    const { logger, lines } = recordingLogger();
    await withRequestId('r-1', async () => {
      await Promise.resolve();
      expect(currentRequestId()).toBe('r-1');
      logger.info('inside');
    });
    logger.info('outside');
    expect(lines.map((line) => line['requestId'])).toEqual(['r-1', undefined]);
  });

  it('hides secrets in fields, messages and errors', () => {
    const { logger, lines } = recordingLogger();
    const url = 'postgresql://me:hunter2@db/x';
    logger
      .child({ url })
      .error(
        { err: new Error(`cannot reach ${url}`), headers: { Authorization: 'Bearer hunter2hunter2' } },
        `lost ${url}`,
      );
    const line = JSON.stringify(lines[0]);
    expect(line).not.toContain('hunter2');
    expect(line).toContain('db/x');
    expect(lines[0]).toMatchObject({ err: { type: 'Error' }, headers: { Authorization: '[hidden]' } });
  });
});

describe('redact', () => {
  it.each([
    ['http://u:p@host:8086/query?db=x', 'http://[hidden]@host:8086/query?db=x'],
    ['redis://:pw@127.0.0.1:1', 'redis://[hidden]@127.0.0.1:1'],
    ['GET /write?u=me&p=pw&db=x', 'GET /write?u=me&p=[hidden]&db=x'],
    ['header Basic dXNlcjpwYXNz', 'header Basic [hidden]'],
    ['at 12:30@noon, see http://host/a:b', 'at 12:30@noon, see http://host/a:b'],
  ])('turns %s into %s', (text, safe) => {
    expect(redact(text)).toBe(safe);
  });

  it('hides values under the names of secrets at any depth, and keeps what is not set', () => {
    expect(redact({ a: [{ password: 'x', 'service-key': 'k', token: '', user: 'u' }] })).toEqual({
      a: [{ password: '[hidden]', 'service-key': '[hidden]', token: '', user: 'u' }],
    });
  });

  it('ends at structures that hold themselves', () => {
    const loop: Record<string, unknown> = { name: 'loop' };
    loop['self'] = loop;
    expect(JSON.stringify(redact(loop))).toContain('…');
  });
});

describe("Nest's logger", () => {
  it('passes the context on and keeps the chatter of the start at debug', () => {
    const { logger, lines } = recordingLogger();
    const nest = nestLogger(logger);
    nest.log('Nest application successfully started', 'NestApplication');
    nest.error('boom', 'stack', 'ExceptionsHandler');
    expect(lines).toMatchObject([
      { level: 20, context: 'NestApplication' },
      { level: 50, context: 'ExceptionsHandler', msg: 'boom' },
    ]);
  });
});

describe('metrics', () => {
  it('counts by label and puts what exceeds the bound under one series', async () => {
    const metrics = new Metrics('recorder', 2);
    const counter = metrics.counter('points_total', 'Points.', ['db']);
    for (const db of ['a', 'b', 'c', 'd', 'a']) counter.add(1, { db });
    const text = await metrics.text();
    expect(text).toContain('points_total{db="a",service="recorder"} 2');
    expect(text).toContain('points_total{db="other",service="recorder"} 2');
    expect(text).not.toContain('db="c"');
  });

  it('makes room when a series is removed', async () => {
    const metrics = new Metrics('recorder', 1);
    const gauge = metrics.gauge('lag', 'Lag.', ['task']);
    gauge.set(1, { task: 'a' });
    gauge.remove({ task: 'a' });
    gauge.set(2, { task: 'b' });
    const text = await metrics.text();
    expect(text).toContain('task="b"');
    expect(text).not.toContain('task="a"');
  });

  it('reads a gauge when it is asked', async () => {
    const metrics = new Metrics('recorder');
    let depth = 1;
    metrics.gaugeOf('depth', 'Depth.', () => depth);
    depth = 5;
    expect(await metrics.text()).toContain('depth{service="recorder"} 5');
  });
});
