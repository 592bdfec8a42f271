import { expect, test } from 'vitest';
import { SHORT_FORM } from '../chaos/registry.ts';
import { runFaults } from '../chaos/run-row.ts';

/** `npm run chaos` has these faults as rows of their own, and the others. */
const SHORT = {
  name: 'short form',
  // Short, so that other workers soon notice a death.
  settings: { REQUEST_TIMEOUT: '3s', LOCK_DURATION: '6s' },
  appendfsync: 'always',
  rules: { deadLetters: ['JOB_CRASHED_WORKERS'] },
} as const;
const SEED = 4711;

test(`${SHORT_FORM.map(({ name }) => name).join(', ')}: nothing is lost, late, or doubled in silence`, {
  timeout: 300_000,
}, async () => {
  const row = await runFaults(SHORT_FORM, SHORT, {
    scale: { rounds: 1, replicas: 2, perSecond: 20 },
    seed: SEED,
  });

  expect(row.failures).toEqual([]);
  expect(row).toMatchObject({ lost: 0, outOfOrder: 0, callbacksMissing: 0 });
  expect(row.faults).toBeGreaterThan(SHORT_FORM.length);
});
