import { expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { openLink } from '../../support/link.ts';
import { openReceiver } from '../../support/receiver.ts';
import { message, openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const MESSAGES = 1500;

async function measure(oneWayMs: number, ratePerSecond: number) {
  const receiver = await openReceiver();
  const limit = { capacity: ratePerSecond, ratePerSecond };
  const system = await openSystem({
    tenants: [{ id: 'acme', limit, callback: { url: receiver.url } }],
    environment: { LOG_LEVEL: 'info', REQUEST_TIMEOUT: '15s', LOCK_DURATION: '30s' },
  });
  const link = await openLink(system.redis.url, oneWayMs, oneWayMs);
  const worker = await startWorker(system, { REDIS_URL: link.url, LOG_LEVEL: 'info' });
  const producer = system.openProducer();
  const jobs = Array.from({ length: MESSAGES }, (_, i) => message({ conversationId: `c-${i % 400}` }));
  const start = performance.now();
  await producer.enqueueMany(KIND, jobs, { onReport: () => {} } as never);
  await waitFor(() => system.sandbox.stats().accepted >= MESSAGES, { what: 'all', deadlineMs: 120_000 });
  const took = performance.now() - start;
  await waitFor(() => receiver.received.length >= MESSAGES, { what: 'callbacks', deadlineMs: 120_000 });
  const all = performance.now() - start;
  const alarms = worker.stdout.filter((line) => line.includes('a worker died')).length;
  console.log({
    oneWayMs,
    ratePerSecond,
    took,
    all,
    perSecond: MESSAGES / (took / 1000),
    alarms,
    stats: system.sandbox.stats().duplicates,
  });
}

test('x', async () => {
  for (const rate of [100, 2000]) {
    await measure(0, rate);
    await measure(15, rate);
  }
}, 600_000);
