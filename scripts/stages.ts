/** One step of `npm run check` or `npm test`. */
export interface Stage {
  name: string;
  /** Searched in node_modules/.bin first. */
  command: string;
  args: readonly string[];
  /**
   * The projects of vitest whose tests it runs. Their tests count by its report. A stage without a
   * project is a check, which counts as one.
   */
  projects: readonly string[];
}

/** Both lists run at the same time, and each of them in its order. */
export interface Plan {
  /** The stages that leave a processor free for most of their time. */
  readonly main: readonly Stage[];
  /** The others. Their output comes at their end. */
  readonly beside: readonly Stage[];
}

const QUICK_CHECKS: readonly Stage[] = [
  { name: 'format and lint', command: 'biome', args: ['ci', '--colors=off', '.'], projects: [] },
  // Each checker of the compiler reads the types of the packages again.
  { name: 'types', command: 'tsc', args: ['--noEmit', '--checkers', '1'], projects: [] },
  {
    name: 'types of the page',
    command: 'tsc',
    args: ['-p', 'tsconfig.control-room.json', '--checkers', '1'],
    projects: [],
  },
  {
    name: 'generated files',
    command: 'node',
    args: ['scripts/render.ts', '--check'],
    projects: [],
  },
  { name: 'API document', command: 'node', args: ['scripts/lint-openapi.ts'], projects: [] },
];

/** Stages without Redis and network: format, lint, types, generated files, API document, unit tests. */
export const CHECK: Plan = { main: [testsOf('unit')], beside: QUICK_CHECKS };

/**
 * The check, the official SDK against the sandbox, and the stage with a real Redis. Its two projects
 * run in one group, so that the tests of one use the time in which those of the other wait.
 */
export const TEST: Plan = {
  main: [testsOf('unit'), testsOf('integration', 'e2e')],
  beside: [...QUICK_CHECKS, testsOf('contract')],
};

function testsOf(...projects: readonly string[]): Stage {
  return {
    name: `${projects.join(' and ')} tests`,
    command: 'vitest',
    args: ['run', ...projects.flatMap((project) => ['--project', project])],
    projects,
  };
}
