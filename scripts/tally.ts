/** How many passed, failed and were skipped. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** The part of vitest's JSON report that is counted. */
export interface TestReport {
  testResults: readonly {
    status: string;
    assertionResults: readonly { status: string }[];
  }[];
}

/** A tally with nothing in it. */
export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };

/** Sums tallies up. */
export function sumUp(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    NOTHING,
  );
}

/**
 * Counts the tests of a run. What failed outside any test counts as one failure: a file that does not load, or a run
 * that ends badly though every test passed (an unhandled rejection, a crash before the report).
 */
export function tallyTests(report: TestReport | undefined, exitCode: number): Tally {
  const tally = sumUp((report?.testResults ?? []).map(tallyFile));
  const failsUnseen = exitCode !== 0 && tally.failed === 0;
  return failsUnseen ? { ...tally, failed: 1 } : tally;
}

function tallyFile({ status, assertionResults }: TestReport['testResults'][number]): Tally {
  const count = (...statuses: string[]) =>
    assertionResults.filter((test) => statuses.includes(test.status)).length;
  const passed = count('passed');
  const failed = count('failed');
  return {
    passed,
    failed: status === 'failed' && failed === 0 ? 1 : failed,
    skipped: assertionResults.length - passed - failed,
  };
}

/** The line a run ends with: `N passed, N failed`, and `, N skipped` when there are any. */
export function describeTally({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
