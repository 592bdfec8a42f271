/** One thing that `npm run check` or `npm test` runs. */
export interface Stage {
  name: string;
  /** Looked up in node_modules/.bin first. */
  command: string;
  args: readonly string[];
  /** A check counts as one; tests are counted by vitest's report. */
  counts: 'as-one' | 'each-test';
  /** A file without which there is nothing to do yet. */
  needs?: string;
}

/** What needs neither Redis nor the network: format, lint, types, generated files, unit tests with the layer rules. */
export const CHECKS: readonly Stage[] = [
  { name: 'format and lint', command: 'biome', args: ['ci', '--colors=off', '.'], counts: 'as-one' },
  { name: 'types', command: 'tsc', args: ['--noEmit'], counts: 'as-one' },
  {
    name: 'generated files',
    command: 'node',
    args: ['scripts/render.ts', '--check'],
    counts: 'as-one',
    needs: 'scripts/render.ts',
  },
  testsOf('unit'),
];

/** What needs a real Redis, from the small to the whole. */
export const SUITES: readonly Stage[] = [testsOf('integration'), testsOf('contract'), testsOf('e2e')];

function testsOf(project: string): Stage {
  return {
    name: `${project} tests`,
    command: 'vitest',
    args: ['run', '--project', project],
    counts: 'each-test',
  };
}
