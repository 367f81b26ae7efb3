import { describe, expect, it } from 'vitest';
import { Batch, Layout, nilGroup, Point, Tags } from '@supercap/data-model';
import { FakePorts } from '@supercap/dataflow/testing';
import { StartError } from '@supercap/pipeline';
import { startScript } from '../testing';

const select = `'SELECT mean("v") FROM "db"."rp"."m"'`;

describe('query', () => {
  it.each([
    [
      `query('SELEC v FROM m').every(10s)`,
      'failed to parse InfluxQL query: found SELEC, expected SELECT, DELETE, SHOW, CREATE, DROP, GRANT, REVOKE, ALTER, SET, KILL at line 1, char 1',
    ],
    [
      `query('SELECT v FROM m; SELECT w FROM "a;b"').every(10s)`,
      'query must be a single select statement, got 2 statements',
    ],
    [`query('').every(10s)`, 'query must be a single select statement, got 0 statements'],
    [`query('DROP DATABASE d').every(10s)`, 'query is not a select statement "DROP DATABASE d"'],
    [`query(${select}).every(10s).groupBy(time(1s), 'h', 2s)`, 'groupBy cannot have more than one time dimension'],
    [`query(${select}).every(10s).groupBy(5)`, 'invalid dimension type:int64, must be string or time.Duration'],
    [`query(${select}).every(10s).fill('zero')`, 'unexpected fill option zero'],
    [`query(${select}).every(10s).cron('* * * * *')`, "must not set both 'every' and 'cron' properties"],
    [`query(${select})`, "must define one of 'every' or 'cron'"],
    [`query(${select}).cron('* *')`, 'missing field(s)'],
    [`query(${select}).cron('61 * * * *')`, 'syntax error in cron expression "61 * * * *"'],
    [
      `query('SELECT v FROM "db"."rp"."m", "db"."other"."m"').every(1m)`,
      'batch query is not allowed to request data from "db"."other"',
    ],
    [`query('SELECT v FROM m').every(1m)`, 'batch query is not allowed to request data from "".""'],
    [`query('SELECT v FROM (SELECT v FROM "db"."rp"."m")').every(1m)`, 'unknown query source *influxql.SubQuery'],
    [`queryFlux('from(bucket: "b")')`, "must define one of 'every' or 'cron'"],
  ])('%s is refused when the task starts', async (call, error) => {
    await expect(startScript(`batch|${call}|httpOut('o')`)).rejects.toThrow(error);
  });

  it('cannot be run with an InfluxDB', async () => {
    await expect(startScript(`batch|query(${select}).every(10s)`)).rejects.toThrow(
      'running batch tasks is not part of this version',
    );
  });

  it('passes on what a replay brings, from wherever it was recorded', async () => {
    const script = `batch|query('SELECT v FROM "d"."r"."m"').every(10s)|httpOut('o')`;
    const { run, output } = await startScript(script, { task: { master: 'some replay' } });
    expect(output).toBe('');
    const points = [new Point('m', '', '', nilGroup, Tags.none, Layout.of(['v']), [1], 1_000_000_000n)];
    run.dataflow.feedBatch(0, new Batch('m', nilGroup, 2_000_000_000n, points));
    expect(
      run.data().map((data) => (data instanceof Batch ? [data.name, data.time, data.points.length] : data)),
    ).toEqual([['m', 2_000_000_000n, 1]]);
  });

  it('starts without an InfluxDB and fails soon after', async () => {
    class WithoutInflux extends FakePorts {
      override readonly influx = {
        require: (): undefined => {
          throw new StartError('no InfluxDB cluster configured');
        },
        write: async () => undefined,
        query: async () => undefined,
      };
    }
    const run = await startScript(`batch|query(${select}).period(1m).every(10s)|httpOut('o')`, {
      ports: new WithoutInflux(),
    });
    expect(run.run.failure.error).toBeUndefined();
    run.run.clock.advance(100_000_000n);
    expect(run.run.failure.error?.message).toBe('InfluxDB not configured, cannot query InfluxDB for batch query');
  });
});
