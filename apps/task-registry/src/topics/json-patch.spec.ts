import { describe, expect, it } from 'vitest';
import type { Json } from './json';
import { applyPatch, readPatch } from './json-patch';

const apply = (document: Json, ...operations: Json[]) => applyPatch(document, readPatch(operations));

describe('JSON Patch', () => {
  // The examples of RFC 6902, appendix A.
  it.each<[string, Json, Json, Json]>([
    ['adds a member', { foo: 'bar' }, { op: 'add', path: '/baz', value: 'qux' }, { foo: 'bar', baz: 'qux' }],
    [
      'adds an item',
      { foo: ['bar', 'baz'] },
      { op: 'add', path: '/foo/1', value: 'qux' },
      { foo: ['bar', 'qux', 'baz'] },
    ],
    ['removes a member', { baz: 'qux', foo: 'bar' }, { op: 'remove', path: '/baz' }, { foo: 'bar' }],
    ['removes an item', { foo: ['bar', 'qux'] }, { op: 'remove', path: '/foo/0' }, { foo: ['qux'] }],
    ['replaces a value', { baz: 'qux' }, { op: 'replace', path: '/baz', value: 'boo' }, { baz: 'boo' }],
    ['replaces an item', { foo: [1, 2] }, { op: 'replace', path: '/foo/1', value: 3 }, { foo: [1, 3] }],
    ['moves a value', { a: { b: 1 }, c: {} }, { op: 'move', from: '/a/b', path: '/c/d' }, { a: {}, c: { d: 1 } }],
    [
      'moves an item',
      { foo: ['a', 'b', 'c'] },
      { op: 'move', from: '/foo/0', path: '/foo/2' },
      { foo: ['b', 'c', 'a'] },
    ],
    ['copies a value', { a: [1] }, { op: 'copy', from: '/a', path: '/b' }, { a: [1], b: [1] }],
    ['adds a nested object', { foo: 'bar' }, { op: 'add', path: '/c', value: { d: {} } }, { foo: 'bar', c: { d: {} } }],
    ['appends to an array', { foo: ['bar'] }, { op: 'add', path: '/foo/-', value: ['x'] }, { foo: ['bar', ['x']] }],
    ['reads escapes in order', { '/': 9, '~1': 10 }, { op: 'test', path: '/~01', value: 10 }, { '/': 9, '~1': 10 }],
    [
      'compares deeply',
      { a: { x: 1, y: [2] } },
      { op: 'test', path: '/a', value: { y: [2], x: 1 } },
      { a: { x: 1, y: [2] } },
    ],
    ['replaces the document', { a: 1 }, { op: 'replace', path: '', value: { b: 2 } }, { b: 2 }],
    ['takes null for a value', { a: 1 }, { op: 'add', path: '/a', value: null }, { a: null }],
  ])('%s', (_name, document, operation, expected) => {
    expect(apply(document, operation)).toEqual(expected);
  });

  it.each<[Json, Json, string]>([
    [{ a: 1 }, { op: 'remove', path: '/nope' }, 'Unable to remove nonexistent key: nope'],
    [
      { a: 1 },
      { op: 'add', path: '/b/c', value: 1 },
      'jsonpatch add operation does not apply: doc is missing path: /b/c',
    ],
    [
      { a: 1 },
      { op: 'replace', path: '/b', value: 1 },
      'jsonpatch replace operation does not apply: doc is missing key: /b',
    ],
    [{ a: 1 }, { op: 'test', path: '/a', value: 2 }, 'Testing value /a failed'],
    [{ a: '10' }, { op: 'test', path: '/a', value: 10 }, 'Testing value /a failed'],
    [{ a: [1] }, { op: 'add', path: '/a/2', value: 1 }, 'Unable to access invalid index: 2'],
    [{ a: [1] }, { op: 'remove', path: '/a/01' }, 'Invalid index referenced: 01 in an array of 1'],
    [{ a: {} }, { op: 'move', from: '/a', path: '/a/b' }, 'cannot move /a into itself'],
    [{ a: 1 }, { op: 'remove', path: '/constructor' }, 'Unable to remove nonexistent key: constructor'],
  ])('on %j refuses %j', (document, operation, message) => {
    expect(() => apply(document, operation)).toThrow(message);
  });

  it('leaves the document alone when a later operation fails', () => {
    const document = { a: { b: 1 } };
    const operations: Json[] = [
      { op: 'add', path: '/a/c', value: 2 },
      { op: 'remove', path: '/x' },
    ];
    expect(() => apply(document, ...operations)).toThrow();
    expect(document).toEqual({ a: { b: 1 } });
  });

  it('adds a member of any name without changing what objects are', () => {
    const patched = apply({}, { op: 'add', path: '/__proto__', value: { polluted: true } });
    expect(Object.hasOwn(patched as object, '__proto__')).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each<[Json, string]>([
    [{}, 'json: cannot unmarshal object into Go value of type jsonpatch.Patch'],
    [[1], 'json: cannot unmarshal number into Go value of type jsonpatch.operation'],
    [[{ op: 'merge', path: '/a' }], 'Unexpected kind: merge'],
    [[{ op: 'add', path: '/a' }], 'add operation without value'],
    [[{ op: 'copy', path: '/a' }], 'copy operation without from'],
    [[{ op: 'remove' }], 'remove operation without path'],
  ])('refuses %j', (patch, message) => {
    expect(() => readPatch(patch)).toThrow(message);
  });
});
