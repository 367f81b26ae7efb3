import { alertHandler } from '@supercap/alert-handlers';
import type { registry } from '@supercap/protocol';
import type { StoredHandler } from '@supercap/storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { HandlerService, type HandlerStore } from './handler-service';

class FakeHandlers implements HandlerStore {
  readonly rows: StoredHandler[] = [];
  readonly told: string[] = [];

  async handlers(topic: string) {
    return this.rows.filter((row) => row.topic === topic);
  }
  async handler(topic: string, id: string) {
    return this.rows.find((row) => row.topic === topic && row.id === id);
  }
  async addHandler(handler: StoredHandler) {
    this.rows.push(handler);
    return true;
  }
  async replaceHandler(id: string, handler: StoredHandler) {
    if (handler.id !== id && (await this.handler(handler.topic, handler.id))) return 'taken';
    const place = this.rows.findIndex((row) => row.topic === handler.topic && row.id === id);
    if (place < 0) return false;
    this.rows[place] = handler;
    return true;
  }
  async deleteHandler(topic: string, id: string) {
    const place = this.rows.findIndex((row) => row.topic === topic && row.id === id);
    if (place < 0) return false;
    this.rows.splice(place, 1);
    return true;
  }
  async notify(channel: string, payload: string) {
    this.told.push(`${channel} ${payload}`);
  }
}

let store: FakeHandlers;
let service: HandlerService;
beforeEach(() => {
  store = new FakeHandlers();
  service = new HandlerService(store, alertHandler, { hasEndpoint: () => false });
});

const handler = (more: Partial<registry.Handler> = {}): registry.Handler => ({
  topic: 't',
  id: 'h',
  kind: 'log',
  optionsJson: '{"path":"/tmp/a","mode":420}',
  match: '',
  ...more,
});
const patch = (...operations: object[]) =>
  service.patch({ topic: 't', id: 'h', patchJson: JSON.stringify(operations) });

describe('handlers of topics', () => {
  it('are created, told about and shown with their options in order', async () => {
    expect(await service.create(handler())).toMatchObject({ id: 'h', optionsJson: '{"mode":420,"path":"/tmp/a"}' });
    expect(store.told).toEqual(['supercap_topics t']);
    expect(await service.list({ topic: 't', pattern: 'h*' })).toHaveLength(1);
    expect(await service.list({ topic: 'u', pattern: '' })).toEqual([]);
    await expect(service.list({ topic: 't', pattern: '[' })).rejects.toThrow(
      'invalid pattern: syntax error in pattern',
    );
  });

  it.each<[Partial<registry.Handler>, number, string]>([
    [
      { id: 'h 2' },
      400,
      `invalid handler spec: handler ID must contain only letters, numbers, '-', '.' and '_'. "h 2"`,
    ],
    [{ kind: '' }, 400, 'invalid handler spec: handler Kind must not be empty'],
    [{}, 500, 'failed to create handler: cannot register handler, handler with ID "h" already exists'],
    [{ id: 'i', kind: 'nope' }, 500, 'failed to create handler: unsupported action kind "nope"'],
    [
      { id: 'i', optionsJson: '{"path":"rel"}' },
      500,
      'failed to create handler: log path must be absolute: rel is not absolute',
    ],
    [{ id: 'i', match: 'foo == 1' }, 500, 'failed to create handler: unknown identifier "foo"'],
  ])('are refused: %j', async (more, status, message) => {
    await service.create(handler());
    await expect(service.create(handler(more))).rejects.toMatchObject({ status, message });
    expect(store.rows).toHaveLength(1);
  });

  it('are replaced, also under another id', async () => {
    await service.create(handler());
    const spec = handler({ id: 'i', topic: '', match: 'changed() == TRUE' });
    expect(await service.replace({ topic: 't', id: 'h', spec })).toMatchObject({ topic: 't', id: 'i' });
    await expect(service.get({ topic: 't', id: 'h' })).rejects.toMatchObject({
      status: 404,
      message: 'unknown handler: "h"',
    });
    await expect(service.replace({ topic: 't', id: 'h', spec })).rejects.toMatchObject({ status: 404 });
  });

  it('are patched', async () => {
    await service.create(handler());
    expect(await patch({ op: 'replace', path: '/options/path', value: '/tmp/b' })).toMatchObject({
      optionsJson: '{"mode":420,"path":"/tmp/b"}',
    });
    await expect(patch({ op: 'remove', path: '/nope' })).rejects.toMatchObject({
      status: 400,
      message: 'failed to apply patch: Unable to remove nonexistent key: nope',
    });
    await expect(patch({ op: 'replace', path: '/topic', value: 'u' })).rejects.toMatchObject({
      status: 500,
      message: 'failed to update handler: cannot change topic in update',
    });
    await expect(patch({ op: 'remove', path: '/kind' })).rejects.toThrow(
      'invalid handler spec: handler Kind must not be empty',
    );
    await expect(service.patch({ topic: 't', id: 'h', patchJson: '{' })).rejects.toThrow('invalid patch json: ');
    await expect(service.patch({ topic: 't', id: 'no', patchJson: '{' })).rejects.toThrow('unknown handler: "no"');
  });

  it('are deleted, and missing ones are not missed', async () => {
    await service.create(handler());
    await service.delete({ topic: 't', id: 'h' });
    await service.delete({ topic: 't', id: 'h' });
    expect(store.told).toHaveLength(2);
  });
});
