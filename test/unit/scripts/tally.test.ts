import { expect, test } from 'vitest';
import { describeTally, sumUp, tallyTests } from '../../../scripts/tally.ts';

test('tests are counted by their status over all files', () => {
  const report = {
    testResults: [file('failed', 'passed', 'failed', 'passed'), file('passed', 'passed', 'skipped', 'todo')],
  };

  expect(tallyTests(report, 1)).toEqual({ passed: 3, failed: 1, skipped: 2 });
});

test('a file that does not load is a failure, beside those of other files', () => {
  const report = { testResults: [file('failed'), file('failed', 'failed', 'passed')] };

  expect(tallyTests(report, 1)).toEqual({ passed: 1, failed: 2, skipped: 0 });
});

test('a run that ends badly though all tests passed is a failure', () => {
  expect(tallyTests({ testResults: [file('passed', 'passed')] }, 1)).toMatchObject({ passed: 1, failed: 1 });
});

test('a run that came to no report is a failure, unless it had nothing to run', () => {
  expect(tallyTests(undefined, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(tallyTests(undefined, 0)).toEqual({ passed: 0, failed: 0, skipped: 0 });
});

test('tallies add up', () => {
  const one = { passed: 1, failed: 2, skipped: 3 };

  expect(sumUp([one, one, { passed: 10, failed: 0, skipped: 0 }])).toEqual({
    passed: 12,
    failed: 4,
    skipped: 6,
  });
});

test('skipped tests are named only when there are any', () => {
  expect(describeTally({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  expect(describeTally({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
});

function file(status: string, ...tests: string[]) {
  return { status, assertionResults: tests.map((status) => ({ status })) };
}
