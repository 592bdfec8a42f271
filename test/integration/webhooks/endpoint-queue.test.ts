import type { Queue } from 'bullmq';
import { describe, expect, test } from 'vitest';
import { contentUnder } from '../../support/redis-content.ts';
import { openEndpointStage, URL_A } from '../../support/webhooks/endpoint-stage.ts';

/**
 * The scripts of endpoints insert the job of a callback, and let it run, as BullMQ's own scripts do. A new
 * version of BullMQ that does it in another way fails these tests; bullmq-insert.lua and
 * bullmq-promote.lua must follow it.
 */

type Stage = ReturnType<typeof openEndpointStage>;

const NAME = 'webhook-delivery';
const OPTIONS = { attempts: 3 };
const DATA = { tenantId: 'acme', payload: { url: URL_A } };
/** How far BullMQ delays a callback that waits for a permit, ms. */
const PARKED_MS = 3_600_000;

/** States of a queue, and of its workers. */
const PREPARATIONS = [
  ['in a queue that works', async () => {}],
  ['in a paused queue', async (queue: Queue) => await queue.pause()],
  [
    'in a queue with as many active jobs as it may have',
    async (queue: Queue) => await queue.setGlobalConcurrency(0),
  ],
] as const;

describe.each(PREPARATIONS)('%s', (_where, prepare) => {
  test.each([
    ['a new callback with a permit', 0],
    ['a new callback that waits for one', PARKED_MS],
  ])('%s leaves what BullMQ itself leaves', async (_what, delayMs) => {
    const [ours, theirs] = await openTwo(prepare);
    if (delayMs > 0) for (const stage of [ours, theirs]) await occupy(stage);
    const timestamp = ours.clock.now();

    await ours.endpoints.arrive({
      tenantId: 'acme',
      jobId: 'w1',
      url: URL_A,
      data: JSON.stringify(DATA),
      options: JSON.stringify(OPTIONS),
    });
    await theirs.queue.add(NAME, DATA, { ...OPTIONS, jobId: 'w1', delay: delayMs, timestamp });

    expect(await contentOf(ours)).toEqual(await contentOf(theirs));
  });

  test('a callback that is woken leaves what BullMQ itself leaves', async () => {
    const [ours, theirs] = await openTwo(prepare);
    const callback = await ours.make('w1');
    await theirs.make('w1');

    await ours.endpoints.recheck(callback, true);
    await theirs.queue.getBackend().promote('w1');

    expect(ours.wakesLeft()).toEqual([]);
    expect(await contentOf(ours)).toEqual(await contentOf(theirs));
  });
});

test('a callback with a priority of another program is left to the script of BullMQ', async () => {
  const stage = openEndpointStage();
  const callback = await stage.make('w1');
  await stage.client.hset(stage.queue.toKey('w1'), 'priority', '5');

  await stage.endpoints.recheck(callback, true);

  expect(stage.wakesLeft()).toMatchObject([{ jobId: 'w1', delayMs: 0 }]);
  expect(await stage.queue.getJobState('w1')).toBe('delayed');
});

async function openTwo(prepare: (queue: Queue) => Promise<unknown>): Promise<[Stage, Stage]> {
  const two: [Stage, Stage] = [openEndpointStage({ concurrency: 1 }), openEndpointStage({ concurrency: 1 })];
  for (const { queue } of two) {
    await queue.waitUntilReady();
    await prepare(queue);
  }
  return two;
}

/** A callback that has no job here has the permit. */
async function occupy(stage: Stage): Promise<void> {
  expect(await stage.enter('other')).toBe('go');
}

/** All keys of the queue with what they hold, with the prefix of the test and ids of streams left out. */
async function contentOf({ client, queue, keys }: Stage): Promise<unknown> {
  const content: Record<string, unknown> = {};
  for await (const { key, value } of contentUnder(client, queue.qualifiedName)) {
    content[key] = key.endsWith(':events')
      ? (value as [string, unknown][]).map(([, fields]) => fields)
      : value;
  }
  return JSON.parse(JSON.stringify(content).replaceAll(keys.own('acme'), ''), comparable);
}

/**
 * Leaves out options that BullMQ keeps in fields of their own, and what it writes and our insertion leaves
 * out: a job without these has no priority, and its set has the moment at which it is due.
 */
function comparable(name: string, value: unknown): unknown {
  if (isJob(value)) {
    const { delay: _inItsSet, priority, ...job } = value;
    return priority === undefined || priority === '0' ? job : { ...job, priority };
  }
  if (name !== 'opts' || typeof value !== 'string') return value;
  const { jobId: _id, delay: _delay, timestamp: _at, ...options } = JSON.parse(value);
  return options;
}

function isJob(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && 'timestamp' in value && 'opts' in value;
}
