import { parseTime } from '@supercap/data-model';
import { nodeDefinitions } from '@supercap/nodes';
import { compileScript, createCatalog, encodePipeline } from '@supercap/pipeline';
import { batchToJson, openBatchRecording } from '@supercap/recording';
import { describe, expect, it } from 'vitest';
import { gunzipSync } from 'node:zlib';
import type { InfluxQueries, ResultSeries } from '../influx/influx-query';
import { AbandonedError } from '../work';
import { QueryRecorder, type QueryOrder } from './query-recorder';

const NOW = parseTime('2020-01-01T00:00:00Z')!;
const catalog = createCatalog(nodeDefinitions);
const attendance = { signal: new AbortController().signal, alive: async () => true };

class FakeInflux implements InfluxQueries {
  readonly asked: string[] = [];
  isConfigured = true;
  answer: (text: string) => ResultSeries[] = () => [];

  require(_cluster: string, unconfigured: string): void {
    if (!this.isConfigured) throw new Error(unconfigured);
  }

  async query(text: string): Promise<ResultSeries[]> {
    this.asked.push(text);
    return this.answer(text);
  }
}

async function record(
  influx: FakeInflux,
  order: object,
  type: 'stream' | 'batch' = 'batch',
  present = attendance,
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const recorder = new QueryRecorder(influx, () => NOW);
  await recorder.record(
    { job: 'job', legacy: false, ...order } as QueryOrder,
    type,
    async (bytes) => void pieces.push(bytes),
    present,
  );
  return Buffer.concat(pieces);
}

const task = (script: string, start: string, stop: string, more: object = {}) => ({
  kind: 'batch',
  taskType: 'batch',
  pipeline: encodePipeline(compileScript({ script, dialect: 'v1', catalog }).pipeline),
  start: String(parseTime(start)!),
  stop: String(parseTime(stop)!),
  ...more,
});

const ranges = (asked: readonly string[]) =>
  asked.map((text) => [...text.matchAll(/T(\d\d:\d\d:\d\d)Z/g)].map(([, time]) => time).join('-'));

async function entries(file: Buffer): Promise<string[][]> {
  const read = async (offset: number, length: number) => file.subarray(offset, offset + length);
  const queries = await openBatchRecording({ size: file.length, read });
  return Promise.all(
    queries.map(async (batches) => {
      const all: string[] = [];
      for await (const batch of batches) all.push(batchToJson(batch));
      return all;
    }),
  );
}

describe('a recording of a batch task', () => {
  const script = `batch|query('SELECT v FROM d.r.m').period(20s).every(10s).offset(1m)|httpOut('o')`;

  it('asks for each run that its schedule would have had', async () => {
    const influx = new FakeInflux();
    await record(influx, task(script, '2019-01-01T00:00:00Z', '2019-01-01T00:00:30Z'));
    expect(ranges(influx.asked)).toEqual(['23:58:50-23:59:10', '23:59:00-23:59:20', '23:59:10-23:59:30']);
  });

  it('asks from each step on in the API of 2016, and for nothing in the future', async () => {
    const influx = new FakeInflux();
    const order = task(script, '2019-12-31T23:59:20Z', '2020-01-01T00:00:30Z', { legacy: true });
    await record(influx, order);
    expect(ranges(influx.asked)).toEqual(['23:59:30-23:59:50', '23:59:40-00:00:00']);
  });

  it('holds the query that was defined last first', async () => {
    const influx = new FakeInflux();
    influx.answer = (text) => [
      {
        name: /FROM d\.r\.(\w)/.exec(text)![1]!,
        tags: { h: 'a' },
        columns: ['time', 'v', 'n'],
        values: [['2019-01-01T00:00:01Z', 1, null]],
      },
    ];
    const two = `var a = batch|query('SELECT v FROM d.r.a').period(10s).every(10s)\nvar b = batch|query('SELECT v FROM d.r.b').period(10s).every(10s)`;
    const file = await record(influx, task(two, '2019-01-01T00:00:00Z', '2019-01-01T00:00:10Z'));
    expect(await entries(file)).toEqual(
      ['b', 'a'].map((name) => [
        `{"name":"${name}","tmax":"2019-01-01T00:00:10Z","group":"h=a","tags":{"h":"a"},"points":[{"fields":{"v":1},"tags":{"h":"a"},"time":"2019-01-01T00:00:01Z"}]}`,
      ]),
    );
  });

  it('ends its batches at their last points when it groups by time', async () => {
    const influx = new FakeInflux();
    influx.answer = () => [{ name: 'm', tags: {}, columns: ['time', 'v'], values: [['2019-01-01T00:00:05Z', 1]] }];
    const grouped = `batch|query('SELECT mean(v) FROM d.r.m').period(10s).every(10s).groupBy(time(5s))`;
    const [[only]] = (await entries(
      await record(influx, task(grouped, '2019-01-01T00:00:00Z', '2019-01-01T00:00:10Z')),
    )) as [[string]];
    expect(only).toContain('"tmax":"2019-01-01T00:00:05Z"');
  });

  it('is refused for a stream task and without InfluxDB', async () => {
    const influx = new FakeInflux();
    influx.isConfigured = false;
    await expect(
      record(influx, { kind: 'batch', taskType: 'stream', pipeline: '', start: '0', stop: '1' }),
    ).rejects.toThrow('wrong task type');
    await expect(record(influx, task(script, '2019-01-01T00:00:00Z', '2019-01-01T00:00:30Z'))).rejects.toThrow(
      'InfluxDB not configured, cannot record batch query',
    );
  });

  it("fails with InfluxDB's own error", async () => {
    const influx = new FakeInflux();
    influx.answer = () => {
      throw new Error('database not found: d');
    };
    const order = task(script, '2019-01-01T00:00:00Z', '2019-01-01T00:00:30Z');
    await expect(record(influx, order)).rejects.toThrow('InfluxDB query failed: database not found: d');
    await expect(record(influx, { ...order, legacy: true })).rejects.toThrow(/^database not found: d$/);
  });

  it('stops asking when nobody wants it any more', async () => {
    const influx = new FakeInflux();
    const order = task(script, '2000-01-01T00:00:00Z', '2019-01-01T00:00:30Z');
    const gone = { ...attendance, alive: async () => influx.asked.length < 3 };
    await expect(record(influx, order, 'batch', gone)).rejects.toThrow(AbandonedError);
    expect(influx.asked.length).toBe(3);
  });
});

describe('a recording of a query', () => {
  const query = (text: string) => ({ kind: 'query', query: text, cluster: '' });
  const influx = new FakeInflux();
  influx.answer = () => [
    {
      name: 'm',
      tags: { h: 'a' },
      columns: ['time', 'v'],
      values: [
        ['2019-01-01T00:00:01Z', 1],
        ['2019-01-01T00:00:03Z', 3],
      ],
    },
    {
      name: 'm',
      tags: { h: 'b' },
      columns: ['time', 'v', 's'],
      values: [
        ['2019-01-01T00:00:01Z', 5, 'x'],
        ['2019-01-01T00:00:02Z', null, null],
      ],
    },
  ];

  it('as a stream holds the rows of all series by their time', async () => {
    const text = gunzipSync(await record(influx, query('SELECT v FROM d.r.m'), 'stream')).toString();
    expect(
      text
        .replace(/d\nr\n/g, '')
        .trim()
        .split('\n')
        .map((line) => line.replace(/ \d+$/, '')),
    ).toEqual(['m,h=a v=1', 'm,h=b s="x",v=5', 'm,h=a v=3']);
  });

  it('as a batch holds a batch for each series, up to its last point', async () => {
    const [batches] = await entries(await record(influx, query('SELECT v FROM d.r.m')));
    expect(batches!.map((json) => /"tmax":"[^"]*"/.exec(json)![0])).toEqual([
      '"tmax":"2019-01-01T00:00:03Z"',
      '"tmax":"2019-01-01T00:00:01Z"',
    ]);
  });

  it.each([
    ['SELEC v', 'found SELEC, expected SELECT'],
    ['SELECT v FROM m', 'could not determine database and retention policy. Is the query fully qualified?'],
    ['SELECT v FROM d.r.m, d.r.n', 'could not determine database and retention policy'],
    ['SHOW DATABASES', 'could not determine database and retention policy'],
  ])('%s is refused', async (text, error) => {
    await expect(record(influx, query(text))).rejects.toThrow(error);
  });
});
