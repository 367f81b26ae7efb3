import { formatTime, parseTime } from '@supercap/data-model';
import { compileScript, createCatalog } from '@supercap/pipeline';
import { describe, expect, it } from 'vitest';
import { nodeDefinitions } from '../index';
import { batchQueriesOf } from './batch-query';
import { Schedule } from './schedule';

const catalog = createCatalog(nodeDefinitions);
const queriesOf = (script: string) => batchQueriesOf(compileScript({ script, dialect: 'v1', catalog }).pipeline);
const time = (text: string) => parseTime(`2017-07-14T${text}Z`)!;

function ticks(
  options: { every?: bigint; cron?: string; align?: boolean; offset?: bigint },
  start: string,
  stop: string,
  now = '23:59:59',
): string[] {
  const schedule = Schedule.of({ every: 0n, cron: '', align: false, offset: 0n, ...options });
  return [...schedule.between(time(start), time(stop), time(now))].map((tick) => formatTime(tick).slice(11, -1));
}

describe('the schedule of a query', () => {
  it('steps by every from the start, up to the stop', () => {
    expect(ticks({ every: 20_000_000_000n }, '02:40:05', '02:41:05')).toEqual(['02:40:25', '02:40:45', '02:41:05']);
  });

  it('is aligned to multiples of every', () => {
    expect(ticks({ every: 60_000_000_000n, align: true }, '02:40:05', '02:42:30')).toEqual(['02:41:00', '02:42:00']);
  });

  it('follows a cron expression', () => {
    expect(ticks({ cron: '*/2 * * * *' }, '02:40:00', '02:45:00')).toEqual(['02:42:00', '02:44:00']);
    expect(ticks({ cron: '*/2 * * * * 2018' }, '02:40:00', '02:45:00')).toEqual([]);
    expect(ticks({ cron: '30 */2 * * * * 2017' }, '02:40:00', '02:43:00')).toEqual(['02:40:30', '02:42:30']);
    expect(ticks({ cron: '@hourly' }, '02:40:00', '04:00:00')).toHaveLength(2);
  });

  it('ends before a range that is in the future', () => {
    expect(ticks({ every: 60_000_000_000n }, '02:40:00', '02:45:00', '02:42:30')).toEqual(['02:41:00', '02:42:00']);
    expect(ticks({ every: 60_000_000_000n, offset: 60_000_000_000n }, '02:40:00', '02:45:00', '02:42:30')).toHaveLength(
      3,
    );
  });
});

describe('the text of a query', () => {
  const textAt = (properties: string, at: string) => {
    const { query } = queriesOf(`batch|query('SELECT mean(v) FROM d.r.m').every(1m)${properties}`)[0]!;
    return query.textFor(query.rangeAt(time(at)));
  };

  it('asks for the period before the run, shifted by the offset', () => {
    expect(textAt('.period(10s).offset(1m)', '02:40:00')).toBe(
      `SELECT mean(v) FROM d.r.m WHERE time >= '2017-07-14T02:38:50Z' AND time < '2017-07-14T02:39:00Z'`,
    );
  });

  it('groups and fills as the properties say', () => {
    expect(textAt(`.period(10s).groupBy('host', time(2s), *).fill(1.5)`, '02:40:00')).toBe(
      `SELECT mean(v) FROM d.r.m WHERE time >= '2017-07-14T02:39:50Z' AND time < '2017-07-14T02:40:00Z' GROUP BY host, time(2s, 0s), * fill(1.5)`,
    );
    expect(textAt(`.period(10s).groupBy(3s).fill('null')`, '02:40:00')).toMatch(/ GROUP BY time\(3s, 0s\)$/);
  });

  it('aligns the groups of time with the range', () => {
    expect(textAt(`.period(10s).groupBy(time(4s, 1s)).alignGroup()`, '02:40:01')).toMatch(/ GROUP BY time\(4s, 3s\)$/);
  });
});

it('lists the queries of a task as its graph does, the last one first', () => {
  const queries = queriesOf(`
    var a = batch|query('SELECT a FROM d.r.m').every(1m)
    var b = batch|query('SELECT b FROM d.r.m').every(1m)
    var c = batch|query('SELECT c FROM d.r.m').every(1m)
  `);
  expect(queries.map(({ query, child }) => [query.textFor(query.rangeAt(0n))[7], child])).toEqual([
    ['c', 2],
    ['b', 1],
    ['a', 0],
  ]);
});
