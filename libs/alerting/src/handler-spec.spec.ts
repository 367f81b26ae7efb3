import { describe, expect, it } from 'vitest';
import { defineAlertHandler } from './handler';
import { handlerSpecProblem, prepareHandler } from './handler-spec';
import { parseLevel, unknownLevel } from './levels';
import { option } from './options';

const spec = { topic: 't', id: 'h', kind: 'tcp', options: {}, match: '' };
const tcp = defineAlertHandler({
  kind: 'tcp',
  summary: 'Writes to a connection.',
  topic: { goType: '*alert.TCPHandlerConfig', options: { address: option.string('host:port') } },
});
const handlerOf = (kind: string) => (kind === 'tcp' ? tcp : undefined);
const configuration = { hasEndpoint: () => false };

describe('the spec of a topic handler', () => {
  it('needs an id, a kind and the name of a topic', () => {
    expect(handlerSpecProblem(spec)).toBeUndefined();
    expect(handlerSpecProblem({ ...spec, id: 'é-1._' })).toBeUndefined();
    expect(handlerSpecProblem({ ...spec, topic: 'main:task:alert2' })).toBeUndefined();
    expect(handlerSpecProblem({ ...spec, id: 'a:b' })).toContain('handler ID must contain only');
    expect(handlerSpecProblem({ ...spec, kind: '' })).toBe('handler Kind must not be empty');
    expect(handlerSpecProblem({ ...spec, id: 'a b' })).toBe(
      `handler ID must contain only letters, numbers, '-', '.' and '_'. "a b"`,
    );
    expect(handlerSpecProblem({ ...spec, id: '' })).toBe(
      `handler ID must contain only letters, numbers, '-', '.' and '_'. ""`,
    );
    expect(handlerSpecProblem({ ...spec, topic: 'a b' })).toBe(
      `handler topic must contain only letters, numbers, '-', '.' and '_'. "h"`,
    );
  });

  it('is refused for an unknown kind and for options that its kind does not have', () => {
    expect(() => prepareHandler({ ...spec, kind: 'nope' }, handlerOf, configuration)).toThrow(
      'unsupported action kind "nope"',
    );
    expect(() => prepareHandler({ ...spec, options: { path: '/x' } }, handlerOf, configuration)).toThrow(
      "failed to decode options into *alert.TCPHandlerConfig: 1 error(s) decoding:\n\n* '' has invalid keys: path",
    );
  });

  it('is accepted for a kind that cannot deliver, which is said when an event comes', () => {
    expect(prepareHandler(spec, handlerOf, configuration).problem).toBe(
      'alert handler "tcp" is known but cannot deliver events in this version',
    );
  });
});

describe('a minimum level', () => {
  it('is any beginning of its name, in any case', () => {
    expect(['', 'o', 'info', 'W', 'crit'].map(parseLevel)).toEqual(['OK', 'OK', 'INFO', 'WARNING', 'CRITICAL']);
    expect(parseLevel('bad')).toBeUndefined();
    expect(unknownLevel('bad')).toBe("unknown alert level 'BAD'");
  });
});
