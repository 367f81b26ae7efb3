import { describe, expect, it } from 'vitest';
import { logError, LogFullError, LogUnavailableError } from './errors';

const full = () => 'no space left on the disk';

describe('a failed append', () => {
  it.each([new Error('read ECONNRESET'), new LogUnavailableError('no connection')])('says why: %s', (error) => {
    expect(logError(error, full).message).toBe('the write log is unavailable: no space left on the disk');
  });

  it('says what is known when nothing explains it', () => {
    expect(logError(new Error('x'), () => undefined).message).toBe('the write log is unavailable: x');
  });

  it('for a full log has nothing to do with it', () => {
    expect(logError(new LogFullError('9 of 8 bytes'), full).message).toBe('the write log is full: 9 of 8 bytes');
  });
});
