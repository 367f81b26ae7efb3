import { describe, expect, it } from 'vitest';
import { legacyDot } from './legacy-dot';
import { compile, refusal, testCatalog } from './testing/test-catalog';

const build = (script: string, taskType: 'stream' | 'batch' = 'stream') =>
  compile(script, { dialect: '2016', taskType });
const graph = (script: string, taskType?: 'stream' | 'batch') =>
  legacyDot(build(script, taskType).pipeline, 't', testCatalog);
const refuse = (script: string, taskType: 'stream' | 'batch' = 'stream') =>
  refusal(script, { dialect: '2016', taskType });

describe('a script of 2016', () => {
  it('chains, sets properties and calls UDFs with the dot alone', () => {
    expect(graph("stream.from().measurement('m').window().period(1s).httpOut('x')")).toBe(
      'digraph t {\nstream0 -> stream1;\nstream1 -> window2;\nwindow2 -> http_out3;\n}',
    );
  });

  it('takes a word for a property where it is one and for a node elsewhere', () => {
    const script =
      "stream.from().where(lambda: TRUE).groupBy('h').eval(lambda: 1).as('s').where(lambda: TRUE).groupBy(*)";
    expect(graph(script)).toBe(
      'digraph t {\nstream0 -> stream1;\nstream1 -> eval2;\neval2 -> where3;\nwhere3 -> groupby4;\n}',
    );
  });

  it('narrows a where node instead of adding another', () => {
    const script = 'stream.from().httpOut(\'x\').where(lambda: "a" > 1).where(lambda: "b" > 1)';
    expect(graph(script)).toBe('digraph t {\nstream0 -> stream1;\nstream1 -> http_out2;\nhttp_out2 -> where3;\n}');
    expect(build(script).pipeline.nodes.at(-1)!.options).toMatchObject({
      predicate: { expression: { operator: 'AND' } },
    });
  });

  it('uses the source as a from node', () => {
    const script = "stream.measurement('cpu').httpOut('x')";
    expect(graph(script)).toBe('digraph t {\nstream0 -> http_out1;\n}');
    expect(
      build(script).pipeline.nodes.map(({ name, options, implicit }) => [name, options['measurement'], implicit]),
    ).toEqual([
      ['stream0', undefined, undefined],
      ['from2', 'cpu', true],
      ['http_out1', undefined, undefined],
    ]);
  });

  it('observes what the source lets through, not what comes in', () => {
    const { pipeline } = build("stream.measurement('cpu').stats(10s).httpOut('x')");
    expect(pipeline.nodes.find(({ kind }) => kind === 'stats')!.watches).toBe(
      pipeline.nodes.find(({ implicit }) => implicit)!.id,
    );
  });

  it('keeps a source that only has from nodes as it is', () => {
    expect(build('stream.from().from()').pipeline.nodes.map(({ name }) => name)).toEqual(['stream0', 'from1', 'from2']);
  });

  it('has mapReduce for the aggregations, drawn as the two nodes that they were', () => {
    const old = "stream.from().window().period(10s).mapReduce(influxql.mean('value')).as('m').httpOut('x')";
    const text =
      'digraph t {\nstream0 -> stream1;\nstream1 -> window2;\nwindow2 -> map3;\nmap3 -> reduce4;\nreduce4 -> http_out5;\n}';
    expect(graph(old)).toBe(text);
    expect(graph("stream|from()|window().period(10s)|mean('value')|httpOut('x')")).toBe(text);
    expect(build(old).pipeline.nodes[3]).toMatchObject({ kind: 'mean', options: { field: 'value', as: 'm' } });
  });

  it('draws joins and unions with the numbers that they took', () => {
    const script =
      "var a = stream.from()\nvar b = stream.from()\na.join(b).as('a', 'b').httpOut('x')\na.union(b).rename('u').httpOut('y')";
    expect(graph(script).split('\n').sort()).toEqual(
      'digraph t {\nstream0 -> stream1;\nstream0 -> stream2;\nstream1 -> join4;\nstream2 -> join4;\njoin4 -> http_out5;\nstream1 -> union7;\nstream2 -> union7;\nunion7 -> http_out8;\n}'
        .split('\n')
        .sort(),
    );
  });

  it('does not draw observers as children, nor what keeps their output counted', () => {
    expect(graph("stream.from().stats(10s).httpOut('x')")).toBe(
      'digraph t {\nstream0 -> stream1;\nstats2 -> http_out3;\n}',
    );
  });

  it('names the nodes of batch tasks as it did then', () => {
    expect(graph("batch.query('q').groupBy(time(10s)).mapReduce(influxql.max('mean')).httpOut('top')", 'batch')).toBe(
      'digraph t {\nbatch1 -> map2;\nmap2 -> reduce3;\nreduce3 -> http_out4;\n}',
    );
  });

  it.each([['stream'], ['// nothing'], ['nope']])('may be without effect: %s', (script) => {
    expect(graph(script)).toBe('digraph t {\n}');
  });

  it('may give a var twice unless it is written in the newer syntax', () => {
    expect(graph("var s = stream.from()\nvar s = s.httpOut('x')")).toBe(
      'digraph t {\nstream0 -> stream1;\nstream1 -> http_out2;\n}',
    );
    expect(refuse('var s = stream|from()\nvar s = s')).toBe('attempted to redefine s, vars are immutable');
  });

  it.each([
    ['nothere.from()', 'stream', 'name "nothere" is undefined. Names in scope: time,stream,influxql'],
    ['stream.from()', 'batch', 'name "stream" is undefined. Names in scope: time,batch,influxql'],
    [
      'stream.from().frobnicate()',
      'stream',
      'line 1 char 15: no method or property "frobnicate" on *pipeline.FromNode',
    ],
    [
      'stream.from().measurement("cpu")',
      'stream',
      'line 1 char 15: cannot assign *tick.ReferenceNode to type string, did you use double quotes instead of single quotes?',
    ],
    ["batch.httpOut('x')", 'batch', 'line 1 char 7: no method or property "httpOut" on *pipeline.BatchNode'],
    [
      "stream.from().mapReduce(influxql.nope('v'))",
      'stream',
      'line 1 char 15: error calling func "mapReduce" on obj *pipeline.FromNode: no function "nope" in influxql',
    ],
  ] as const)('is refused when wrong: %s', (script, type, text) => {
    expect(refuse(script, type)).toBe(text);
  });
});
