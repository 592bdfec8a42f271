import { describe, expect, test } from 'vitest';
import { NOTHING_RECENT } from '../../../src/counts/recent.ts';
import type { BucketSurvey } from '../../../src/flow/decisions.ts';
import { tenantState } from '../../../src/survey/tenant-state.ts';

const AT = Date.UTC(2026, 0, 1, 12);

function bucket(fields: Partial<BucketSurvey> = {}): BucketSurvey {
  return {
    tenantId: 'acme',
    bucketClass: 'messages',
    level: 3,
    burst: 5,
    pausedForMs: 0,
    reason: '',
    lanesRunnable: 0,
    lanesThrottled: 0,
    inFlight: 0,
    oldestWaitingMs: 0,
    oldestReadyMs: 0,
    ...fields,
  };
}

function stateOf(buckets: readonly BucketSurvey[]) {
  const endpoints = { well: 1, failing: 0, paused: 0, disabled: 0 };
  const survey = { tenantId: 'acme', jobsWaiting: 7, endpoints, troubled: [] };
  return tenantState({ survey, buckets, recent: NOTHING_RECENT, atMs: AT });
}

describe('the state of a tenant', () => {
  test('runs without a pause', () => {
    expect(stateOf([bucket()])).toMatchObject({ state: 'running', reason: null, until: null, waiting: 7 });
    expect(stateOf([])).toMatchObject({ state: 'running', oldestWaitingSeconds: 0, buckets: [] });
  });

  test('is paused as long as the bucket that is paused longest, and says which bucket is', () => {
    const state = stateOf([
      bucket({ reason: 'rate-limited', pausedForMs: 1000 }),
      bucket({ bucketClass: 'cards', reason: 'circuit-open', pausedForMs: 90_000 }),
      bucket({ bucketClass: 'platform' }),
    ]);

    expect(state).toMatchObject({
      state: 'paused',
      reason: 'circuit-open',
      until: '2026-01-01T12:01:30.000Z',
    });
    expect(state.buckets.map(({ class: name, reason }) => [name, reason])).toEqual([
      ['messages', 'rate-limited'],
      ['cards', 'circuit-open'],
      ['platform', null],
    ]);
  });

  test('is suspended when Genesys Cloud refuses its credentials, whatever else is paused', () => {
    const state = stateOf([
      bucket({ reason: 'operator', pausedForMs: 3_600_000 }),
      bucket({ bucketClass: 'cards', reason: 'credentials-refused', pausedForMs: 10_000 }),
    ]);

    expect(state).toMatchObject({
      state: 'suspended',
      reason: 'credentials-refused',
      until: '2026-01-01T12:00:10.000Z',
    });
  });

  test('has no end of a pause that has none, and no words of an operator', () => {
    expect(stateOf([bucket({ reason: 'moving' })])).toMatchObject({
      state: 'paused',
      reason: 'moving',
      until: null,
    });
    const { reason } = stateOf([bucket({ reason: 'SECRET-WORDS', pausedForMs: 1 })]);
    expect(reason).toBe('operator');
  });

  test('adds up what its buckets have, and shows the oldest jobs of all', () => {
    expect(
      stateOf([
        bucket({
          inFlight: 2,
          lanesRunnable: 1,
          lanesThrottled: 4,
          oldestReadyMs: 1540,
          oldestWaitingMs: 9000,
        }),
        bucket({ bucketClass: 'cards', inFlight: 1, oldestReadyMs: 200, oldestWaitingMs: 200 }),
      ]),
    ).toMatchObject({
      inFlight: 3,
      runnable: 1,
      throttled: 4,
      oldestRunnableSeconds: 1.5,
      oldestWaitingSeconds: 9,
    });
  });
});
