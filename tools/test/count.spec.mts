import { describe, expect, it } from 'vitest';
import { countTests } from './count.mjs';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});

describe('the count of tests', () => {
  it('adds up the tests of all files', () => {
    const testResults = [file('passed', 'passed', 'passed', 'skipped'), file('failed', 'failed', 'passed', 'pending')];
    expect(countTests({ testResults })).toEqual({ passed: 3, failed: 1, skipped: 2 });
  });

  it('counts a file that could not be loaded, or whose set-up failed, as a failed test', () => {
    expect(countTests({ testResults: [file('failed'), file('failed', 'skipped')] })).toEqual({
      passed: 0,
      failed: 2,
      skipped: 1,
    });
  });
});
