import { DurationValue } from '@supercap/data-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePipeline, encodePipeline, PipelineFormatError } from './codec';
import type { Pipeline } from './pipeline';
import { compile } from './testing/test-catalog';

const withOptions = (options: Record<string, unknown>): Pipeline => ({
  version: 1,
  type: 'stream',
  nodes: [
    { id: 0, name: 'stream0', kind: 'stream', parents: [], children: [], provides: 'stream', quiet: false, options },
  ],
});

describe('a pipeline as JSON', () => {
  it('comes back as it was', () => {
    const { pipeline } = compile(
      `var re = /a\\/b/
      var c = lambda: count()
      var a = stream|from().measurement('m').groupBy(*).where(lambda: "h" =~ re AND c > 9007199254740993)
      var b = a|window().period(10s).quiet()
      a|join(b).as('a', 'b')|alert().crit(lambda: "v" > 1.0 OR "d" > 1h).slack()
      a|deadman(0.0, 10s)`,
    );
    expect(decodePipeline(encodePipeline(pipeline))).toEqual(pipeline);
  });

  it('keeps every value exactly', () => {
    const scalar = fc.oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double(),
      fc.string(),
      fc.boolean(),
      fc.constant(undefined),
      fc.constant(null),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((ns) => new DurationValue(ns)),
    );
    const key = fc.oneof(fc.string(), fc.constantFrom('$int', '$object', 'kind', 'left'));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, scalar, fc.array(tie('value')), fc.dictionary(key, tie('value'))),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, value), (options) => {
        const pipeline = withOptions(options);
        expect(decodePipeline(encodePipeline(pipeline))).toEqual(pipeline);
      }),
    );
  });

  it('holds rows of operators of any length', () => {
    const { pipeline } = compile(`stream|from()|where(lambda: TRUE${' AND "x" > 1'.repeat(5_000)})`);
    const decoded = decodePipeline(encodePipeline(pipeline));
    expect(encodePipeline(decoded)).toBe(encodePipeline(pipeline));
  });

  it.each([
    ['{', 'not JSON'],
    ['[]', 'a pipeline is an object'],
    ['{"version":2,"type":"stream","nodes":[]}', 'version 2 of a pipeline is not known, only 1 is'],
    ['{"version":1,"type":"x","nodes":[]}', '"type" must be stream or batch, got x'],
    ['{"version":1,"type":"stream"}', '"nodes" must be a list'],
    ['{"version":1,"type":"stream","nodes":[{"id":"0"}]}', '"id" of a node is missing or of a wrong type'],
    [
      '{"version":1,"type":"stream","nodes":[{"$int":"9223372036854775808"}]}',
      '"9223372036854775808" is not an int of 64 bits',
    ],
    ['{"version":1,"type":"stream","nodes":[{"$new":1}]}', '"$new" is not known in a pipeline'],
    [
      '{"version":1,"type":"stream","nodes":[{"id":0,"name":"a0","kind":"a","parents":[],"children":[1],"provides":"stream","quiet":false,"options":{}}]}',
      'a0 refers to node 1, which is missing',
    ],
    [`${'['.repeat(3_000)}${']'.repeat(3_000)}`, 'the pipeline is nested too deeply'],
  ])('is refused when it is none: %s', (json, message) => {
    expect(() => decodePipeline(json)).toThrow(PipelineFormatError);
    expect(() => decodePipeline(json)).toThrow(message);
  });
});
