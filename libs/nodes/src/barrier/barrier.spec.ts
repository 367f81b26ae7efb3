import { Barrier, DeleteGroup, Point, SECOND } from '@supercap/data-model';
import { describe, expect, it } from 'vitest';
import { runChain, type ScriptRun, startScript } from '../testing';

const start = 1_500_000_000;

/** What came out, barriers as `| time`, times in seconds since the clock's start. */
function trace({ run }: ScriptRun): string[] {
  return run.output.map((message) => {
    if (message instanceof Barrier) return `| ${seconds(message.time)}`;
    if (message instanceof DeleteGroup) return `delete ${message.group.id}`;
    return message instanceof Point ? `point ${seconds(message.time)}` : 'batch';
  });
}

const seconds = (time: bigint) => Number(time - BigInt(start) * SECOND) / 1e9;
const point = (at: number, host = 'a') => `m,host=${host} v=1 ${start + at}`;

describe('barrier when idle', () => {
  it('follows the time of the last point, again and again', async () => {
    const started = await runChain('|barrier().idle(5s)', point(100));
    started.run.clock.advance(10n * SECOND);
    expect(trace(started)).toEqual(['point 100', '| 105', '| 110']);
  });

  it('waits anew with every point', async () => {
    const started = await runChain('|barrier().idle(5s)', point(0));
    started.run.clock.advance(4n * SECOND);
    started.write(point(1));
    started.run.clock.advance(4n * SECOND);
    expect(trace(started)).toEqual(['point 0', 'point 1']);
    started.run.clock.advance(1n * SECOND);
    expect(trace(started)).toEqual(['point 0', 'point 1', '| 6']);
  });

  it('drops what comes too late for its barrier', async () => {
    const started = await runChain('|barrier().idle(5s)', point(10));
    started.run.clock.advance(5n * SECOND);
    started.write(`${point(14)}\n${point(15)}`);
    expect(trace(started)).toEqual(['point 10', '| 15', 'point 15']);
  });
});

describe('barrier after a restart', () => {
  it('waits anew, and still knows what is too late', async () => {
    const script = 'stream|from()|barrier().idle(5s)';
    const before = await startScript(script);
    before.write(point(10));
    before.run.clock.advance(5n * SECOND);
    const after = await startScript(script, { snapshot: await before.run.dataflow.snapshot() });
    after.write(point(14));
    after.run.clock.advance(5n * SECOND);
    expect(trace(after)).toEqual(['| 20']);
  });
});

describe('barrier by period', () => {
  it('tells the wall time to each group', async () => {
    const started = await runChain(`|groupBy('host')|barrier().period(5s)`, point(0));
    started.run.clock.advance(2n * SECOND);
    started.write(point(0, 'b'));
    started.run.clock.advance(8n * SECOND);
    expect(trace(started)).toEqual(['point 0', 'point 0', '| 5', '| 7', '| 10']);
  });

  it('forgets the group after its barrier when told to, until it has a point again', async () => {
    const started = await runChain(`|groupBy('host')|barrier().period(5s).delete(TRUE)`, point(0));
    started.run.clock.advance(20n * SECOND);
    started.write(point(1));
    expect(trace(started)).toEqual(['point 0', '| 5', 'delete host=a', 'point 1']);
  });
});

describe('validation of a barrier', () => {
  it.each([
    ['.idle(1s).period(1s)', 'cannot specify both idle and period'],
    ['', 'idle must be greater than zero'],
    ['.period(-1s)', 'period must be greater than zero'],
  ])('refuses |barrier()%s', async (properties, message) => {
    await expect(runChain(`|barrier()${properties}`, '')).rejects.toThrow(message);
  });
});
