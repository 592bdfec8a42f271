import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

const common = {
  /** When to give up: far beyond what a loaded machine needs, so that no test fails for want of time. */
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 120_000 } },
  /** The files of one worker share their modules. Loading them takes longer than most tests. */
  isolate: false,
  setupFiles: ['test/support/each-file.ts'],
};

/**
 * Tests that need a real Redis, and maybe a PostgreSQL. The tests of a project share one of each.
 * Both projects form one group: the long waits of some files leave the processors to others.
 */
const withDatabases = {
  globalSetup: [
    'test/support/global-program.ts',
    'test/support/global-redis.ts',
    'test/support/global-postgres.ts',
  ],
  /** More than the processors of a small machine: most files wait for most of their time. */
  maxWorkers: 5,
  sequence: { groupOrder: 1 },
};

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          ...common,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          ...common,
          // The official SDK takes 100 MB. All files share it in one worker.
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          ...withDatabases,
          ...common,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          ...withDatabases,
          ...common,
        },
      },
    ],
  },
});
