import { describe, expect, it } from 'vitest';
import { createCatalog } from './catalog';
import { defineNode, property } from './definition';
import { describeCatalog } from './describe';
import { dot } from './dot';
import { edgeMismatch } from './edges';
import { toPipelineJson } from './pipeline-json';
import { compile, testCatalog } from './testing/test-catalog';

const node = (name: string, summary: string, more: object = {}) =>
  defineNode({
    name,
    goType: `*pipeline.${name}`,
    summary,
    edge: { wants: 'any', provides: 'same' },
    args: {},
    properties: {},
    ...more,
  });

describe('a catalog', () => {
  it('refuses a name twice, and names both places', () => {
    expect(() => createCatalog([node('a', 'First.'), node('A', 'Second.')])).toThrow(
      'two nodes are named "A": a (*pipeline.a: First.) and A (*pipeline.A: Second.)',
    );
    expect(() => createCatalog([node('stream', 'Mine.')])).toThrow('two nodes are named "stream"');
    expect(() => createCatalog([node('deadman', 'Mine.')])).toThrow('"deadman" is built in');
  });

  it('refuses a node that chains from one that does not exist', () => {
    expect(() => createCatalog([node('a', 'First.', { chainsFrom: ['nope'] })])).toThrow(
      'a (*pipeline.a: First.) chains from "nope", which is not in the catalog',
    );
  });

  it('refuses one name for two members of a node', () => {
    const x = property.flag('X.');
    expect(() => createCatalog([node('a', 'A.', { properties: { x, X: x } })])).toThrow('has "x" already');
  });

  it('finds methods with the first letter in either case', () => {
    expect(testCatalog.findMethod('HttpOut')?.name).toBe('httpOut');
    expect(testCatalog.findMethod('httpout')).toBeUndefined();
  });

  it('describes itself as plain data', () => {
    const { nodes, functions } = describeCatalog(testCatalog);
    expect(nodes.map(({ name }) => name)).toEqual(expect.arrayContaining(['deadman', 'from', 'stream']));
    expect(nodes.find(({ name }) => name === 'derivative')).toMatchObject({
      args: [{ name: 'field', type: 'string', optional: false, variadic: false }],
      properties: [{ name: 'as' }, { name: 'unit', default: '1s' }, { name: 'nonNegative', default: 'FALSE' }],
    });
    expect(nodes.find(({ name }) => name === 'alert')!.handlers.map(({ name }) => name)).toEqual(['slack', 'log']);
    expect(functions.find(({ name }) => name === 'sqrt')).toMatchObject({
      theme: 'math',
      signatures: [{ args: ['float'] }],
    });
    expect(JSON.parse(JSON.stringify({ nodes, functions }))).toEqual({ nodes, functions });
  });
});

describe('edges that do not fit', () => {
  it('may be defined, and are told when the task is to run', () => {
    const { pipeline } = compile('var a = stream|from()\nvar b = stream|from()|window()\na|union(b)');
    expect(dot(pipeline, 't')).toContain('window3 -> union5;');
    expect(edgeMismatch(pipeline, testCatalog)).toBe(
      'cannot add child mismatched edges: window3:batch -> union5:stream',
    );
  });

  it('do not exist in a sound pipeline', () => {
    const { pipeline } = compile(
      "var a = stream|from()|window()\nvar b = stream|from()|window()\na|union(b)|stats(1s)|httpOut('x')",
    );
    expect(edgeMismatch(pipeline, testCatalog)).toBeUndefined();
  });
});

describe('the public JSON of a pipeline', () => {
  it('has durations as text, lambdas as trees and no pass-throughs', () => {
    const { pipeline } = compile("stream|from().measurement('m').groupBy(*)|deadman(9.5, 90s)");
    const { nodes, edges } = JSON.parse(toPipelineJson(pipeline, testCatalog)) as { nodes: object[]; edges: object[] };
    expect(nodes).toMatchObject([
      { typeOf: 'stream', id: '0' },
      { typeOf: 'from', id: '1', measurement: 'm', groupBy: [{ typeOf: 'star' }] },
      { typeOf: 'stats', id: '2', interval: '90s', align: true },
      { typeOf: 'derivative', id: '4', field: 'emitted', unit: '90s', nonNegative: true },
      { typeOf: 'alert', id: '5', alertId: expect.any(String), crit: { typeOf: 'lambda' }, handlers: [] },
    ]);
    expect(edges).toEqual([
      { parent: '0', child: '1' },
      { parent: '1', child: '2' },
      { parent: '2', child: '4' },
      { parent: '4', child: '5' },
    ]);
  });
});
