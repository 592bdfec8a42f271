import { afterEach, expect, test, vi } from 'vitest';
import { message, openSystem } from '../../support/system.ts';

const KIND = 'message-transmission';
const HOUR_MS = 3_600_000;

afterEach(() => {
  vi.useRealTimers();
});

test.for([
  ['behind', -HOUR_MS],
  ['ahead', HOUR_MS],
] as const)('a producer whose clock is an hour %s gives its jobs the time of Redis', async ([, skewMs]) => {
  const system = await openSystem();
  const producer = system.openProducer();
  const startMs = Date.now();
  const expiresAt = new Date(startMs + 2 * HOUR_MS).toISOString();
  vi.useFakeTimers({ toFake: ['Date'], now: startMs + skewMs });

  const { jobIds } = await producer.enqueue(KIND, message({ expiresAt }));

  vi.useRealTimers();
  const job = await system.queues.of(KIND, 'acme').getJob(jobIds[0] ?? '');
  expect(job?.timestamp).toBeGreaterThanOrEqual(startMs);
  expect(job?.timestamp).toBeLessThanOrEqual(Date.now());
});
