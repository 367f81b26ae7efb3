import { describe, expect, it } from 'vitest';
import { dot } from './dot';
import type { PipelineNode } from './pipeline';
import { compile } from './testing/test-catalog';

const graph = (script: string) => dot(compile(script).pipeline, 't');
const node = (script: string, name: string): PipelineNode =>
  compile(script).pipeline.nodes.find((candidate) => candidate.name === name)!;

describe('the graph of a script', () => {
  it('numbers nodes in the order in which they are made', () => {
    expect(graph("stream|from().measurement('m')|where(lambda: TRUE)|httpOut('x')")).toBe(
      'digraph t {\nstream0 -> from1;\nfrom1 -> where2;\nwhere2 -> http_out3;\n}',
    );
  });

  it('gives a join the last of the numbers that its parents took, left parent first', () => {
    const script =
      "var a = stream|from()\nvar b = stream|from()\nvar c = stream|from()\na|join(b, c).as('a', 'b', 'c')";
    expect(graph(script)).toBe(
      'digraph t {\nstream0 -> from1;\nstream0 -> from2;\nstream0 -> from3;\nfrom3 -> join6;\nfrom2 -> join6;\nfrom1 -> join6;\n}',
    );
    expect(node(script, 'join6')).toMatchObject({
      parents: [1, 2, 3],
      options: {
        nodes: [
          { kind: 'node', id: 2 },
          { kind: 'node', id: 3 },
        ],
        as: ['a', 'b', 'c'],
      },
    });
  });

  it('numbers the left parent of a union last', () => {
    const script =
      "var b = stream|from()\nvar a = stream|from()|eval(lambda: 1).as('x')\nb|eval(lambda: 2).as('y')|union(a)";
    expect(graph(script)).toBe(
      'digraph t {\nstream0 -> from1;\nstream0 -> from2;\nfrom2 -> eval3;\neval3 -> union6;\nfrom1 -> eval4;\neval4 -> union6;\n}',
    );
    expect(node(script, 'union6').parents).toEqual([3, 4]);
  });

  it('makes an observer a root, and gives the observed node a child if it has none', () => {
    const script = "var d = stream|from()\nd|stats(10s)|httpOut('a')\nd|stats(20s)|httpOut('b')\nd|httpOut('c')";
    expect(graph(script)).toBe(
      'digraph t {\nstream0 -> from1;\nfrom1 -> noop3;\nfrom1 -> http_out7;\nstats2 -> http_out4;\nstats5 -> http_out6;\n}',
    );
    expect(node(script, 'stats2')).toMatchObject({ parents: [], watches: 1, options: { interval: 10_000_000_000n } });
  });

  it('expands a deadman into stats, derivative and alert', () => {
    const script = 'stream|from()|deadman(100.0, 90s, lambda: "x" > 1)';
    expect(graph(script)).toBe(
      'digraph t {\nstream0 -> from1;\nfrom1 -> noop3;\nstats2 -> derivative4;\nderivative4 -> alert5;\n}',
    );
    expect(node(script, 'stats2').options).toEqual({ interval: 90_000_000_000n, align: true });
    expect(node(script, 'derivative4').options).toMatchObject({
      field: 'emitted',
      unit: 90_000_000_000n,
      nonNegative: true,
    });
    expect(node(script, 'alert5').options).toMatchObject({
      id: "{{ .Group }}:from1 for task '{{ .TaskName }}'",
      message: expect.stringContaining(' points/1m30s.'),
      crit: {
        expression: { operator: 'AND', left: { operator: '<=', right: { value: 100 } }, right: { operator: '>' } },
      },
    });
  });

  it('adds a deadman to the source when it is configured for every task', () => {
    const deadman = { id: 'NODE_NAME', message: 'INTERVAL', global: { threshold: 0, interval: 10_000_000_000n } };
    const { pipeline } = compile('stream|from()', { deadman });
    expect(dot(pipeline, 't')).toBe(
      'digraph t {\nstream0 -> from1;\nstats2 -> derivative3;\nderivative3 -> alert4;\n}',
    );
    expect(pipeline.nodes.at(-1)!.options).toMatchObject({ id: 'stream0', message: '10s' });
  });

  it('does not draw the source of a batch task', () => {
    const { pipeline, type } = compile("batch|query('q')|max('v')");
    expect(type).toBe('batch');
    expect(dot(pipeline, 't')).toBe('digraph t {\nquery1 -> max2;\n}');
  });

  it('tells what each node provides', () => {
    const { pipeline } = compile("stream|from()|window()|where(lambda: TRUE)|mean('v')|influxDBOut()");
    expect(pipeline.nodes.map(({ provides }) => provides)).toEqual([
      'stream',
      'stream',
      'batch',
      'batch',
      'stream',
      'none',
    ]);
  });
});

describe('options', () => {
  it('come from arguments, properties and their defaults', () => {
    expect(node("stream|from()|window().period(10s).align()|mean('v')", 'window2').options).toEqual({
      period: 10_000_000_000n,
      every: 0n,
      align: true,
    });
    expect(node("stream|from()|mean('v')", 'mean2').options).toEqual({ field: 'v', as: 'mean' });
  });

  it('may be set in a later statement', () => {
    expect(node("var a = stream|from()\na.measurement('m')", 'from1').options['measurement']).toBe('m');
  });

  it('take the items of a list that is the only argument', () => {
    const script = "var names = ['x', 'y']\nstream|from().groupBy([*])|eval(lambda: 1, lambda: 2).as(names)";
    expect(node(script, 'eval2').options['as']).toEqual(['x', 'y']);
    expect(node(script, 'from1').options['groupBy']).toEqual([{ kind: 'star' }]);
  });

  it('are found with the first letter in either case', () => {
    expect(node("stream|From().Measurement('m')|HttpOut('x')", 'from1').options['measurement']).toBe('m');
  });

  it('can be read back', () => {
    expect(node('var w = stream|from()|window().period(10s)\nw.every(w.period)', 'window2').options['every']).toBe(
      10_000_000_000n,
    );
  });

  it('take a list for the arguments, and what is called within it', () => {
    const groupBy = (script: string) => compile(script).pipeline.nodes[1]!.options['groupBy'];
    const expected = groupBy("batch|query('q').groupBy(time(1m), 'a')");
    expect(groupBy("var t = time(1m)\nbatch|query('q').groupBy([t, 'a'])")).toEqual(expected);
    expect(groupBy("var d = 1m\nvar l = [d]\nbatch|query('q').groupBy(time(l), 'a')")).toEqual(expected);
  });

  it('hold time dimensions and whatever else a parameter of any type is given', () => {
    const script = "batch|query('q').groupBy(time(10s, 1s), 'cpu').fill(0.0)";
    expect(node(script, 'query1').options).toMatchObject({
      groupBy: [{ kind: 'timeDimension', length: 10_000_000_000n, offset: 1_000_000_000n }, 'cpu'],
      fill: 0,
    });
  });

  it('are quiet on every node that is told so', () => {
    const { pipeline } = compile("stream|from().quiet()|httpOut('x')");
    expect(pipeline.nodes.map(({ quiet }) => quiet)).toEqual([false, true, false]);
    expect(pipeline.nodes[1]!.options).not.toHaveProperty('quiet');
  });
});

describe('alert handlers', () => {
  it('are kept in the order of their calls, each with its own properties', () => {
    const script =
      "stream|from()|alert().slack().channel('#a').log('/x').mode(0644).crit(lambda: TRUE).slack().channel('#b')|httpOut('x')";
    expect(node(script, 'alert2').options).toMatchObject({
      crit: { kind: 'lambda' },
      handlers: [
        { name: 'slack', kind: 'slack', options: { channel: '#a' } },
        { name: 'log', kind: 'log', options: { path: '/x', mode: 0o644n } },
        { name: 'slack', kind: 'slack', options: { channel: '#b' } },
      ],
    });
  });

  it('are an empty list where there are none', () => {
    expect(node('stream|from()|alert()', 'alert2').options['handlers']).toEqual([]);
  });
});

describe('lambdas', () => {
  const expression = (script: string) =>
    (node(script, 'where2').options['predicate'] as { expression: object }).expression;

  it('capture vars by value', () => {
    expect(expression('var limit = 2 * 3\nstream|from()|where(lambda: "v" > limit)')).toMatchObject({
      left: { kind: 'reference', name: 'v' },
      right: { kind: 'number', value: 6n },
    });
  });

  it('keep a captured lambda as a unit of its own', () => {
    expect(expression('var c = lambda: count()\nstream|from()|where(lambda: c > 1)')).toMatchObject({
      left: { kind: 'lambda', expression: { kind: 'call', name: 'count' } },
    });
  });
});

describe('user defined functions', () => {
  const udfs = [
    { name: 'tTest', wants: 'stream', provides: 'batch', options: { field: ['STRING'], size: ['INT', 'DOUBLE'] } },
  ] as const;

  it('make nodes with the options that they declare', () => {
    const { pipeline } = compile("stream|from()@tTest().field('a').field('b').size(1, 2.0)|httpOut('x')", { udfs });
    expect(pipeline.nodes[2]).toMatchObject({
      name: 'tTest2',
      kind: 'udf',
      provides: 'batch',
      options: {
        udf: 'tTest',
        calls: [
          { name: 'field', args: ['a'] },
          { name: 'field', args: ['b'] },
          { name: 'size', args: [1n, 2] },
        ],
      },
    });
  });
});

describe('the result', () => {
  it('holds what the script says of itself', () => {
    const { dbrps, formatted, type } = compile('dbrp "a"."one"\ndbrp "a"."two"\nstream|from()');
    expect(dbrps).toEqual([
      { db: 'a', rp: 'one' },
      { db: 'a', rp: 'two' },
    ]);
    expect(type).toBe('stream');
    expect(formatted).toBe('dbrp "a"."one"\n\ndbrp "a"."two"\n\nstream\n    |from()\n');
  });
});
