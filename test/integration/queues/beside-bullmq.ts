import { Job, type JobsOptions, type Queue } from 'bullmq';
import { jobRefOf } from '../../../src/flow/job-ref.ts';
import { CATALOG } from '../../../src/jobs/catalog.ts';
import { writeData } from '../../../src/jobs/stored-data.ts';
import { arrivalsOf } from '../../../src/queues/arrivals.ts';
import type { PreparedJob } from '../../../src/queues/prepare.ts';
import { redisTimeMs } from '../../../src/redis/redis-time.ts';
import { CLEAR } from '../../../src/seal/seal.ts';
import { contentUnder } from '../../support/redis-content.ts';
import { message, type System } from '../../support/system.ts';

/** The same jobs, inserted by accept.lua and by BullMQ's own scripts. */

export const KIND = 'message-transmission';

const PAYLOAD = message();
const DUE_STEPS = 4096;

export interface Inserted {
  readonly id: string;
  readonly delayMs: number;
  readonly timestamp: number;
}

/** Accepts jobs `j0`, `j1` … of one conversation. The first one gets its turn at once. */
export async function acceptAll(
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
  await flow.accept(arrivalsOf(queue, KIND, jobs, CLEAR));
  const inserted = await Promise.all(
    jobs.map(async ({ ref: { jobId } }): Promise<Inserted[]> => {
      const timestamp = await client.hget(queue.toKey(jobId), 'timestamp');
      if (timestamp === null) return [];
      const score = await client.zscore(queue.toKey('delayed'), jobId);
      const delayMs = score === null ? 0 : Math.floor(Number(score) / DUE_STEPS) - Number(timestamp);
      return [{ id: jobId, delayMs, timestamp: Number(timestamp) }];
    }),
  );
  return inserted.flat();
}

/** Adds the same jobs with BullMQ's own scripts. */
export async function addAll(
  system: System,
  inserted: readonly Inserted[],
  parentId?: string,
): Promise<void> {
  await system.queues.ready();
  const queue = queueOf(system);
  for (const { id, delayMs, timestamp } of inserted) {
    const options: JobsOptions = { jobId: id, delay: delayMs, timestamp };
    if (parentId !== undefined) {
      options.removeOnComplete = true;
      options.ignoreDependencyOnFailure = true;
      options.parent = { id: parentId, queue: queue.qualifiedName };
    }
    const data = JSON.parse(writeData(KIND, { tenantId: 'acme', payload: PAYLOAD }));
    const job = new Job(queue, CATALOG[KIND].nameOf(PAYLOAD), data, options, id);
    const dependencies = parentId !== undefined && {
      parentDependenciesKey: `${queue.toKey(parentId)}:dependencies`,
    };
    await queue.getBackend().addJob(job.asJSON(), id, { ...dependencies });
  }
}

/** All keys of the queue with what they hold, with the prefix of the test left out. */
export async function contentOf(system: System): Promise<unknown> {
  const queue = queueOf(system);
  const content: Record<string, unknown> = {};
  for await (const { key, value } of contentUnder(system.client, queue.qualifiedName)) content[key] = value;
  const text = JSON.stringify(content).replaceAll(system.keys.own('acme'), '');
  return JSON.parse(text, comparable);
}

/**
 * Leaves out what two runs cannot share, and what BullMQ writes and our insertion leaves out: a job
 * without these has no priority, and its set has the moment at which it is due.
 */
function comparable(name: string, value: unknown): unknown {
  if (isJob(value)) {
    const { delay: _inItsSet, priority, ...job } = value;
    return priority === undefined || priority === '0' ? job : { ...job, priority };
  }
  if (name === 'opts' && typeof value === 'string') {
    const { jobId: _id, delay: _delay, timestamp: _at, attempts, ...options } = JSON.parse(value);
    // BullMQ reads missing attempts as 0, too.
    return attempts === 0 || attempts === undefined ? options : { ...options, attempts };
  }
  if (name === 'parent' && typeof value === 'string') return JSON.parse(value);
  // The ids of a stream are moments.
  if (name.endsWith(':events') && Array.isArray(value)) return value.map(([_id, fields]) => fields);
  return value;
}

function isJob(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && 'timestamp' in value && 'opts' in value;
}

export function queueOf({ queues }: System): Queue {
  return queues.of(KIND, 'acme');
}
