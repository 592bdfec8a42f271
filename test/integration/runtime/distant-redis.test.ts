import { expect, test } from 'vitest';
import { logOf, startWorker } from '../../support/gwm.ts';
import { openLink } from '../../support/link.ts';
import { openReceiver } from '../../support/receiver.ts';
import { message, openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const ONE_WAY_MS = 30;
const LOCK_MS = 40_000;
/** The longest that LOCK_DURATION allows. A loaded machine answers late. */
const REQUEST_TIMEOUT_MS = LOCK_MS / 2;
/** One round trip for each message takes longer than a lock. */
const MESSAGES = Math.ceil(LOCK_MS / (2 * ONE_WAY_MS)) + 1;

test('workers with Redis 60 ms away count as alive, and deliver a backlog and its callbacks once', async () => {
  const receiver = await openReceiver();
  const system = await openSystem({
    tenants: [
      {
        id: 'acme',
        // A loaded machine answers so many requests within REQUEST_TIMEOUT.
        limit: { capacity: 2000, ratePerSecond: 2000, inFlight: 100 },
        callback: { url: receiver.url },
      },
    ],
    environment: {
      REQUEST_TIMEOUT: `${REQUEST_TIMEOUT_MS}ms`,
      LOCK_DURATION: `${LOCK_MS}ms`,
      WEBHOOK_TIMEOUT: `${REQUEST_TIMEOUT_MS}ms`,
    },
  });
  const link = await openLink(system.redis.url, ONE_WAY_MS, ONE_WAY_MS);
  await system.openProducer().enqueueMany(
    KIND,
    Array.from({ length: MESSAGES }, (_, index) => message({ conversationId: `c-${index}` })),
  );
  const workers = await Promise.all([
    startWorker(system, { REDIS_URL: link.url }),
    startWorker(system, { REDIS_URL: link.url }),
  ]);

  await waitFor(() => receiver.received.length >= MESSAGES, { what: 'all callbacks' });

  const queues = [KIND, 'webhook-delivery'] as const;
  const ended = () => Promise.all(queues.map((kind) => system.queues.of(kind, 'acme').getCompletedCount()));
  await waitFor(async () => (await ended()).every((count) => count === MESSAGES), {
    what: 'the end of all jobs',
  });
  expect(system.sandbox.stats()).toMatchObject({ accepted: MESSAGES, duplicates: 0, outOfOrder: 0 });
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(MESSAGES);
  expect(receiver.received).toHaveLength(MESSAGES);
  const alarms = workers.flatMap(logOf).filter(({ msg }) => /worker died|lock of a job|locks lost/.test(msg));
  expect(alarms).toEqual([]);
});
