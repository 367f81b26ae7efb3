import { registry } from '@supercap/protocol';
import type { Logger } from '@supercap/telemetry';
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, grpcClient } from './grpc-client';
import { GrpcServer, unary } from './grpc-server';
import { HttpError } from './http-error';

const logged: string[] = [];
const log = { error: (_: unknown, message: string) => void logged.push(message) } as unknown as Logger;

let fault: Error = new Error('unset');
const server = new GrpcServer();
let client: registry.TaskRegistryClient;
const ask = () => call('task-registry', client.getTask.bind(client), { id: 'a' }, { deadlineMs: 5000 });

beforeAll(async () => {
  const getTask = unary<registry.TaskId, registry.Task>(log, () => Promise.reject(fault));
  server.add(registry.TaskRegistryService, { getTask } as UntypedServiceImplementation);
  client = grpcClient(registry.TaskRegistryClient, `127.0.0.1:${await server.listen('127.0.0.1:0')}`);
});

afterAll(async () => {
  client.close();
  await server.close();
});

describe('a call that is refused', () => {
  it('fails with the status and the text of the refusal', async () => {
    fault = new HttpError(404, 'unknown task é\n"x"');
    await expect(ask()).rejects.toEqual(fault);
    expect(logged).toEqual([]);
  });

  it('fails with the beginning of a text that is too long for a header', async () => {
    fault = new HttpError(500, 'é'.repeat(1_000_000));
    await expect(ask()).rejects.toMatchObject({ status: 500, message: `${'é'.repeat(8192)}…` });
  });
});

describe('a call that goes wrong', () => {
  it('fails with the name of the service, and is logged', async () => {
    fault = new TypeError('oops');
    await expect(ask()).rejects.toThrow('task-registry: oops');
    expect(logged).toEqual(['call failed']);
    fault = new Error('x'.repeat(1_000_000));
    await expect(ask()).rejects.toThrow(/^task-registry: x{16384}…$/);
  });

  it('fails without what the database client says of its queries', async () => {
    fault = Object.assign(new Error('Invalid `prisma.task.findMany()` invocation'), {
      name: 'PrismaClientKnownRequestError',
    });
    await expect(ask()).rejects.toThrow(/^task-registry: the database cannot be asked$/);
  });

  it('fails as unavailable when the service is away', async () => {
    const nobody = grpcClient(registry.TaskRegistryClient, '127.0.0.1:1');
    const asking = call(
      'task-registry',
      nobody.getTask.bind(nobody),
      { id: 'a' },
      { deadlineMs: 300, waitForReady: false },
    );
    await expect(asking).rejects.toMatchObject({ status: 503, message: 'task-registry cannot be reached' });
    nobody.close();
  });
});
