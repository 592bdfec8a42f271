import { defineConfig } from 'vitest/config';

const common = {
  /** When to give up: far beyond what a loaded machine needs, so that no test fails for want of time. */
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000 } },
  /** The files of one worker share their modules. Loading them takes longer than most tests. */
  isolate: false,
  setupFiles: ['test/support/each-file.ts'],
};

/** Tests that need a real Redis: one is started for the project and shared, each test with a prefix of its own. */
const withRedis = {
  globalSetup: ['test/support/global-program.ts', 'test/support/global-redis.ts'],
  maxWorkers: 3,
};

/** And a PostgreSQL, for those that ask for it. */
const withDatabases = {
  ...withRedis,
  globalSetup: [...withRedis.globalSetup, 'test/support/global-postgres.ts'],
};

export default defineConfig({
  test: {
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
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          ...withDatabases,
          ...common,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          ...withDatabases,
          ...common,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
