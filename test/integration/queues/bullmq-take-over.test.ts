import { Worker } from 'bullmq';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLogger } from '../../../src/observe/logger.ts';
import { createRedis } from '../../../src/redis/connect.ts';
import { redisTimeMs } from '../../../src/redis/redis-time.ts';
import { createTakeOver } from '../../../src/runtime/take-over.ts';
import { onEnd } from '../../support/lifetime.ts';
import { openSystem, type System } from '../../support/system.ts';
import { acceptAll, addAll, contentOf, KIND, queueOf } from './beside-bullmq.ts';

const NAME = 'victim';
const LIFE_MS = 60_000;
const NOW_MS = 1_800_000_000_000;

// What a moment writes is then the same in both queues.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW_MS }));
afterEach(() => void vi.useRealTimers());

test('take-over.lua leaves a job as BullMQ does at the end of its lock', async () => {
  const [ours, theirs] = [await openSystem(), await openSystem()];
  await addAll(theirs, await acceptAll(ours, [{}, {}]));
  const [taken, lost] = [await takeOne(ours), await takeOne(theirs)];
  const before = await contentOf(ours);

  await takeOver(ours, { watchedForMs: LIFE_MS });
  await loseLock(theirs, lost);

  const after = (await contentOf(ours)) as Record<string, Record<string, unknown>>;
  const noted = after[`${KIND}:j0`];
  expect(noted).toMatchObject({ 'gwm:held:1': NAME });
  delete noted?.['gwm:held:1'];
  expect(after).toEqual(await contentOf(theirs));
  expect(after).not.toEqual(before);
  expect(await taken.getNextJob('token', { block: false })).toMatchObject({ id: 'j0' });
});

test.for([
  { what: 'a worker that is alive', isAlive: true, watchedForMs: LIFE_MS },
  { what: 'a worker right after an outage of Redis', isAlive: false, watchedForMs: LIFE_MS / 2 },
])('take-over.lua takes nothing from $what', async ({ isAlive, watchedForMs }) => {
  const system = await openSystem();
  await acceptAll(system, [{}]);
  await takeOne(system);
  if (isAlive) await system.client.set(system.keys.worker(0, NAME), 'alive');
  await system.client.sadd(system.keys.workers(0), NAME);
  const before = await contentOf(system);

  await takeOver(system, { watchedForMs });

  expect(await contentOf(system)).toEqual(before);
  expect(await system.client.smembers(system.keys.workers(0))).toEqual([NAME]);
});

/** A worker takes the first job. */
async function takeOne({ keys, redis }: System): Promise<Worker> {
  const connection = createRedis({ url: redis.url, role: 'worker' });
  const worker = new Worker(KIND, null, {
    connection,
    prefix: keys.queuePrefix(0),
    name: NAME,
    autorun: false,
  });
  onEnd(async () => {
    await worker.close(true);
    connection.disconnect();
  });
  expect(await worker.getNextJob('token', { block: false })).toMatchObject({ id: 'j0' });
  return worker;
}

async function takeOver({ client, keys }: System, { watchedForMs }: { watchedForMs: number }): Promise<void> {
  const nowMs = await redisTimeMs(client);
  await client.hset(`${keys.ownOf(0)}watch`, {
    since: Math.floor(nowMs) - watchedForMs,
    last: Math.floor(nowMs),
  });
  const death = { partition: 0, name: NAME, lifeMs: LIFE_MS };
  await createTakeOver({ client, keys, logger: createLogger('silent'), onDead: () => {} })(death);
}

/** What BullMQ does at its second look for jobs without a lock. */
async function loseLock(system: System, worker: Worker): Promise<void> {
  const queue = queueOf(system);
  await system.client.del(`${queue.toKey('j0')}:lock`);
  await worker.getBackend().moveStalledJobsToWait();
  await system.client.del(queue.toKey('stalled-check'));
  await worker.getBackend().moveStalledJobsToWait();
  // BullMQ has looked here alone.
  await system.client.del(queue.toKey('stalled-check'));
}
