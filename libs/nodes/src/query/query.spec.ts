import { describe, expect, it } from 'vitest';
import { FakePorts } from '@supercap/dataflow/testing';
import { StartError } from '@supercap/pipeline';
import { startScript } from '../testing';

const select = `'SELECT mean("v") FROM "d"."r"."m"'`;

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
    [`queryFlux('from(bucket: "b")')`, "must define one of 'every' or 'cron'"],
  ])('%s is refused when the task starts', async (call, error) => {
    await expect(startScript(`batch|${call}|httpOut('o')`)).rejects.toThrow(error);
  });

  it('starts without an InfluxDB and fails at once', async () => {
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
    run.run.clock.advance(1n);
    expect(run.run.failure.error?.message).toBe(
      'query1: InfluxDB not configured, cannot query InfluxDB for batch query',
    );
  });
});
