import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMatch, MatchError } from './match';
import { anEvent } from './testing/events';

const matches = (text: string, event = anEvent({})) => compileMatch(text)(event);

describe('a match expression', () => {
  it('knows the level of the event and whether it changed', () => {
    expect(matches('level() == CRITICAL')).toBe(true);
    expect(matches('level() >= WARNING AND changed() == TRUE')).toBe(true);
    expect(matches('changed()', anEvent({ level: 'INFO', previousLevel: 'INFO' }))).toBe(false);
    expect(matches('level() < INFO', anEvent({ level: 'OK' }))).toBe(true);
  });

  it('knows measurement, task and duration', () => {
    expect(matches(`name() == 'm' AND taskName() == 'task'`)).toBe(true);
    expect(matches('alertDuration() > 5s', anEvent({ duration: '6000000000' }))).toBe(true);
    expect(matches('duration() > 5s', anEvent({ duration: '6000000000' }))).toBe(true);
    expect(matches('alertDuration() > duration(7, 1s)', anEvent({ duration: '6000000000' }))).toBe(false);
  });

  it('reads the tags of the event', () => {
    const event = anEvent({ tags: { host: 'web1' } });
    expect(matches('"host" =~ /^web/', event)).toBe(true);
    expect(matches(`"host" == 'db'`, event)).toBe(false);
    expect(matches(`"zone" == 'x'`, event)).toEqual({ error: 'left reference value "zone" is missing value' });
  });

  it('judges each event anew', () => {
    const match = compileMatch('changed()');
    expect([match(anEvent({})), match(anEvent({ previousLevel: 'CRITICAL' })), match(anEvent({}))]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('is refused when it does not parse or uses an unknown name', () => {
    expect(() => compileMatch('level() ==')).toThrow(/^invalid match expression: /);
    expect(() => compileMatch('foo == 1')).toThrow(/^unknown identifier "foo"$/);
    expect(() => compileMatch('level() >= (LOW + 1)')).toThrow(/^unknown identifier "LOW"$/);
  });

  it('is accepted with an unknown function or without a boolean result, and fails on events', () => {
    expect(matches('nosuch() == 1')).toHaveProperty('error');
    expect(matches('1 + 1')).toHaveProperty('error');
  });

  it('never fails in any other way, whatever it is', () => {
    const piece = fc.constantFrom(
      'level()',
      '"host"',
      '==',
      'OK',
      '(',
      ')',
      'AND',
      '1s',
      "'x'",
      '/a/',
      '!',
      'changed()',
      'nope',
      '-',
      '*',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(' ')),
    );
    fc.assert(
      fc.property(text, (given) => {
        try {
          const outcome = compileMatch(given)(anEvent({ tags: { host: 'a' } }));
          expect(typeof outcome === 'boolean' || typeof outcome.error === 'string').toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(MatchError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
