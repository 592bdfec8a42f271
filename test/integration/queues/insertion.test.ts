import { Job, type JobsOptions, type Queue } from 'bullmq';
import { describe, expect, test } from 'vitest';
import { createFlow, timesOf } from '../../../src/flow/flow.ts';
import { jobRefOf } from '../../../src/flow/job-ref.ts';
import { PARKED_MS } from '../../../src/flow/parking.ts';
import { CATALOG } from '../../../src/jobs/catalog.ts';
import { arrivalsOf } from '../../../src/queues/arrivals.ts';
import { jobOptions } from '../../../src/queues/job-options.ts';
import type { PreparedJob } from '../../../src/queues/prepare.ts';
import { redisTimeMs } from '../../../src/redis/redis-time.ts';
import { contentUnder } from '../../support/redis-content.ts';
import { message, openSystem, type System } from '../../support/system.ts';

/**
 * accept.lua inserts jobs as BullMQ's own scripts do. A new version of BullMQ that inserts them in
 * another way fails these tests; bullmq-insert.lua must follow it.
 */

const KIND = 'message-transmission';
const PARENT = 'rollout-1';
const PAYLOAD = message();

interface Inserted {
  readonly id: string;
  readonly delayMs: number;
  readonly timestamp: number;
}

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

/** Accepts jobs `j0`, `j1` … of one conversation. The first one gets its turn at once. */
async function acceptAll(
  system: System,
  specs: readonly { readonly expiresInMs?: number }[],
  parentId?: string,
): Promise<Inserted[]> {
  const { flow, queues, client } = system;
  await queues.ready();
  const nowMs = await redisTimeMs(client);
  const jobs = specs.map(({ expiresInMs }, index): PreparedJob => {
    const ref = jobRefOf(KIND, 'acme', `j${index}`, PAYLOAD);
    const expires = expiresInMs !== undefined && { expiresAtMs: nowMs + expiresInMs };
    const job = { tenantId: 'acme', ref: { ...ref, ...expires }, payload: PAYLOAD };
    return parentId === undefined ? job : { ...job, parentId };
  });
  const queue = queueOf(system);
  await flow.accept(arrivalsOf(queue, KIND, jobs));
  const stored = await Promise.all(
    jobs.map(({ ref }) => client.hmget(queue.toKey(ref.jobId), 'delay', 'timestamp')),
  );
  return stored.flatMap(([delay, timestamp], index) =>
    timestamp ? [{ id: `j${index}`, delayMs: Number(delay), timestamp: Number(timestamp) }] : [],
  );
}

/** Adds the same jobs with BullMQ's own scripts. */
async function addAll(system: System, inserted: readonly Inserted[], parentId?: string): Promise<void> {
  await system.queues.ready();
  const queue = queueOf(system);
  for (const { id, delayMs, timestamp } of inserted) {
    const options: JobsOptions = { ...jobOptions(id, { delayMs }), timestamp };
    if (parentId !== undefined) {
      options.removeOnComplete = true;
      options.ignoreDependencyOnFailure = true;
      options.parent = { id: parentId, queue: queue.qualifiedName };
    }
    const data = { tenantId: 'acme', payload: PAYLOAD };
    const job = new Job(queue, CATALOG[KIND].nameOf(PAYLOAD), data, options, id);
    const dependencies = parentId !== undefined && {
      parentDependenciesKey: `${queue.toKey(parentId)}:dependencies`,
    };
    await queue.getBackend().addJob(job.asJSON(), id, { ...dependencies });
  }
}

/** A job that waits for its children. */
async function addParent(system: System): Promise<void> {
  await system.queues.ready();
  await queueOf(system).add('parent', {}, { jobId: PARENT, delay: 1000, timestamp: 1 });
}

/** All keys of the queue with what they hold, with the prefix of the test left out. */
async function contentOf(system: System): Promise<unknown> {
  const queue = queueOf(system);
  const content: Record<string, unknown> = {};
  for await (const { key, value } of contentUnder(system.client, queue.qualifiedName)) content[key] = value;
  const text = JSON.stringify(content).replaceAll(system.keys.own('acme'), '');
  return JSON.parse(text, comparable);
}

/** Leaves out what two runs cannot share, and options that BullMQ keeps in fields of their own. */
function comparable(name: string, value: unknown): unknown {
  if (name === 'opts' && typeof value === 'string') {
    const { jobId: _id, delay: _delay, timestamp: _at, ...options } = JSON.parse(value);
    return options;
  }
  if (name === 'parent' && typeof value === 'string') return JSON.parse(value);
  // The ids of a stream are moments.
  if (name.endsWith(':events') && Array.isArray(value)) return value.map(([_id, fields]) => fields);
  return value;
}

function queueOf({ queues }: System): Queue {
  return queues.of(KIND, 'acme');
}
