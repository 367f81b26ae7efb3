import { DeleteGroup, Dimensions, Layout, Point, Tags, nilGroup } from '@supercap/data-model';
import { defineNode, type NodeDefinition, type Pipeline } from '@supercap/pipeline';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from './dataflow';
import { startPipeline } from './testing';

const layout = Layout.of(['v']);
const byHost = Dimensions.of(['host']);

function point(host: string, value: number, time = 0n): Point {
  const tags = Tags.from({ host });
  return new Point('m', 'db', 'rp', tags.groupFor(byHost, 'm'), tags, layout, [value], time);
}

/** Adds the running sum of its group. */
const running = defineNode({
  name: 'running',
  goType: '',
  summary: '',
  edge: { wants: 'any', provides: 'same' },
  args: {},
  properties: {},
  state: () => ({ sum: 0 }),
  runtime: {
    kind: 'receiver',
    create: (context) => ({
      point(p: Point, state: { sum: number }) {
        const value = p.values[0];
        if (value === 13) context.fail('thirteen');
        if (typeof value !== 'number') {
          context.report('not a number', 'wrong type');
          return undefined;
        }
        state.sum += value;
        return p.withField('sum', state.sum);
      },
    }),
  },
});

/** Adds the running sum of all groups. */
const total = defineNode({
  name: 'total',
  goType: '',
  summary: '',
  edge: { wants: 'any', provides: 'same' },
  args: {},
  properties: {},
  shared: () => ({ sum: 0 }),
  runtime: {
    kind: 'receiver',
    create: (context) => ({
      point: (p: Point) => p.withField('sum', (context.shared.sum += Number(p.values[0]))),
    }),
  },
});

const slow = defineNode({
  name: 'slow',
  goType: '',
  summary: '',
  edge: { wants: 'any', provides: 'same' },
  args: {},
  properties: {},
  runtime: {
    kind: 'waiting',
    create: () => ({
      async point(p: Point) {
        await new Promise((resolve) => setTimeout(resolve, p.values[0] === 1 ? 10 : 0));
        return p;
      },
    }),
  },
});

function chain(...kinds: string[]): Pipeline {
  return {
    version: 1,
    type: 'stream',
    nodes: ['stream', ...kinds].map((kind, id) => ({
      id,
      name: `${kind}${id}`,
      kind,
      parents: id === 0 ? [] : [id - 1],
      children: id === kinds.length ? [] : [id + 1],
      provides: 'stream' as const,
      quiet: false,
      options: {},
    })),
  };
}

const definitions: NodeDefinition[] = [running, slow, total];
const sums = (points: readonly unknown[]) => points.map((p) => (p as Point).field('sum'));

describe('dataflow', () => {
  it('hands each group its own state', async () => {
    const run = await startPipeline(chain('running'), definitions);
    for (const p of [point('a', 1), point('b', 10), point('a', 2), point('b', 20)]) run.dataflow.feed(p);
    expect(sums(run.data())).toEqual([1, 10, 3, 30]);
    expect(run.dataflow.nodeStats()['running1']).toMatchObject({ collected: 4, emitted: 4, working_cardinality: 2 });
  });

  it('goes on from a snapshot as if it had never stopped', async () => {
    const first = await startPipeline(chain('running'), definitions);
    first.dataflow.feed(point('a', 1));
    first.dataflow.feed(point('b', 5));
    const snapshot = await first.dataflow.snapshot();
    const second = await startPipeline(chain('running'), definitions, { snapshot });
    second.dataflow.feed(point('a', 2));
    expect(sums(second.data())).toEqual([3]);
    expect(second.dataflow.nodeStats()['running1']).toMatchObject({ collected: 3, working_cardinality: 2 });
  });

  it('brings back what a node keeps for all of its groups, too', async () => {
    const first = await startPipeline(chain('total'), definitions);
    first.dataflow.feed(point('a', 1));
    const second = await startPipeline(chain('total'), definitions, { snapshot: await first.dataflow.snapshot() });
    second.dataflow.feed(point('b', 2));
    expect(sums(second.data())).toEqual([3]);
  });

  it('counts what cannot be evaluated, logs it, and goes on', async () => {
    const run = await startPipeline(chain('running'), definitions);
    run.dataflow.feed(new Point('m', 'db', 'rp', nilGroup, Tags.none, layout, ['text'], 0n));
    run.dataflow.feed(point('a', 4));
    expect(run.dataflow.nodeStats()['running1']).toMatchObject({ errors: 1 });
    expect(run.log).toMatchObject([
      { level: 'error', message: 'not a number', fields: { node: 'running1', err: 'wrong type' } },
    ]);
    expect(sums(run.data())).toEqual([4]);
  });

  it('stops the whole task when a node fails for good', async () => {
    const run = await startPipeline(chain('running'), definitions);
    run.dataflow.feed(point('a', 13));
    run.dataflow.feed(point('a', 1));
    expect(run.failure.error?.message).toBe('running1: thirteen');
    expect(run.data()).toEqual([]);
  });

  it('keeps the order behind a node that waits, and drains it at the end', async () => {
    const run = await startPipeline(chain('slow', 'running'), definitions);
    for (let value = 1; value <= 5; value++) run.dataflow.feed(point('a', value));
    expect(run.dataflow.idle).toBe(false);
    await run.dataflow.finish();
    expect(sums(run.data())).toEqual([1, 3, 6, 10, 15]);
  });

  it('forgets a deleted group and passes only deletions of groups it knew', async () => {
    const run = await startPipeline(chain('running'), definitions);
    const p = point('a', 1);
    run.dataflow.feed(p);
    run.dataflow.feed(new DeleteGroup(p.group) as never);
    run.dataflow.feed(new DeleteGroup(point('zz', 1).group) as never);
    run.dataflow.feed(p);
    expect(sums(run.data())).toEqual([1, 1]);
    expect(run.output.filter((message) => message instanceof DeleteGroup)).toHaveLength(1);
  });

  it('drops messages of new groups beyond the limit and counts them', async () => {
    const run = await startPipeline(chain('running'), definitions, { limits: { ...defaultLimits, groups: 1 } });
    run.dataflow.feed(point('a', 1));
    run.dataflow.feed(point('b', 1));
    run.dataflow.feed(point('a', 1));
    expect(sums(run.data())).toEqual([1, 2]);
    expect(run.dataflow.nodeStats()['running1']).toMatchObject({ groups_rejected: 1 });
  });

  it('forgets groups that have been idle for longer than the expiry', async () => {
    const run = await startPipeline(chain('running'), definitions, {
      limits: { ...defaultLimits, groupExpiry: 1_000_000_000n },
    });
    run.dataflow.feed(point('a', 1));
    run.clock.advance(3_000_000_000n);
    expect(run.dataflow.nodeStats()['running1']).toMatchObject({ working_cardinality: 0 });
  });

  it('saves and restores 100,000 groups', async () => {
    const first = await startPipeline(chain('running'), definitions);
    for (let i = 0; i < 100_000; i++) first.dataflow.feed(point(`h${i}`, i + 0.5));
    const second = await startPipeline(chain('running'), definitions, { snapshot: await first.dataflow.snapshot() });
    second.dataflow.feed(point('h99999', 1));
    expect(sums(second.data())).toEqual([100_000.5]);
  });
});
