import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Layout, type Message, nilGroup, Point, SECOND, Tags } from '@supercap/data-model';
import { FakePorts, ManualClock } from '@supercap/dataflow/testing';
import type { NodeDefinition, Receiver } from '@supercap/pipeline';
import { startScript } from '../testing';
import { union } from '../union/union.node';
import { join } from './join.node';

const layout = Layout.of(['v']);
const pointAt = (seconds: number, name = 'm') =>
  new Point(name, 'db', 'rp', nilGroup, Tags.none, layout, [seconds], BigInt(seconds) * SECOND);

/** A node of two parents by itself, with a limit on what it may hold back. */
async function alone(definition: NodeDefinition, properties: Record<string, unknown>, heldBackLimit: number) {
  const options = {
    ...Object.fromEntries(Object.entries(definition.properties).map(([name, { initial }]) => [name, initial])),
    nodes: [{ kind: 'node', id: 1 }],
    ...properties,
  } as never;
  const output: Message[] = [];
  const errors: string[] = [];
  let dropped = 0;
  const receiver = (await definition.runtime!.create({
    options,
    shared: definition.shared?.(options) as never,
    task: { id: 't', type: 'stream', dbrps: [], master: 'main' },
    nodeName: 'n1',
    out: { send: (message) => output.push(message), sendFirst: (message) => output.push(message) },
    clock: new ManualClock(),
    ports: new FakePorts(),
    report: (_message, cause) => errors.push(cause),
    log: () => undefined,
    counter: () => ({
      add: (count = 1) => {
        dropped += count;
      },
    }),
    fail: (cause) => {
      throw new Error(cause);
    },
    parents: ['a', 'b'],
    hasChildren: true,
    deleteGroup: () => undefined,
    heldBackLimit,
  })) as Receiver<unknown>;
  const state = definition.state?.(options);
  return {
    output,
    errors,
    send: (point: Point, parent: number) => receiver.point!(point, state, parent),
    finish: () => receiver.finish!([[nilGroup, state]]),
    dropped: () => dropped,
  };
}

describe('a parent that stays silent', () => {
  it('makes join drop the oldest of what waits, and say so', async () => {
    const node = await alone(join, { as: ['x', 'y'], fill: 'null' }, 3);
    for (let i = 0; i < 10; i++) node.send(pointAt(i), 0);
    expect(node.dropped()).toBe(7);
    expect(node.errors).toHaveLength(7);
    node.finish();
    expect(node.output.map((message) => (message as Point).time / SECOND)).toEqual([7n, 8n, 9n]);
  });

  it('makes union drop the oldest of what waits, and say so', async () => {
    const node = await alone(union, {}, 3);
    for (let i = 0; i < 10; i++) node.send(pointAt(i), 1);
    expect(node.dropped()).toBe(7);
    expect(node.errors).toHaveLength(7);
    node.finish();
    expect(node.output.map((message) => (message as Point).time / SECOND)).toEqual([7n, 8n, 9n]);
  });

  it('costs the others no more per point however much waits', async () => {
    const count = 60_000;
    for (const [definition, properties] of [
      [join, { as: ['x', 'y'] }],
      [union, {}],
    ] as const) {
      const node = await alone(definition, properties, 1_000_000);
      for (let i = 0; i < count; i++) node.send(pointAt(i), 0);
      const before = performance.now();
      for (let i = 0; i < count; i++) node.send(pointAt(i), 1);
      // Moving up all that waits for each point would take many seconds.
      expect(performance.now() - before).toBeLessThan(2000);
      expect(node.output.length).toBeGreaterThanOrEqual(count - 1);
    }
  });
});

describe('how the messages of two parents fall', () => {
  /** Distinct times in order for each side, and for each message which side comes next. */
  const sides = fc.record({
    a: fc.uniqueArray(fc.nat(30), { maxLength: 12 }),
    b: fc.uniqueArray(fc.nat(30), { maxLength: 12 }),
    turns: fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }),
  });
  const linesOf = ({ a, b, turns }: { a: number[]; b: number[]; turns: boolean[] }) => {
    const left = [...a].sort((x, y) => x - y).map((time) => `a v=${time} ${time}`);
    const right = [...b].sort((x, y) => x - y).map((time) => `b v=${time} ${time}`);
    const lines: string[] = [];
    for (const turn of turns) {
      const next = (turn ? left.shift() : right.shift()) ?? left.shift() ?? right.shift();
      if (next !== undefined) lines.push(next);
    }
    return lines.join('\n');
  };
  const outputOf = async (script: string, lines: string) => {
    const run = await startScript(`
      var a = stream|from().measurement('a')
      var b = stream|from().measurement('b')
      a${script}
    `);
    if (lines !== '') run.write(lines);
    await run.run.dataflow.finish();
    return run.output === '' ? [] : run.output.split('\n');
  };

  it('does not change what join makes of them', async () => {
    await fc.assert(
      fc.asyncProperty(sides, async ({ a, b, turns }) => {
        const times = [...new Set([...a, ...b])].sort((x, y) => x - y);
        const expected = times.map((time) => {
          const name = a.includes(time) ? 'a' : 'b';
          return `${name} x.v=${a.includes(time) ? time : -1},y.v=${b.includes(time) ? time : -1} ${time}`;
        });
        expect(await outputOf("|join(b).as('x', 'y').fill(-1.0)", linesOf({ a, b, turns }))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('does not change the order that union brings them into', async () => {
    await fc.assert(
      fc.asyncProperty(sides, async ({ a, b, turns }) => {
        const expected = [...new Set([...a, ...b])]
          .sort((x, y) => x - y)
          .flatMap((time) => [
            ...(b.includes(time) ? [`b v=${time} ${time}`] : []),
            ...(a.includes(time) ? [`a v=${time} ${time}`] : []),
          ]);
        expect(await outputOf('|union(b)', linesOf({ a, b, turns }))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});
