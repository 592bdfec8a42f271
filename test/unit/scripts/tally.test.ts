import { expect, test } from 'vitest';
import { describeTally, sumUp, tallyTests } from '../../../scripts/tally.ts';

test('tests of all files count by their status', () => {
  const report = {
    testResults: [file('failed', 'passed', 'failed', 'passed'), file('passed', 'passed', 'skipped', 'todo')],
  };

  expect(tallyTests(report, 1, ['unit'])).toEqual({ passed: 3, failed: 1, skipped: 2 });
});

test('a file that does not load counts as one failure', () => {
  const report = { testResults: [file('failed'), file('failed', 'failed', 'passed')] };

  expect(tallyTests(report, 1, ['unit'])).toEqual({ passed: 1, failed: 2, skipped: 0 });
});

test('a run that fails although all tests pass counts as one failure', () => {
  const report = { testResults: [file('passed', 'passed')] };

  expect(tallyTests(report, 1, ['unit'])).toMatchObject({ passed: 1, failed: 1 });
});

test('a run without a report, or without a test, counts as one failure', () => {
  const skipped = { testResults: [file('passed', 'skipped')] };

  expect(tallyTests(undefined, 1, ['unit'])).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(tallyTests(undefined, 0, ['unit'])).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(tallyTests(skipped, 0, ['unit'])).toMatchObject({ passed: 0, failed: 1 });
});

test('a project without a test counts as one failure, also beside another project', () => {
  const report = { testResults: [file('passed', 'passed')] };

  expect(tallyTests(report, 0, ['unit', 'e2e'])).toMatchObject({ passed: 1, failed: 1 });
});

test('two tallies add up', () => {
  const one = { passed: 1, failed: 2, skipped: 3 };

  expect(sumUp([one, one, { passed: 10, failed: 0, skipped: 0 }])).toEqual({
    passed: 12,
    failed: 4,
    skipped: 6,
  });
});

test('the last line names skipped tests only if there are any', () => {
  expect(describeTally({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  expect(describeTally({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
});

function file(status: string, ...tests: string[]) {
  const name = '/project/test/unit/a.test.ts';
  return { name, status, assertionResults: tests.map((status) => ({ status })) };
}
