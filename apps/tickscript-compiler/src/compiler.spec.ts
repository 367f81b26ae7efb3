import { nodeDefinitions } from '@supercap/nodes';
import { createCatalog, defaultDeadman } from '@supercap/pipeline';
import type { compiler } from '@supercap/protocol';
import { describe, expect, it } from 'vitest';
import { Compiler } from './compiler';

const service = new Compiler(createCatalog(nodeDefinitions), { deadman: defaultDeadman, scriptBytes: 1000 });

const request = (script: string, more: Partial<compiler.CompileRequest> = {}): compiler.CompileRequest => ({
  script,
  type: '',
  varsJson: '',
  template: false,
  dialect: 'v1',
  taskId: 't',
  ...more,
});

describe('compiler service', () => {
  it('answers with the pipeline, the graphs and the canonical text', () => {
    const { compiled } = service.compile(request(`dbrp "a"."b" stream|from().measurement('m')|log()`));
    expect(compiled).toMatchObject({
      type: 'stream',
      dbrps: [{ db: 'a', rp: 'b' }],
      dot: 'digraph t {\nstream0 -> from1;\nfrom1 -> log2;\n}',
      formatted: `dbrp "a"."b"\n\nstream\n    |from()\n        .measurement('m')\n    |log()\n`,
    });
  });

  it('takes both dialects, each where it belongs', () => {
    const script = `stream.from().measurement('m').alert().crit(lambda: TRUE)`;
    expect(service.compile(request(script)).error?.message).toContain(`Use '|' operator instead`);
    expect(service.compile(request(script, { dialect: '2016', type: 'stream' })).compiled?.legacyDot).toBe(
      'digraph t {\nstream0 -> stream1;\nstream1 -> alert2;\n}',
    );
  });

  it('says which part of the request is wrong', () => {
    expect(service.compile(request('var x = 1')).error).toEqual({
      kind: 'type',
      message: 'invalid task type: invalid',
    });
    expect(service.compile(request('stream|', {})).error?.kind).toBe('script');
    expect(
      service.compile(request('stream|from()', { varsJson: '{"a":{"type":"int","value":"x"}}' })).error?.kind,
    ).toBe('json');
    expect(service.compile(request(' '.repeat(1001))).error?.message).toBe(
      'script of 1001 bytes is larger than the limit of 1000',
    );
  });

  it('gives vars that are longer than a float can hold', () => {
    const { compiled } = service.compile(
      request(`var x = 9223372036854775807
stream|from()|log()`),
    );
    expect(compiled?.varsJson).toContain('"value":9223372036854775807');
  });

  it('tells of vars that cannot be read as of anything else that is wrong', () => {
    const broken = request('stream|from()|log()', { varsJson: '{' });
    expect(service.compile(broken).error).toEqual({ kind: 'json', message: 'invalid JSON' });
    expect(service.diagnose(broken).diagnostics).toHaveLength(1);
  });

  it('completes at a place counted in bytes', () => {
    const { completions } = service.complete({ script: `var é = stream|fro`, offset: 19 });
    expect(completions.map(({ name }) => name)).toContain('from');
  });
});
