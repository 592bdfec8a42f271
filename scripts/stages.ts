/** One step of `npm run check` or `npm test`. */
export interface Stage {
  name: string;
  /** Searched in node_modules/.bin first. */
  command: string;
  args: readonly string[];
  /** A check counts as one. Tests count by the report of vitest. */
  counts: 'as-one' | 'each-test';
}

/** Stages without Redis and network: format, lint, types, generated files, API document, unit tests. */
export const CHECKS: readonly Stage[] = [
  { name: 'format and lint', command: 'biome', args: ['ci', '--colors=off', '.'], counts: 'as-one' },
  { name: 'types', command: 'tsc', args: ['--noEmit'], counts: 'as-one' },
  {
    name: 'generated files',
    command: 'node',
    args: ['scripts/render.ts', '--check'],
    counts: 'as-one',
  },
  { name: 'API document', command: 'node', args: ['scripts/lint-openapi.ts'], counts: 'as-one' },
  testsOf('unit'),
];

/** Stages with a real Redis. */
export const SUITES: readonly Stage[] = [testsOf('integration'), testsOf('e2e')];

function testsOf(project: string): Stage {
  return {
    name: `${project} tests`,
    command: 'vitest',
    args: ['run', '--project', project],
    counts: 'each-test',
  };
}
