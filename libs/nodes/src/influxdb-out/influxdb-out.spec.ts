import { describe, expect, it } from 'vitest';
import { SECOND } from '@supercap/data-model';
import { FakePorts } from '@supercap/dataflow/testing';
import { StartError, type InfluxWrite } from '@supercap/pipeline';
import { startScript } from '../testing';

/** Ports whose writes can be refused or held. */
class InfluxPorts extends FakePorts {
  readonly queries: string[] = [];
  answer: (write: InfluxWrite) => Promise<void> = async () => undefined;
  missing = false;
  override readonly influx = {
    require: (cluster = ''): undefined => {
      if (this.missing) throw new StartError(`failed to get InfluxDB client: no such InfluxDB config ${cluster}`);
      return undefined;
    },
    write: async (write: InfluxWrite) => {
      this.writes.push(write);
      await this.answer(write);
    },
    query: async (_cluster = '', query = '') => {
      this.queries.push(query);
    },
  };
}

const start = async (chain: string, ports = new InfluxPorts()) => ({
  ports,
  run: await startScript(`stream|from()${chain}`, { ports }),
});
const settled = () => new Promise((resolve) => setImmediate(resolve));
const outStats = ({ run }: Awaited<ReturnType<typeof start>>['run']) =>
  Object.entries(run.dataflow.nodeStats()).find(([name]) => name.startsWith('influxdb_out'))![1];

describe('influxDBOut', () => {
  it('writes when it has collected enough points, to the database of the point unless told otherwise', async () => {
    const { run, ports } = await start('|influxDBOut().buffer(2)');
    run.write('m,h=a v=1 0');
    await settled();
    expect(ports.writes).toEqual([]);
    run.write('m,h=a v=2i,s="x" 1');
    await settled();
    expect(ports.writes).toEqual([
      {
        cluster: '',
        db: 'db',
        rp: 'rp',
        precision: '',
        consistency: '',
        body: 'm,h=a v=1 0\nm,h=a s="x",v=2i 1000000000\n',
      },
    ]);
    expect(outStats(run)).toMatchObject({ points_written: 2, write_errors: 0 });
  });

  it('writes at every interval and when the task stops', async () => {
    const { run, ports } = await start("|influxDBOut().database('d').retentionPolicy('r').flushInterval(1s)");
    run.write('m v=1 0');
    run.run.clock.advance(SECOND);
    await settled();
    expect(ports.writes.map(({ body }) => body)).toEqual(['m v=1 0\n']);
    run.write('m v=2 0');
    await run.run.dataflow.finish();
    expect(ports.writes.map(({ body }) => body)).toEqual(['m v=1 0\n', 'm v=2 0\n']);
  });

  it.each([
    ['ns', '3725123000000'],
    ['us', '3725123000000'],
    ['ms', '3725123'],
    ['s', '3725'],
    ['m', '62'],
    ['h', '1'],
  ])('writes times in %s as %s', async (precision, time) => {
    const { run, ports } = await start(`|influxDBOut().precision('${precision}').buffer(1)`);
    run.write('m v=1 3725.123');
    await settled();
    expect(ports.writes).toMatchObject([{ precision, body: `m v=1 ${time}\n` }]);
  });

  it.each(['n', 'u', 'ss', 'constructor'])(
    'writes nothing in the unknown precision %s, and says so',
    async (precision) => {
      const { run, ports } = await start(`|influxDBOut().precision('${precision}').buffer(1)`);
      run.write('m v=1 0\nm v=2 1');
      await settled();
      expect(ports.writes).toEqual([]);
      expect(run.errors).toEqual(
        Array(2).fill(
          `failed to write points to InfluxDB: time: unknown unit "${precision}" in duration "1${precision}"`,
        ),
      );
    },
  );

  it('applies measurement, static tags and precision, and leaves out nulls', async () => {
    const { run, ports } = await start(
      "|influxDBOut().measurement('n').tag('h', 'new').tag('z', 'y').precision('s').cluster('c').writeConsistency('all')",
    );
    run.write('m,h=a,k=1 v=1 7');
    await run.run.dataflow.finish();
    expect(ports.writes).toEqual([
      { cluster: 'c', db: 'db', rp: 'rp', precision: 's', consistency: 'all', body: 'n,h=new,k=1,z=y v=1 7\n' },
    ]);
  });

  it('never splits a batch', async () => {
    const { run, ports } = await start(
      "|window().period(3s).every(3s)|influxDBOut().database('d').retentionPolicy('r').buffer(2)",
    );
    run.write('m v=1 0\nm v=2 1\nm v=3 2\nm v=4 3');
    await settled();
    expect(ports.writes.map(({ body }) => body.split('\n').length - 1)).toEqual([3]);
  });

  it('drops what could not be written, reports and counts it', async () => {
    const ports = new InfluxPorts();
    ports.answer = async () => {
      throw new Error('timeout');
    };
    const { run } = await start('|influxDBOut().buffer(1)', ports);
    run.write('m v=1 0');
    await settled();
    expect(outStats(run)).toMatchObject({ points_written: 0, write_errors: 1, errors: 1 });
    expect(run.errors).toEqual(['failed to write points to InfluxDB: timeout']);
    await run.run.dataflow.finish();
    expect(ports.writes).toHaveLength(1);
  });

  it('waits for writes that are under way when the task stops', async () => {
    const ports = new InfluxPorts();
    let release = () => {};
    ports.answer = () => new Promise((resolve) => (release = resolve));
    const { run } = await start('|influxDBOut().buffer(1)', ports);
    run.write('m v=1 0');
    await settled();
    let finished = false;
    const finishing = run.run.dataflow.finish().then(() => (finished = true));
    await settled();
    expect(finished).toBe(false);
    release();
    await finishing;
  });

  it('writes what line protocol cannot carry, and points without fields, for InfluxDB to refuse', async () => {
    const ports = new InfluxPorts();
    const run = await startScript(
      `stream|from()|eval(lambda: "v" / "v", lambda: 1.0 / "v").as('nan', 'inf').keep('v', 'nan', 'inf')|influxDBOut().database('d').buffer(1)
       stream|from()|delete().field('v')|influxDBOut().database('e').buffer(1)`,
      { ports },
    );
    run.write('m v=0.0 1');
    await run.run.dataflow.finish();
    expect(ports.writes.map(({ db, body }) => [db, body]).sort()).toEqual([
      ['d', 'm inf=+Inf,nan=NaN,v=0 1000000000\n'],
      ['e', 'm  1000000000\n'],
    ]);
    expect(Object.entries(run.run.dataflow.nodeStats()).filter(([name]) => name.startsWith('influxdb'))).toEqual([
      [expect.anything(), expect.objectContaining({ points_written: 1 })],
      [expect.anything(), expect.objectContaining({ points_written: 1 })],
    ]);
  });

  it('creates the database first', async () => {
    const { run, ports } = await start("|influxDBOut().database('d').retentionPolicy('r').create()");
    run.write('m v=1 0');
    await run.run.dataflow.finish();
    expect(ports.queries).toEqual(['CREATE DATABASE d WITH NAME r']);
    expect(ports.writes).toHaveLength(1);
  });

  it('refuses to start without its cluster', async () => {
    const ports = new InfluxPorts();
    ports.missing = true;
    await expect(start("|influxDBOut().cluster('nope')", ports)).rejects.toThrow(
      'failed to get InfluxDB client: no such InfluxDB config nope',
    );
  });
});
