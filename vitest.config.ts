import { defineConfig } from 'vitest/config';

/** Tests that need a real Redis: one is started for the project and shared, each test with a prefix of its own. */
const withRedis = { globalSetup: ['test/support/global-redis.ts'], maxWorkers: 2 };

/** And a PostgreSQL, for those that ask for it. */
const withDatabases = {
  ...withRedis,
  globalSetup: [...withRedis.globalSetup, 'test/support/global-postgres.ts'],
};

export default defineConfig({
  test: {
    passWithNoTests: true,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          ...withDatabases,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          ...withRedis,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          ...withDatabases,
          // Each file starts processes enough to keep two cores busy.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
