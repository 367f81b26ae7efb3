import { describe, expect, it } from 'vitest';
import { ScriptError } from './errors';
import { compile, refusal } from './testing/test-catalog';

// The texts are those that clients of the compatible APIs know.
const refused: readonly [behaviour: string, script: string, text: string][] = [
  [
    'a script that does not parse',
    'stream|from',
    'parser: unexpected EOF line 1 char 12 in "tream|from". expected: "("',
  ],
  ['an unknown method', 'stream|fro()', 'line 1 char 8: no method or property "fro" on *pipeline.StreamNode'],
  [
    'a duration that is negated as a bool',
    'var a = !1m\nstream|from()',
    "line 1 char 9: invalid arugument to '!' 1m0s",
  ],
  ['a regex with a sign', 'var r = /a b/\nvar a = -r\nstream|from()', "line 2 char 9: invalid arugument to '-' a b"],
  [
    'a list with a sign',
    "var l = ['a', 'b']\nvar a = -l\nstream|from()",
    "line 2 char 9: invalid arugument to '-' [a b]",
  ],
  [
    'an unknown property',
    "stream|from().colour('red')",
    'line 1 char 15: no method or property "colour" on *pipeline.FromNode',
  ],
  [
    'a chaining method behind a dot',
    'stream.from()',
    "line 1 char 8: no property method \"from\" on *pipeline.StreamNode, but chaining method does exist. Use '|' operator instead: 'node|from(..)'.",
  ],
  [
    'a property behind a pipe',
    "stream|from()|measurement('m')",
    "line 1 char 15: no chaining method \"measurement\" on *pipeline.FromNode, but property does exist. Use '.' operator instead: 'node.measurement(..)'.",
  ],
  [
    'a property behind an at sign',
    "stream|from()@measurement('m')",
    "line 1 char 15: no dynamic method \"measurement\" on *pipeline.FromNode, but property does exist. Use '.' operator instead: 'node.measurement(..)'.",
  ],
  [
    'a chaining method behind an at sign',
    'stream|from()@window()',
    "line 1 char 15: no dynamic method \"window\" on *pipeline.FromNode, but chaining method does exist. Use '|' operator instead: 'node|window(..)'.",
  ],
  [
    'a method of other nodes on the source',
    'stream|window()',
    'line 1 char 8: no method or property "window" on *pipeline.StreamNode',
  ],
  [
    'a method behind an output',
    "stream|from()|influxDBOut()|httpOut('x')",
    'line 1 char 29: no method or property "httpOut" on *pipeline.InfluxDBOutNode',
  ],
  [
    'too few arguments',
    'stream|from()|httpOut()',
    'line 1 char 15: error calling func "httpOut" on obj *pipeline.FromNode: reflect: Call with too few input arguments',
  ],
  [
    'too many arguments',
    "stream|from('m')",
    'line 1 char 8: error calling func "from" on obj *pipeline.StreamNode: reflect: Call with too many input arguments',
  ],
  [
    'an argument of a wrong type',
    'stream|from()|where(TRUE)',
    'line 1 char 15: error calling func "where" on obj *pipeline.FromNode: reflect: Call using bool as type *ast.LambdaNode',
  ],
  [
    'an item of a wrong type among many',
    'stream|from()|eval(lambda: 1).as(5)',
    'line 1 char 31: error calling func "as" on obj *pipeline.EvalNode: reflect: cannot use int64 as type string in Call',
  ],
  [
    'a property of a wrong type',
    'stream|from().measurement(5s)',
    'line 1 char 15: error calling func "measurement" on obj *pipeline.FromNode: reflect.Set: value of type time.Duration is not assignable to type string',
  ],
  [
    'a property without its value',
    'stream|from().measurement()',
    'line 1 char 15: too many arguments to set property Measurement on *pipeline.FromNode',
  ],
  [
    'double quotes for a string',
    'stream|from().measurement("m")',
    'line 1 char 15: cannot assign *ast.ReferenceNode to type string, did you use double quotes instead of single quotes?',
  ],
  [
    'double quotes for a string of a method',
    'stream|from()|mean("v")',
    'line 1 char 15: cannot assign *ast.ReferenceNode to type string, did you use double quotes instead of single quotes?',
  ],
  [
    'an argument that the node itself refuses',
    "stream|from()|sample('10s')",
    'line 1 char 15: error calling func "sample" on obj *pipeline.FromNode: must pass int64 or duration to new sample node',
  ],
  [
    'a window of batches',
    'stream|from()|window()|window()',
    'line 1 char 24: error calling func "window" on obj *pipeline.WindowNode: cannot Window batch edge',
  ],
  [
    'a wrong property of a handler',
    'stream|from()|alert().slack().channel(5)',
    'line 1 char 31: error calling func "channel" on obj *pipeline.SlackHandler: reflect.Set: value of type int64 is not assignable to type string',
  ],
  [
    'a node that validates its options',
    'stream|from()|eval(lambda: 1)',
    'must specify same number of expressions and .as() names: got 0 as names, and 1 expressions.',
  ],
  ['a handler that validates its options', "stream|from()|alert().log('')", 'must provide a path'],
  [
    'the first invalid node in topological order',
    'stream|from()|eval(lambda: 1)\nstream|from().groupBy(5)',
    'invalid dimension object of type int64',
  ],
  ['an unknown name', 'stream|from().measurement(nope)', 'name "nope" is undefined. Names in scope: time,stream'],
  [
    'an unknown name in a lambda',
    'stream|from()|where(lambda: "v" > nope)',
    'name "nope" is undefined. Names in scope: time,stream',
  ],
  [
    'a node in a lambda',
    'var a = stream|from()\na|where(lambda: a > 1)',
    'unsupported literal type *pipeline.FromNode',
  ],
  [
    'a function outside of a lambda',
    'var a = sqrt(4.0)\nstream|from()|where(lambda: a > 1)',
    'unsupported literal type tick.unboundFunc',
  ],
  ['an unknown function', "stream|from()|mean(f('v'))", 'line 1 char 20: no global function "f" defined'],
  ['a minus before a string', "var x = -'a'\nstream|from()", "line 1 char 9: invalid arugument to '-' a"],
  [
    'a property that is not there',
    'stream|from().groupBy(stream.nope)',
    'object *pipeline.StreamNode has no property nope',
  ],
  [
    'a call on a function',
    'stream\nfrom().measurement(5)',
    'line 2 char 8: error calling func "measurement" on obj tick.unboundFunc: reflect: NumField of non-struct type',
  ],
  ['a script without a source', "var a = 'x'\na|where(lambda: TRUE)", 'invalid task type: invalid'],
  ['a script with both sources', "stream|from()\nbatch|query('q')", 'invalid task type: invalid'],
  [
    'the other source inside of a call',
    "stream|from()|union(batch|query('q'))",
    'name "batch" is undefined. Names in scope: time,stream',
  ],
  ['a source alone', 'stream', 'task does nothing'],
];

describe('a script is refused', () => {
  it.each(refused)('for %s', (_behaviour, script, text) => {
    expect(refusal(script)).toBe(text);
  });

  it('for an argument that is not the one a UDF declares', () => {
    const udfs = [{ name: 'f', wants: 'stream', provides: 'stream', options: { size: ['INT'] } }] as const;
    expect(refusal("stream|from()@f().size('a')", { udfs })).toBe(
      'line 1 char 19: error calling func "size" on obj *pipeline.UDFNode: unexpected arg to size, got STRING expected INT',
    );
    expect(refusal('stream|from()@f().size()', { udfs })).toContain(
      'unexpected number of args to size, got 0 expected 1',
    );
    expect(refusal('stream|from()|f()', { udfs })).toBe(
      "line 1 char 15: no chaining method \"f\" on *pipeline.FromNode, but dynamic method does exist. Use '@' operator instead: 'node@f(..)'.",
    );
  });

  it('with the kind of the error and its place', () => {
    const error = (() => {
      try {
        compile('stream\n  |fro()');
      } catch (thrown) {
        return thrown;
      }
      return undefined;
    })();
    expect(error).toBeInstanceOf(ScriptError);
    expect(error).toMatchObject({ kind: 'evaluation', position: { line: 2, char: 4 } });
  });

  it('instead of growing without bound', () => {
    const lambdas = [
      'var l0 = lambda: 1',
      ...Array.from({ length: 60 }, (_, i) => `var l${i + 1} = lambda: l${i} + l${i}`),
    ];
    expect(refusal([...lambdas, 'stream|from()|where(l60)'].join('\n'))).toBe(
      'the expression becomes too large with what it captures',
    );
    const uses = Array.from({ length: 60 }, () => 'stream|from()|where(l12)');
    expect(refusal([...lambdas.slice(0, 13), ...uses].join('\n'))).toBe(
      'the lambdas of the script are too large together',
    );
    const strings = ["var s0 = 'aaaaaaaa'", ...Array.from({ length: 60 }, (_, i) => `var s${i + 1} = s${i} + s${i}`)];
    expect(refusal([...strings, 'stream|from().measurement(s60)'].join('\n'))).toContain('the string becomes too long');
    expect(refusal("var a = ['x']\nvar b = [a, a]\nstream|from()")).toBe('a list cannot hold a list');
  });
});

describe('a long script', () => {
  const chain = (nodes: number) => `stream|from()${"|httpOut('x')".repeat(nodes - 2)}`;

  it('compiles whatever the length of its expressions', () => {
    const row = `stream|from()|where(lambda: TRUE${' AND "x" > 1'.repeat(5_000)})`;
    expect(compile(row).pipeline.nodes).toHaveLength(3);
  });

  it('has 1000 nodes at most', () => {
    expect(compile(chain(1000)).pipeline.nodes).toHaveLength(1000);
    expect(refusal(chain(1001))).toBe('the script has more than 1000 nodes');
    expect(refusal(chain(50_000))).toBe('the script has more than 1000 nodes');
  });
});
