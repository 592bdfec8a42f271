import { type Job, type Queue, Worker } from 'bullmq';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRedis } from '../../../src/redis/connect.ts';
import { onEnd } from '../../support/lifetime.ts';
import { openSystem, type System } from '../../support/system.ts';
import { acceptAll, addAll, contentOf, KIND, queueOf } from './beside-bullmq.ts';

/**
 * accept.lua leaves fields of a job out that BullMQ writes (bullmq-insert.lua). These tests prove that
 * BullMQ's own scripts treat such a job as they treat a job of BullMQ. `j0` waits, and `j1` is delayed.
 */

const TOKEN = 'token';
const NOW_MS = 1_800_000_000_000;

interface Ends extends Pick<System, 'client'> {
  readonly queue: Queue;
  /** A worker of BullMQ that takes no job itself. */
  readonly worker: Worker;
}

/** What programs and workers do with a job. */
const ACTS: readonly (readonly [what: string, act: (ends: Ends) => Promise<unknown>])[] = [
  ['a program promotes a job', ({ queue }) => queue.getBackend().promote('j1')],
  ['a program delays a job', ({ queue }) => queue.getBackend().changeDelay('j1', 5000)],
  ['a program removes a delayed job', async ({ queue }) => await (await queue.getJob('j1'))?.remove()],
  ['a program removes a waiting job', async ({ queue }) => await (await queue.getJob('j0'))?.remove()],
  ['a delayed job gets a priority', ({ queue }) => queue.getBackend().changePriority('j1', 7)],
  ['a waiting job gets a priority', ({ queue }) => queue.getBackend().changePriority('j0', 7)],
  ['a worker takes a job', ({ worker }) => take(worker)],
  ['a worker completes a job', async ({ worker }) => await (await take(worker)).moveToCompleted({}, TOKEN)],
  ['a worker gives a job back', async ({ worker }) => await (await take(worker)).moveToWait(TOKEN)],
  [
    'a worker delays a job',
    async ({ worker }) => await (await take(worker)).moveToDelayed(NOW_MS + 5000, TOKEN),
  ],
  [
    'a worker fails, and tries again',
    async ({ worker }) => {
      const job = await take(worker);
      job.opts.attempts = 2;
      await job.moveToFailed(new Error('no'), TOKEN);
    },
  ],
  [
    'an operator retries a failed job',
    async ({ queue, worker }) => {
      await (await take(worker)).moveToFailed(new Error('no'), TOKEN);
      await (await queue.getJob('j0'))?.retry('failed');
    },
  ],
  [
    'a worker is lost',
    async ({ client, queue, worker }) => {
      await take(worker);
      await client.del(`${queue.toKey('j0')}:lock`);
      // The first search notes the running jobs.
      await worker.getBackend().moveStalledJobsToWait();
      await client.del(queue.toKey('stalled-check'));
      await worker.getBackend().moveStalledJobsToWait();
    },
  ],
];

describe('BullMQ leaves the same of our jobs as of its own', () => {
  // What a moment writes is then the same in both queues.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW_MS }));
  afterEach(() => void vi.useRealTimers());

  test.for(ACTS)('when %s', async ([, act]) => {
    const [ours, theirs] = [await openSystem(), await openSystem()];
    await addAll(theirs, await acceptAll(ours, [{}, {}]));
    const before = await contentOf(ours);

    for (const system of [ours, theirs]) await act(endsOf(system));

    expect(await contentOf(ours)).toEqual(await contentOf(theirs));
    expect(await contentOf(ours)).not.toEqual(before);
  });
});

test('a job out of Redis has the numbers and options that are left out', async () => {
  const system = await openSystem();
  await acceptAll(system, [{}]);

  const job = await queueOf(system).getJob('j0');

  expect(job).toMatchObject({
    delay: 0,
    priority: 0,
    opts: { attempts: 1_000_000, backoff: { type: 'custom' } },
  });
});

function endsOf({ client, keys, redis, queues }: System): Ends {
  const connection = createRedis({ url: redis.url, role: 'worker' });
  const prefix = keys.queuePrefix(0);
  const worker = new Worker(KIND, null, { connection, prefix, name: 'w', autorun: false });
  onEnd(async () => {
    await worker.close(true);
    connection.disconnect();
  });
  return { client, queue: queues.of(KIND, 'acme'), worker };
}

/** Hands the next job to a worker. */
async function take(worker: Worker): Promise<Job> {
  const job = await worker.getNextJob(TOKEN, { block: false });
  if (!job) throw new Error('the worker got no job');
  return job;
}
