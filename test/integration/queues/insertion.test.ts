import type { Queue } from 'bullmq';
import { describe, expect, test } from 'vitest';
import { createFlow, timesOf } from '../../../src/flow/flow.ts';
import { PARKED_MS } from '../../../src/flow/parking.ts';
import { redisTimeMs } from '../../../src/redis/redis-time.ts';
import { openSystem, type System } from '../../support/system.ts';
import { acceptAll, addAll, contentOf, queueOf } from './beside-bullmq.ts';

/**
 * accept.lua inserts jobs as BullMQ's own scripts do. A new version of BullMQ that inserts them in
 * another way fails these tests; bullmq-insert.lua must follow it.
 */

const PARENT = 'rollout-1';

describe('a batch in an empty queue leaves what BullMQ itself leaves', () => {
  test.for([
    ['with a job that a worker may take at once', [{}]],
    ['with parked jobs', [{}, {}, {}]],
    ['with jobs that expire', [{ expiresInMs: 60_000 }, { expiresInMs: 60_000 }, { expiresInMs: 5000 }]],
  ] as const)('%s', async ([, specs]) => {
    const ours = await openSystem();
    const theirs = await openSystem();

    const inserted = await acceptAll(ours, specs);
    await addAll(theirs, inserted);

    expect(await contentOf(ours)).toEqual(await contentOf(theirs));
  });

  test('with jobs that a parent waits for', async () => {
    const ours = await openSystem();
    const theirs = await openSystem();
    await Promise.all([addParent(ours), addParent(theirs)]);

    const inserted = await acceptAll(ours, [{}, {}], PARENT);
    await addAll(theirs, inserted, PARENT);

    expect(await contentOf(ours)).toEqual(await contentOf(theirs));
  });
});

test('a job has no fields in Redis that say what every job says', async () => {
  const system = await openSystem();
  await acceptAll(system, [{}, {}]);

  for (const id of ['j0', 'j1']) {
    const job = await system.client.hgetall(queueOf(system).toKey(id));
    expect(Object.keys(job).toSorted()).toEqual(['data', 'name', 'opts', 'timestamp']);
    expect(job['opts']).toBe('{}');
  }
});

test('more jobs of one moment than BullMQ can order get the last score, as in BullMQ', async () => {
  const system = await openSystem();
  const nowMs = await redisTimeMs(system.client);
  const flow = createFlow({ ...system, ...timesOf(system.config), now: () => nowMs });
  const delayed = queueOf(system).toKey('delayed');
  const firstScore = (nowMs + PARKED_MS) * 4096;
  await system.client.zadd(delayed, firstScore + 4094, 'x');

  await acceptAll({ ...system, flow }, [{}, {}, {}, {}]);

  const scores = await Promise.all(['j1', 'j2', 'j3'].map((id) => system.client.zscore(delayed, id)));
  expect(scores.map(Number)).toEqual([4095, 4095, 4095].map((step) => firstScore + step));
});

describe('a queue that takes no jobs', () => {
  test.for([
    ['is paused', async (queue: Queue) => await queue.pause()],
    ['has as many active jobs as it may have', async (queue: Queue) => await queue.setGlobalConcurrency(0)],
  ] as const)('because it %s wakes no worker', async ([, stop]) => {
    const system = await openSystem();
    const queue = queueOf(system);
    await stop(queue);

    await acceptAll(system, [{}]);

    expect(await system.client.zscore(queue.toKey('marker'), '0')).toBeNull();
    expect(await system.client.llen(queue.toKey('wait'))).toBe(1);
  });
});

test('a parent that is gone gets no jobs', async () => {
  const system = await openSystem();
  expect(await acceptAll(system, [{}], PARENT)).toEqual([]);
  expect(await system.client.keys(`${queueOf(system).toKey('')}j*`)).toEqual([]);
});

test('a key with a value of another type fails the batch, and the jobs in front of it are whole', async () => {
  const system = await openSystem();
  const { client, keys } = system;
  await client.set(`${keys.own('acme')}expiring`, 'x');

  await expect(acceptAll(system, [{}, { expiresInMs: 60_000 }, {}])).rejects.toThrow('WRONGTYPE');

  expect(await client.lrange(queueOf(system).toKey('wait'), 0, -1)).toEqual(['j0']);
  expect(await client.zscore(queueOf(system).toKey('marker'), '0')).toBe('0');
  expect(await client.zrange(`${keys.own('acme')}jobs:acme`, '0', '-1')).toEqual(['m-j0']);
});

/** A job that waits for its children. */
async function addParent(system: System): Promise<void> {
  await system.queues.ready();
  await queueOf(system).add('parent', {}, { jobId: PARENT, delay: 1000, timestamp: 1 });
}
