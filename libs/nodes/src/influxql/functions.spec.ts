import { describe, expect, it } from 'vitest';
import { nodeDefinitions } from '../index';
import { lines, runChain, startScript } from '../testing';

const functions = nodeDefinitions.filter(({ goType }) => goType === '*pipeline.InfluxQLNode');
const windowed = '|window().period(10s).every(10s)';
/** Four points in one window of ten seconds, and the point that closes it. */
const four = `
  m,h=A v=1,w=5i,s="a" 0
  m,h=A v=3,w=7i,s="b" 1
  m,h=A v=3,w=7i,s="a" 2
  m,h=A v=2,w=1i,s="c" 5
  m,h=A v=9,w=9i,s="z" 10
`;

const overWindow = async (call: string) => (await runChain(`${windowed}${call}`, four)).output;

describe('functions over a batch', () => {
  it.each([
    ["|count('v')", 'm count=4i 10'],
    ["|count('s')", 'm count=4i 10'],
    ["|mean('v')", 'm mean=2.25 10'],
    ["|mean('w')", 'm mean=5 10'],
    ["|median('v')", 'm median=2.5 10'],
    ["|median('w')", 'm median=6 10'],
    ["|mode('w')", 'm mode=7i 10'],
    ["|spread('w')", 'm spread=6i 10'],
    ["|sum('w')", 'm sum=20i 10'],
    ["|sum('v')", 'm sum=9 10'],
    ["|stddev('v')", 'm stddev=0.9574271077563381 10'],
    ["|first('v')", 'm,h=A first=1,s="a",w=5i 10'],
    ["|last('w')", 'm,h=A last=1i,s="c",v=2 10'],
    ["|max('w')", 'm,h=A max=7i,s="b",v=3 10'],
    ["|max('w').usePointTimes()", 'm,h=A max=7i,s="b",v=3 1'],
    ["|percentile('v', 50.0)", 'm,h=A percentile=2,s="c",w=1i 10'],
    ["|percentile('w', 10.0)", ''],
    ["|distinct('s')", 'batch m 10\nm distinct="a" 10\nm distinct="b" 10\nm distinct="c" 10'],
    ["|distinct('w')", 'batch m 10\nm distinct=5i 10\nm distinct=7i 10\nm distinct=1i 10'],
    ["|top(2, 'v')", 'batch m 10\nm,h=A top=3 10\nm,h=A top=3 10'],
    ["|bottom(2, 'w').as('b').usePointTimes()", 'batch m 10\nm,h=A b=5i 0\nm,h=A b=1i 5'],
    ["|elapsed('v', 1s)", 'batch m 10\nm elapsed=1i 1\nm elapsed=1i 2\nm elapsed=3i 5'],
    ["|elapsed('v', 1ms)", 'batch m 10\nm elapsed=1000i 1\nm elapsed=1000i 2\nm elapsed=3000i 5'],
    ["|difference('w')", 'batch m 10\nm difference=2i 1\nm difference=0i 2\nm difference=-6i 5'],
    ["|movingAverage('w', 2)", 'batch m 10\nm movingAverage=6 1\nm movingAverage=7 2\nm movingAverage=4 5'],
    [
      "|cumulativeSum('w')",
      'batch m 10\nm cumulativeSum=5i 0\nm cumulativeSum=12i 1\nm cumulativeSum=19i 2\nm cumulativeSum=20i 5',
    ],
  ])('%s gives %j', async (call, output) => {
    expect(await overWindow(call)).toBe(output);
  });

  it.each([
    ["|stddev('v')", 'm stddev=0 2'],
    ["|elapsed('v', 1s)", 'batch m 2'],
    ["|difference('v')", 'batch m 2'],
    ["|movingAverage('v', 2)", 'batch m 2'],
    ["|cumulativeSum('v')", 'batch m 2\nm cumulativeSum=7 0'],
  ])('%s of a single point gives %j', async (call, output) => {
    const { output: given } = await runChain(`|window().period(2s).every(2s)${call}`, 'm v=7 0\nm v=8 2');
    expect(given).toBe(output);
  });

  it('gives count and sum of a batch that was emptied, and nothing else', async () => {
    const none = `|window().period(2s).every(2s)|where(lambda: "v" > 5.0)`;
    expect((await runChain(`${none}|count('v')`, 'm v=1 0\nm v=1 2')).output).toBe('m count=0i 2');
    expect((await runChain(`${none}|sum('v')`, 'm v=1 0\nm v=1 2')).output).toBe('m sum=0 2');
    expect((await runChain(`${none}|mean('v')`, 'm v=1 0\nm v=1 2')).output).toBe('');
    expect((await runChain(`${none}|top(2, 'v')`, 'm v=1 0\nm v=1 2')).output).toBe('');
  });

  it('leaves out points that lack the field or have another type, and reports each', async () => {
    const { output, errors } = await runChain(`${windowed}|sum('v')`, 'm v=1 0\nm w=9 1\nm v=2i 2\nm v=4 3\nm v=0 10');
    expect(output).toBe('m sum=5 10');
    expect(errors).toEqual([
      'failed to aggregate point: field v missing from point cannot aggregate',
      'failed to aggregate point: field v has wrong type: got int64 exp float64',
    ]);
  });

  it('says why a function cannot be applied', async () => {
    const { output, errors } = await runChain(`${windowed}|mean('s')`, 'm s="a" 0\nm v=1 1\nm s="a" 10');
    expect(output).toBe('');
    expect(errors).toEqual([
      'failed to realize reduce context from fields: invalid influxql func mean with field s: cannot apply mean to string field',
      'failed to realize reduce context from fields: field "s" missing from point',
    ]);
  });

  it('wraps sums of ints at 64 bits', async () => {
    const { output } = await runChain(`${windowed}|sum('v')`, 'm v=9223372036854775807i 0\nm v=1i 1\nm v=0i 10');
    expect(output).toBe('m sum=-9223372036854775808i 10');
  });

  it('keeps the tags of the group only, where it forgets the points', async () => {
    const run = await startScript(
      "stream|from().measurement('m').groupBy('dc')|window().period(2s).every(2s)|mean('v')",
    );
    run.write('m,dc=x,host=a v=1 0\nm,dc=x,host=b v=2 1\nm,dc=x,host=a v=0 2');
    expect(run.output).toBe('m,dc=x mean=1.5 2');
  });

  it('replaces a field that already has the name of the result', async () => {
    const { output } = await runChain(`${windowed}|max('v').as('w')`, 'm v=1,w=5 0\nm v=2,w=4 10');
    expect(output).toBe('m w=1 10');
  });

  it('takes only the best of points that share the extra fields and tags of top', async () => {
    const { output } = await runChain(
      `${windowed}|top(3, 'v', 'host', 'w')`,
      'm,host=a v=5,w=1 0\nm,host=b v=9,w=1 1\nm,host=a v=7,w=1 2\nm,host=a v=1,w=2 3\nm v=0 10',
    );
    expect(output).toBe(
      lines(`
      batch m 10
      m,host=b top=9 10
      m,host=a top=7 10
      m,host=a top=1 10
    `),
    );
  });

  it('emits an empty batch for top of zero points', async () => {
    expect(await overWindow("|top(0, 'v')")).toBe('batch m 10');
  });

  it.each([
    // All once: the smallest. The same number of times: the one whose first comes no later than the other's last.
    ['m v=9i 0\nm v=2i 1\nm v=6i 2', 'm mode=2i 10'],
    ['m v=2i 5\nm v=2i 6\nm v=3i 1\nm v=3i 2', 'm mode=3i 10'],
    ['m v=2i 1\nm v=2i 2\nm v=3i 5\nm v=3i 6', 'm mode=2i 10'],
  ])('settles ties of mode: %j gives %j', async (input, output) => {
    expect((await runChain(`|window().period(10s).every(10s).align()|mode('v')`, `${input}\nm v=0i 10`)).output).toBe(
      output,
    );
  });
});

describe('functions over a stream', () => {
  const same = 'm v=3 0\nm v=1 0\nm v=4 0\nm v=1 2\nm v=5 2\nm v=9 3';

  it.each([
    ["|sum('v')", 'm sum=8 0\nm sum=6 2'],
    ["|mean('v')", 'm mean=2.6666666666666665 0\nm mean=3 2'],
    ["|max('v')", 'm max=4 0\nm max=5 2'],
    ["|median('v')", 'm median=3 0\nm median=3 2'],
    ["|bottom(2, 'v')", 'batch m 0\nm bottom=1 0\nm bottom=3 0\nbatch m 2\nm bottom=1 2\nm bottom=5 2'],
    [
      "|movingAverage('v', 3)",
      'm movingAverage=2.6666666666666665 0\nm movingAverage=2 2\nm movingAverage=3.3333333333333335 2\nm movingAverage=5 3',
    ],
    ["|difference('v')", 'm difference=-2 2\nm difference=8 3'],
    ["|elapsed('v', 1s)", 'm elapsed=0i 0\nm elapsed=0i 0\nm elapsed=2i 2\nm elapsed=0i 2\nm elapsed=1i 3'],
  ])('%s collects points of one time and emits them when the time changes: %j', async (call, output) => {
    expect((await runChain(call, same)).output).toBe(output);
  });

  it('keeps the groups apart', async () => {
    const run = await startScript("stream|from().measurement('m').groupBy('h')|mean('v')");
    run.write('m,h=A v=1 0\nm,h=A v=3 0\nm,h=A v=2 1\nm,h=B v=5 1\nm,h=B v=6 2');
    expect(run.output).toBe('m,h=A mean=2 0\nm,h=B mean=5 1');
  });

  it('emits nothing for a time at which no point had the field', async () => {
    const { output, errors } = await runChain("|sum('v')", 'm v=1 0\nm w=1 1\nm v=3 2\nm v=4 4');
    expect(output).toBe('m sum=1 0\nm sum=3 2');
    expect(errors).toEqual(['failed to realize reduce context from fields: field "v" missing from point']);
  });

  it('takes the greater value of points of equal time for first', async () => {
    expect((await runChain("|first('v')", 'm,h=A v=1 0\nm,h=B v=2 0\nm v=0 1')).output).toBe('m,h=B first=2 0');
  });

  it('takes the best of each value of the extra field for top', async () => {
    const input = 'm v=1,s="a" 0\nm v=5,s="b" 0\nm v=4,s="b" 0\nm v=0,s="x" 1';
    expect((await runChain("|top(2, 'v', 's')", input)).output).toBe('batch m 0\nm top=5 0\nm top=1 0');
  });

  it('counts points of rounded times', async () => {
    const run = await startScript("stream|from().measurement('m').round(10s)|count('v')");
    run.write('m v=1 1\nm v=1 5\nm v=1 14\nm v=1 15\nm v=1 26');
    expect(run.output).toBe('m count=1i 0\nm count=2i 10\nm count=1i 20');
  });

  it('gives the same top of many points of one time as of all of them at once', async () => {
    const values = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 5003);
    const best = [...values].sort((a, b) => b - a).slice(0, 3);
    const { output } = await runChain("|top(3, 'v')", `${values.map((v) => `m v=${v} 0`).join('\n')}\nm v=0 1`);
    expect(output).toBe(['batch m 0', ...best.map((v) => `m top=${v} 0`)].join('\n'));
  });
});

describe('a restart from a snapshot', () => {
  const input = ['m v=3i 0', 'm v=1i 0', 'm v=4i 0', 'm v=1i 2', 'm v=5i 2', 'm v=9i 3', 'm v=2i 5'];
  const withArguments: Record<string, string> = {
    bottom: "bottom(2, 'v')",
    elapsed: "elapsed('v', 1s)",
    holtWinters: "holtWinters('v', 1, 0, 1s)",
    holtWintersWithFit: "holtWintersWithFit('v', 1, 0, 1s)",
    movingAverage: "movingAverage('v', 3)",
    percentile: "percentile('v', 50.0)",
    top: "top(2, 'v')",
  };
  const calls = functions.map(({ name }) => withArguments[name] ?? `${name}('v')`);

  it.each(calls)('does not change what %s gives on a stream', async (call) => {
    const script = `stream|from().measurement('m')|${call}`;
    const whole = (await runChain(`|${call}`, input.join('\n'))).output;
    for (let cut = 0; cut <= input.length; cut++) {
      const before = await startScript(script);
      if (cut > 0) before.write(input.slice(0, cut).join('\n'));
      const after = await startScript(script, { snapshot: await before.run.dataflow.snapshot() });
      if (cut < input.length) after.write(input.slice(cut).join('\n'));
      expect([before.output, after.output].filter((text) => text !== '').join('\n')).toBe(whole);
    }
  });
});

describe('every function', () => {
  const examples = functions.flatMap((definition) =>
    (definition.examples ?? []).map((example) => [definition.name, example] as const),
  );

  it('has an example', () => {
    expect(functions.map(({ name }) => name)).toEqual([...new Set(examples.map(([name]) => name))]);
    expect(functions).toHaveLength(21);
  });

  it.each(examples)('%s gives the output of its example', async (_name, { script, input, output }) => {
    expect((await runChain(script, input)).output).toBe(output);
  });

  it('forecasts nothing of fewer points than a season has, however far they lie apart', async () => {
    const chain = (points: number) =>
      `|window().periodCount(${points}).everyCount(${points})|holtWinters('v', 2, 4, 1s)`;
    expect((await runChain(chain(2), 'm v=1 1\nm v=2 4')).output).not.toContain('m holtWinters');
    expect((await runChain(chain(4), 'm v=1 1\nm v=2 2\nm v=1 3\nm v=2 4')).output).toContain('m holtWinters');
  });

  it('refuses what could never work when the task starts', async () => {
    await expect(startScript("stream|from()|elapsed('v', 0s)")).rejects.toThrow(
      'invalid elapsed unit: must be non zero duration',
    );
    await expect(startScript("stream|from()|movingAverage('v', 0)")).rejects.toThrow('invalid movingAverage window');
    await expect(startScript("stream|from()|holtWinters('v', 3, 0, 0s)")).rejects.toThrow(
      'invalid holtWinters interval',
    );
  });
});
