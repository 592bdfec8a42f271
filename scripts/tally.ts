/** The numbers of passed, failed and skipped tests. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** The part of the JSON report of vitest that counts. */
export interface TestReport {
  testResults: readonly {
    /** The path of the file. */
    name: string;
    status: string;
    assertionResults: readonly { status: string }[];
  }[];
}

/** An empty tally. */
export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };

/** Adds tallies. */
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
 * Counts the tests of a run. A failure outside a test counts as one: a file that does not load, an
 * unhandled rejection, a crash before the report, or a project without a test.
 */
export function tallyTests(
  report: TestReport | undefined,
  exitCode: number,
  projects: readonly string[],
): Tally {
  const files = report?.testResults ?? [];
  const tally = sumUp(files.map(tallyFile));
  const idle = projects.filter((project) => !hasRun(files, project)).length;
  const unseen = exitCode !== 0 && tally.failed + idle === 0 ? 1 : 0;
  return { ...tally, failed: tally.failed + idle + unseen };
}

/** The files of a project are in the folder of its name. */
function hasRun(files: TestReport['testResults'], project: string): boolean {
  const { passed, failed } = sumUp(
    files.filter(({ name }) => name.includes(`/test/${project}/`)).map(tallyFile),
  );
  return passed + failed > 0;
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

/** The last line of a run: `N passed, N failed`, and `, N skipped` after skipped tests. */
export function describeTally({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
