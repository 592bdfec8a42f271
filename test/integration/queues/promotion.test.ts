import type { Queue } from 'bullmq';
import { describe, expect, test } from 'vitest';
import { createFlow, timesOf } from '../../../src/flow/flow.ts';
import { jobRefOf } from '../../../src/flow/job-ref.ts';
import { arrivalsOf } from '../../../src/queues/arrivals.ts';
import type { Wake } from '../../../src/redis/wakes.ts';
import { CLEAR } from '../../../src/seal/seal.ts';
import { contentUnder } from '../../support/redis-content.ts';
import { message, openSystem, type System } from '../../support/system.ts';

/**
 * The scripts of flow control let a delayed job run as BullMQ's own script does. A new version of
 * BullMQ that does it in another way fails these tests; bullmq-promote.lua must follow it.
 */

const KIND = 'message-transmission';
const PAYLOAD = message();
const NOW_MS = 1_800_000_000_000;

describe('a delayed job that gets its turn leaves what BullMQ itself leaves', () => {
  test.for([
    ['in a queue that works', async () => {}],
    ['in a paused queue', async (queue: Queue) => await queue.pause()],
    [
      'in a queue with as many active jobs as it may have',
      async (queue: Queue) => await queue.setGlobalConcurrency(0),
    ],
    [
      'in a queue with room for more active jobs',
      async (queue: Queue) => await queue.setGlobalConcurrency(9),
    ],
  ] as const)('%s', async ([, prepare]) => {
    const [ours, theirs] = await Promise.all([openWithTwo(prepare), openWithTwo(prepare)]);

    expect(await giveTurn(ours)).toMatchObject([{ jobId: 'j1', isDone: true }]);
    await queueOf(theirs).getBackend().promote('j1');

    expect(await contentOf(ours)).toEqual(await contentOf(theirs));
  });
});

test('a job with a priority of another program is left to the script of BullMQ', async () => {
  const system = await openWithTwo(async () => {});
  const queue = queueOf(system);
  await system.client.hset(queue.toKey('j1'), 'priority', '5');

  const wakes = await giveTurn(system);

  expect(wakes).toMatchObject([{ jobId: 'j1', delayMs: 0, isDone: false }]);
  expect(await queue.getJobState('j1')).toBe('delayed');
  await system.queues.wake(wakes);
  expect(await queue.getJobState('j1')).toBe('prioritized');
});

test('a job that waits already, or that a worker runs, is left as it is', async () => {
  const system = await openWithTwo(async () => {});
  const queue = queueOf(system);
  await queue.getBackend().promote('j1');

  expect(await giveTurn(system)).toMatchObject([{ jobId: 'j1', isDone: true }]);

  expect(await system.client.lrange(queue.toKey('wait'), 0, -1)).toEqual(['j1', 'j0']);
});

/** A system with a conversation of two jobs. The first one has its turn. */
async function openWithTwo(prepare: (queue: Queue) => Promise<unknown>): Promise<System> {
  const system = await openSystem();
  await system.queues.ready();
  await prepare(queueOf(system));
  const jobs = ['j0', 'j1'].map((id) => {
    const ref = jobRefOf(KIND, 'acme', id, PAYLOAD);
    return { tenantId: 'acme', ref, payload: PAYLOAD };
  });
  await flowOf(system).accept(arrivalsOf(queueOf(system), KIND, jobs, CLEAR));
  return system;
}

/** Cancels the first job: the second one gets its turn. */
async function giveTurn(system: System): Promise<Wake[]> {
  const { wakes } = await flowOf(system).release(jobRefOf(KIND, 'acme', 'j0', PAYLOAD), 'cancelled {}');
  return wakes;
}

function flowOf(system: System) {
  return createFlow({ ...system, ...timesOf(system.config), now: () => NOW_MS });
}

/** All keys of the queue with what they hold, with the prefix of the test and ids of streams left out. */
async function contentOf(system: System): Promise<unknown> {
  const content: Record<string, unknown> = {};
  for await (const { key, value } of contentUnder(system.client, queueOf(system).qualifiedName)) {
    content[key] = key.endsWith(':events')
      ? (value as [string, unknown][]).map(([, fields]) => fields)
      : value;
  }
  return JSON.parse(JSON.stringify(content).replaceAll(system.keys.own('acme'), ''));
}

function queueOf({ queues }: System): Queue {
  return queues.of(KIND, 'acme');
}
