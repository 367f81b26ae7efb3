import { describe, expect, it } from 'vitest';
import { debugVars } from './debug-vars';
import type { Exchange } from './http/exchange';
import type { ExecutorService, Registry } from './services';

const registry = {
  summary: async () => ({ tasks: 2, enabledTasks: 1, clusterId: 'c', serverId: 's' }),
  listTopics: async () => ({ topics: [{ id: 't', level: 'OK', collected: 3n }] }),
} as unknown as Registry;
const figures = [{ name: 'nodes', tags: { task: 'a' }, values: { avg_exec_time_ns: 1500, errors: 0 } }];
const executors = { figures: async () => ({ figuresJson: JSON.stringify(figures) }) } as unknown as ExecutorService;

async function read(flat: boolean): Promise<{ text: string; facts: Record<string, unknown> }> {
  const { body } = await debugVars(registry, executors, '0', flat)({} as Exchange);
  const text = String(body);
  return { text, facts: JSON.parse(text) as Record<string, unknown> };
}

describe('/debug/vars', () => {
  it('gives a key and its value on every line, in order', async () => {
    const { text, facts } = await read(false);
    const lines = text.split('\n').slice(1, -2);
    expect(lines.map((line) => JSON.parse(`{${line.replace(/,$/, '')}}`) as object).flatMap(Object.keys)).toEqual(
      Object.keys(facts).sort(),
    );
    expect(facts).toMatchObject({ num_tasks: 2, num_enabled_tasks: 1, product: 'kapacitor', platform: 'OSS' });
  });

  it('gives figures below `kapacitor` with the server in their tags and durations as text', async () => {
    const { facts } = await read(false);
    expect(Object.values(facts['kapacitor'] as object)).toMatchObject([
      {
        name: 'nodes',
        tags: { task: 'a', cluster_id: 'c', server_id: 's' },
        values: { avg_exec_time_ns: '1.5µs', errors: 0 },
      },
      { name: 'topics', tags: { id: 't' }, values: { collected: 3 } },
    ]);
  });

  it('gives figures beside the facts in the API of 2016', async () => {
    const { facts } = await read(true);
    expect(facts['kapacitor']).toBeUndefined();
    expect(Object.values(facts)).toContainEqual({
      name: 'nodes',
      tags: { task: 'a' },
      values: { avg_exec_time_ns: 1500, errors: 0 },
    });
  });
});
