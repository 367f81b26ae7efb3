import { describe, expect, it } from 'vitest';
import { prettyLine } from './log-lines.mjs';

describe('a line of the log for people', () => {
  it('has time, level, service, message and fields', () => {
    const line = '{"level":40,"time":0,"service":"recorder","task":"cpu","n":2,"msg":"late"}';
    expect(prettyLine('recorder', line)).toBe('00:00:00.000 WARN  recorder            late task=cpu n=2');
  });

  it('shows what is not JSON as it is', () => {
    expect(prettyLine('recorder', '{ not json')).toBe('recorder  { not json');
  });
});
