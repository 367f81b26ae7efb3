import type { registry } from '@supercap/protocol';
import type { StoredTask } from '@supercap/storage';
import { describe, expect, it } from 'vitest';
import { legacyDefinition } from './legacy-definition';

const stored: StoredTask = {
  id: 't',
  type: 'stream',
  templateId: '',
  script: 'stream|from()',
  dialect: 'v1',
  vars: '{"x":{"type":"int","value":1,"description":""}}',
  dbrps: [{ db: 'a', rp: 'b' }],
  enabled: false,
  revision: 1,
  created: new Date(0),
  modified: new Date(0),
  lastEnabled: null,
};
const define = (request: Partial<registry.DefineTaskRequest>, before?: StoredTask) =>
  legacyDefinition({ name: 'a "b"', ...request }, before);

describe('definition of the 2016 API', () => {
  it('checks in the order that clients know', () => {
    const wrong = { dbrpsError: 'not JSON', snapshotError: 'invalid duration' };
    const dbrps = { items: [] };
    expect(() => define(wrong)).toThrow('no task with name "a \\"b\\"" exists cannot infer type.');
    expect(() => define({ ...wrong, type: '' })).toThrow('no task with name "a \\"b\\"" exists cannot infer type.');
    expect(() => define({ ...wrong, type: 'strom' })).toThrow('unknown type "strom"');
    expect(() => define({ ...wrong, type: 'stream' })).toThrow('must provide TICKscript via POST data.');
    expect(() => define({ ...wrong, type: 'stream', script: 'stream' })).toThrow('not JSON');
    const noDbrps = { type: 'stream', script: 'stream', snapshotError: 'invalid duration' };
    expect(() => define(noDbrps)).toThrow('must provide at least one database and retention policy.');
    expect(() => define({ ...noDbrps, dbrps })).toThrow('invalid duration');
    expect(define({ type: 'stream', script: 'stream', dbrps })).toMatchObject({
      dialect: '2016',
      dbrps: [],
      vars: '{}',
    });
  });

  it('changes only what is given', () => {
    expect(define({}, stored)).toBeUndefined();
    expect(define({ type: 'unheard of' }, stored)).toBeUndefined();
    expect(define({ dbrps: { items: [{ db: 'c', rp: '' }] } }, stored)).toEqual({
      type: 'stream',
      templateId: '',
      script: stored.script,
      dialect: 'v1',
      vars: stored.vars,
      dbrps: [{ db: 'c', rp: '' }],
    });
    expect(define({ type: 'batch' }, stored)).toMatchObject({ type: 'batch', script: stored.script });
  });

  it('reads a new script by the rules of its time, and takes the task from its template', () => {
    expect(define({ script: 'stream.from()' }, { ...stored, templateId: 'tm' })).toMatchObject({
      dialect: '2016',
      templateId: '',
      vars: stored.vars,
    });
  });
});
