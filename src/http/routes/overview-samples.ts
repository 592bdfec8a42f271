import type { z } from 'zod';
import type { overview } from './overview-schemas.ts';
import { sampleEndpoint } from './webhook-schemas.ts';

const counts = { accepted: 203, delivered: 196, failed: 3, expired: 1, held: 0, retry: 1, throttled: 1 };

const hour = { counts, deliveryRate: 98, successRate: 98, latency: { p50: 86.7, p95: 216, p99: 447 } };

const minute = {
  counts: { accepted: 3, delivered: 0, failed: 0, expired: 0, held: 0, retry: 0, throttled: 1 },
  deliveryRate: null,
  successRate: null,
  latency: null,
};

const paused = { reason: 'rate-limited', until: '2026-03-01T09:31:10.512Z' } as const;

const load = { inFlight: 2, runnable: 1, throttled: 12 };

const ages = { oldestRunnableSeconds: 0, oldestWaitingSeconds: 4.2 };

export const sampleOverview: z.output<typeof overview> = {
  at: '2026-03-01T09:31:04.512Z',
  from: { minute: '2026-03-01T09:30:00.000Z', hour: '2026-03-01T08:30:00.000Z' },
  total: { waiting: 15, ...load, minute, hour },
  tenants: [
    {
      id: 'acme',
      state: 'paused',
      ...paused,
      waiting: 15,
      ...load,
      ...ages,
      buckets: [{ class: 'messages', level: 0, burst: 100, ...load, ...ages, ...paused }],
      minute,
      hour,
      endpoints: { well: 1, failing: 0, paused: 0, disabled: 1 },
    },
  ],
  endpointsInTrouble: [sampleEndpoint],
  workers: [
    {
      name: 'host-a-4711-5f0c2d9e',
      version: '0.1.0',
      queues: ['message-transmission', 'card-delivery'],
      inHand: 2,
      startedAt: '2026-03-01T08:00:00.000Z',
      beatAt: '2026-03-01T09:31:04.100Z',
    },
  ],
  relay: { waiting: 0, lagSeconds: 0 },
  redis: { memoryBytes: 41_943_040, memoryLimitBytes: 4_294_967_296, clockSkewSeconds: 0 },
};
