import { Layout, Point, Tags, nilGroup } from '@supercap/data-model';
import { parseLambda } from '@supercap/tickscript';
import { describe, expect, it } from 'vitest';
import { Router } from './router';
import type { RoutedBlock, RoutedEntry, SourceFilter, Subscriber } from './subscriber';

function block(name: string, rows: { host?: string; v?: number }[], fields = ['v']): RoutedBlock {
  const series = rows.map(({ host }) => ({ tags: Tags.from(host === undefined ? {} : { host }) }));
  return {
    name,
    layout: Layout.of(fields),
    count: rows.length,
    seriesAt: (row) => series[row]!,
    pointAt: (row) =>
      new Point(name, 'db', 'rp', nilGroup, series[row]!.tags, Layout.of(['v']), [rows[row]!.v ?? row], BigInt(row)),
  };
}

const entry = (blocks: RoutedBlock[], order?: number[]): RoutedEntry => ({ db: 'db', rp: 'rp', blocks, order });

const numbered = (first: number, count: number) => Array.from({ length: count }, (_, i) => ({ v: first + i }));

function subscriber(...filters: SourceFilter[]) {
  const seen: string[] = [];
  const counts = { skipped: 0 };
  const self: Subscriber = {
    number: 0,
    dbrps: [{ db: 'db', rp: 'rp' }],
    filters,
    feed: (point) => seen.push(`${point.name}:${point.tags.get('host') ?? '-'}:${String(point.values[0])}`),
    skip: (count) => {
      counts.skipped += count;
    },
  };
  return { self, seen, counts };
}

const where = (text: string) => parseLambda(text);

describe('router', () => {
  it('hands points to the tasks that ask for their measurement, or for any', () => {
    const router = new Router();
    const cpu = subscriber({ measurement: 'cpu' });
    const any = subscriber({});
    for (const { self } of [cpu, any]) router.add(self);
    router.dispatch(entry([block('cpu', [{ host: 'a', v: 1 }]), block('mem', [{ host: 'a', v: 2 }])], [0, 1]));
    expect(cpu.seen).toEqual(['cpu:a:1']);
    expect(any.seen).toEqual(['cpu:a:1', 'mem:a:2']);
  });

  it('lets a point in twice where one source names its measurement and another none', () => {
    const router = new Router();
    const task = subscriber({ measurement: 'cpu' }, {});
    router.add(task.self);
    router.dispatch(entry([block('cpu', [{ v: 1 }]), block('mem', [{ v: 2 }])], [0, 1]));
    expect(task.seen).toEqual(['cpu:-:1', 'cpu:-:1', 'mem:-:2']);
  });

  it('keeps the order of points across measurements', () => {
    const router = new Router();
    const task = subscriber({});
    router.add(task.self);
    router.dispatch(entry([block('a', [{ v: 1 }, { v: 3 }]), block('b', [{ v: 2 }, { v: 4 }])], [0, 1, 1, 0]));
    expect(task.seen).toEqual(['a:-:1', 'b:-:2', 'b:-:4', 'a:-:3']);
  });

  it('finds tasks that watch one value of a tag by the value, and counts what they were spared', () => {
    const router = new Router();
    const a = subscriber({ measurement: 'cpu', where: where(`"host" == 'a' AND "v" > 0.0`) });
    router.add(a.self);
    router.dispatch(entry([block('cpu', [{ host: 'a' }, { host: 'b' }, { host: 'c' }])]));
    router.settle(a.self);
    expect(a.seen).toEqual(['cpu:a:0']);
    expect(a.counts.skipped).toBe(2);
    router.settle(a.self);
    expect(a.counts.skipped).toBe(2);
  });

  it('tells tasks whose whole condition is the value of the tag that it holds', () => {
    const router = new Router();
    const selected: string[] = [];
    const tasks = [`"host" == 'a'`, `"host" == 'a' AND "v" > 0.0`].map((text) => {
      const task = subscriber({ measurement: 'cpu', where: where(text) });
      task.self.selected = { number: 0, feed: (point) => selected.push(`${text}:${String(point.values[0])}`) };
      router.add(task.self);
      return task;
    });
    // Where the tag is missing or hidden by a field, the task looks for itself.
    const rows = [{ host: 'a', v: 7 }, { host: 'b' }, {}];
    router.dispatch(entry([block('cpu', rows), block('cpu', [{ host: 'a', v: 8 }], ['host', 'v'])], [0, 0, 0, 1]));
    for (const { self } of tasks) router.settle(self);
    expect(selected).toEqual([`"host" == 'a':7`]);
    expect(tasks.map(({ seen }) => seen)).toEqual([
      ['cpu:-:2', 'cpu:a:8'],
      ['cpu:a:7', 'cpu:-:2', 'cpu:a:8'],
    ]);
    // What was selected counts only now.
    expect(tasks.map(({ counts }) => counts.skipped)).toEqual([2, 1]);
  });

  it('hands over points without the tag, and those with a field of its name: their tasks must count the error', () => {
    const router = new Router();
    const a = subscriber({ measurement: 'cpu', where: where(`"host" == 'a'`) });
    router.add(a.self);
    router.dispatch(
      entry([block('cpu', [{}, { host: 'b' }]), block('cpu', [{ host: 'b' }], ['host', 'v'])], [0, 0, 1]),
    );
    expect(a.seen).toEqual(['cpu:-:0', 'cpu:b:0']);
  });

  it('hands a point to the tasks behind one that leaves on it', () => {
    const router = new Router();
    const leaving = subscriber({});
    const behind = subscriber({});
    const failing: Subscriber = { ...leaving.self, feed: () => router.remove(failing) };
    router.add(failing);
    router.add(behind.self);
    router.dispatch(entry([block('cpu', [{ v: 1 }, { v: 2 }])]));
    expect(behind.seen).toEqual(['cpu:-:1', 'cpu:-:2']);
  });

  it('counts nothing for a task that was not there yet, nor after it left', () => {
    const router = new Router();
    const first = subscriber({ measurement: 'cpu' });
    const late = subscriber({ measurement: 'cpu', where: where(`"host" == 'zz'`) });
    router.add(first.self);
    router.dispatch(entry([block('cpu', [{ host: 'a' }])]));
    router.add(late.self);
    router.dispatch(entry([block('cpu', [{ host: 'a' }])]));
    router.remove(late.self);
    router.dispatch(entry([block('cpu', [{ host: 'a' }])]));
    expect(late.counts.skipped).toBe(1);
    expect(first.seen).toHaveLength(3);
  });

  it.each([undefined, [0, 1, 1, 0, 0, 1, 0]])('hands out the same in steps of any length (order: %j)', (order) => {
    const mixed = entry([block('a', numbered(0, 4)), block('b', numbered(10, 3))], order);
    const whole = subscriber({});
    const router = new Router();
    router.add(whole.self);
    router.dispatch(mixed);
    expect(whole.seen).toHaveLength(7);
    for (const rows of [1, 2, 3, 5, 7, 8]) {
      const inSteps = subscriber({});
      const other = new Router();
      other.add(inSteps.self);
      const pass = other.pass(mixed);
      const seenAfter: number[] = [];
      while (pass?.step(rows)) seenAfter.push(inSteps.seen.length);
      expect(inSteps.seen).toEqual(whole.seen);
      expect(seenAfter).toEqual(seenAfter.map((_, i) => (i + 1) * rows));
    }
  });
});
