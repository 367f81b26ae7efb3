import type { AlertHandler, Outcome } from '@supercap/alerting';
import { describe, expect, it } from 'vitest';
import { exec } from './exec.handler';
import { log } from './log.handler';
import { tcp } from './tcp.handler';
import { anEvent, EVENT_JSON, FakeServices } from './testing/services';

const configuration = { hasEndpoint: () => false };

async function send(handler: AlertHandler, services: FakeServices, options: object): Promise<Outcome> {
  const outcomes = await handler.createSender(options, services).send([anEvent()], new AbortController().signal);
  return outcomes[0]!;
}

describe('log', () => {
  it('appends one line per event', async () => {
    const services = new FakeServices();
    expect(await send(log, services, { path: '/var/log/alerts' })).toEqual({ kind: 'delivered' });
    expect(services.appended).toEqual([{ path: '/var/log/alerts', text: EVENT_JSON, mode: 0o600 }]);
  });

  it('tries again where it could not write', async () => {
    const services = new FakeServices();
    services.failure = new Error('ENOSPC');
    expect(await send(log, services, { path: '/x' })).toMatchObject({ kind: 'failed', error: { retry: 'later' } });
  });

  it('needs an absolute path, and a mode that lets the owner write', () => {
    expect(() => log.check({ path: 'rel' }, configuration)).toThrow('log path must be absolute: rel is not absolute');
    expect(() => log.check({ path: '/x', mode: 292 }, configuration)).toThrow(
      'log mode must let the owner write: 0444 does not',
    );
    log.check({ path: '/x', mode: 420 }, configuration);
  });

  it('says where the handler is when the task starts', () => {
    expect(() => log.checkAtStart({ path: 'rel' }, configuration)).toThrow(
      'failed to create log alert handler: log path must be absolute: rel is not absolute',
    );
  });
});

describe('exec', () => {
  it('runs the program with the alert data as its input', async () => {
    const services = new FakeServices();
    expect(await send(exec, services, { prog: '/bin/x', args: ['-a', 'b'] })).toEqual({ kind: 'delivered' });
    expect(services.runs).toEqual([{ program: '/bin/x', args: ['-a', 'b'], input: EVENT_JSON }]);
  });

  it('does not run a program again that failed', async () => {
    const services = new FakeServices();
    services.exitCode = 3;
    expect(await send(exec, services, { prog: '/bin/x' })).toMatchObject({
      kind: 'failed',
      error: {
        retry: 'never',
        message: 'error running alert command: exit status 3',
        fields: { output: 'its output' },
      },
    });
  });
});

describe('tcp', () => {
  it('writes the alert data and an empty line', async () => {
    const services = new FakeServices();
    expect(await send(tcp, services, { address: 'localhost:9' })).toEqual({ kind: 'delivered' });
    expect(services.sent).toEqual([{ address: 'localhost:9', text: `${EVENT_JSON}\n` }]);
  });

  it('tries again where it cannot connect', async () => {
    const services = new FakeServices();
    services.failure = new Error('ECONNREFUSED');
    expect(await send(tcp, services, { address: 'localhost:9' })).toMatchObject({
      kind: 'failed',
      error: { retry: 'later' },
    });
  });
});
