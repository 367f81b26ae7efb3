import { describe, expect, it } from 'vitest';
import { SECOND } from '@supercap/data-model';
import { startScript } from '../testing';

describe('httpOut', () => {
  it('serves the latest point of each group in the order in which the groups came', async () => {
    const run = await startScript("stream|from().groupBy('h')|httpOut('o')");
    const result = run.run.ports.served.get('o')!;
    expect(result()).toBe('{"series":null}');
    run.write('m,h=b,k=1 v=1 0\nm,h=a v=2i,s="<" 1\nm,h=b v=3 2');
    expect(result()).toBe(
      '{"series":[' +
        '{"name":"m","tags":{"h":"b"},"columns":["time","v"],"values":[["1970-01-01T00:00:02Z",3]]},' +
        '{"name":"m","tags":{"h":"a"},"columns":["time","s","v"],"values":[["1970-01-01T00:00:01Z","\\u003c",2]]}' +
        ']}',
    );
  });

  it('serves the latest batch with the columns of its first point', async () => {
    const run = await startScript("stream|from()|window().period(2s).every(2s)|httpOut('o')");
    run.write('m,k=x v=1 0\nm v=2,w=9 1\nm v=3 2');
    expect(run.run.ports.served.get('o')!()).toBe(
      '{"series":[{"name":"m","columns":["time","k","v"],"values":' +
        '[["1970-01-01T00:00:00Z","x",1],["1970-01-01T00:00:01Z",null,2]]}]}',
    );
  });

  it('passes the data on', async () => {
    const run = await startScript("stream|from()|httpOut('o')");
    run.write('m v=1 0');
    expect(run.output).toBe('m v=1 0');
  });

  it('forgets deleted groups', async () => {
    const run = await startScript("stream|from().groupBy('h')|barrier().idle(5s).delete(TRUE)|httpOut('o')");
    run.write('m,h=a v=1 0');
    run.run.clock.advance(6n * SECOND);
    expect(run.run.ports.served.get('o')!()).toBe('{"series":null}');
  });

  it('serves after a restart from a snapshot what it served before', async () => {
    const script = "stream|from().groupBy('h')|httpOut('o')";
    const before = await startScript(script);
    before.write('m,h=b v=1 0\nm,h=a v=2 1');
    const after = await startScript(script, { snapshot: await before.run.dataflow.snapshot() });
    expect(after.run.ports.served.get('o')!()).toBe(before.run.ports.served.get('o')!());
  });

  it('withdraws its endpoint when the task stops', async () => {
    const run = await startScript("stream|from()|httpOut('o')");
    await run.run.dataflow.finish();
    expect(run.run.ports.served.size).toBe(0);
  });
});
