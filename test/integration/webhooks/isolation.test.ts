import { expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { openReceiver, type ReceiverAnswer } from '../../support/receiver.ts';
import { message, openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const SLOW = 60;
const QUICK = 20;
/** So few that the callbacks of the slow receiver could use them all. */
const WORKER_CONCURRENCY = 16;
const CONCURRENCY = 3;

test('a slow receiver uses its own permits only, over all replicas, and others do not wait', async () => {
  const system = await openSystem({
    tenants: [
      { id: 'acme', callback: {}, limit: { capacity: 200, ratePerSecond: 200 } },
      { id: 'globex', callback: {} },
    ],
    environment: {
      WORKER_CONCURRENCY: String(WORKER_CONCURRENCY),
      WEBHOOK_ENDPOINT_CONCURRENCY: String(CONCURRENCY),
      WEBHOOK_TIMEOUT: '30s',
      // Long enough for a slow machine: no message times out.
      REQUEST_TIMEOUT: '10s',
      LOCK_DURATION: '20s',
    },
  });
  const [slow, beside, elsewhere] = [await openReceiver(), await openReceiver(), await openReceiver()];
  const answer = Promise.withResolvers<ReceiverAnswer>();
  slow.usually(answer.promise);
  await startWorker(system);
  await startWorker(system);

  const slowJobs = await enqueue(system, 'acme', slow.url, SLOW);
  await waitFor(() => slow.inHand() === CONCURRENCY, {
    what: 'calls up to the concurrency limit of the slow receiver',
  });
  await enqueue(system, 'acme', beside.url, QUICK);
  await enqueue(system, 'globex', elsewhere.url, QUICK);

  await waitFor(() => beside.received.length === QUICK && elsewhere.received.length === QUICK, {
    what: 'the callbacks of the others',
  });
  expect(slow.inHand()).toBe(CONCURRENCY);

  answer.resolve({ status: 204 });
  const ends = [];
  for (const jobId of slowJobs) {
    ends.push(await system.ended(`wh-${jobId}-delivered`, { kind: 'webhook-delivery' }));
  }

  expect(slow.mostInHand()).toBe(CONCURRENCY);
  expect(slow.received).toHaveLength(SLOW);
  // A wait is no attempt. A parked job does not poll: it starts once, is parked, and starts again
  // when it is woken.
  expect(ends.map(({ state, attemptsMade }) => `${state} ${attemptsMade}`)).toEqual(
    Array(SLOW).fill('completed 1'),
  );
  expect(Math.max(...ends.map(({ attemptsStarted }) => attemptsStarted))).toBeLessThanOrEqual(2);
});

async function enqueue(system: System, tenantId: string, url: string, count: number): Promise<string[]> {
  const jobs = Array.from({ length: count }, (_, index) =>
    message({ tenantId, conversationId: `conv-${index}`, callback: { url } }),
  );
  const jobIds: string[] = [];
  await system.openProducer().enqueueMany('message-transmission', jobs, {
    onEntry: (entry) => void (entry.status === 'accepted' && jobIds.push(...entry.jobIds)),
  });
  return jobIds;
}
