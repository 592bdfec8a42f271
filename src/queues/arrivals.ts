import { Job, type JobsOptions, optsEncodeMap, type Queue } from 'bullmq';
import type { Arrivals } from '../flow/decisions.ts';
import { CATALOG, type JobKind } from '../jobs/catalog.ts';
import { writeData } from '../jobs/stored-data.ts';
import { closeData } from '../seal/job-values.ts';
import type { Seal } from '../seal/seal.ts';
import type { PreparedJob } from './prepare.ts';

/**
 * Jobs as BullMQ stores them. accept.lua inserts them itself: BullMQ's `addBulk` runs a pipeline of
 * its own, in which a job could enter its queue without a sequence number.
 *
 * @param queue of all jobs. Jobs with a parent all have the same one, in the same queue.
 */
export function arrivalsOf(
  queue: Queue,
  kind: JobKind,
  jobs: readonly PreparedJob[],
  seal: Seal,
): Pick<Arrivals, 'kind' | 'jobs' | 'options' | 'parent'> {
  const { nameOf } = CATALOG[kind];
  const arrivals = jobs.map((job) => ({
    ref: job.ref,
    name: nameOf(job.payload),
    data: closeData(seal, job.ref, storedData(job)),
  }));
  const parentId = jobs[0]?.parentId;
  if (parentId === undefined) return { kind, jobs: arrivals, options: '{}' };
  return { kind, jobs: arrivals, ...withParent(queue, parentId) };
}

/** The data of a job that no worker has touched, in clear. */
export function storedData({ ref, payload }: PreparedJob): string {
  return writeData(ref.kind, { tenantId: ref.tenantId, payload });
}

function withParent(queue: Queue, parentId: string): Required<Pick<Arrivals, 'options' | 'parent'>> {
  const options: JobsOptions = {
    // The parent has its result. Kept, it would push out jobs that callers enqueued.
    removeOnComplete: true,
    parent: { id: parentId, queue: queue.qualifiedName },
    // Without this the parent of a failed job would wait for ever.
    ignoreDependencyOnFailure: true,
  };
  // BullMQ derives what a job keeps of its parent from the options.
  const { parent } = new Job(queue, '', {}, options).asJSON();
  return { options: encoded(options), parent: { id: parentId, json: JSON.stringify(parent) } };
}

/** BullMQ shortens the names of some options. */
function encoded(options: JobsOptions): string {
  const names: Readonly<Record<string, string>> = optsEncodeMap;
  return JSON.stringify(
    Object.fromEntries(Object.entries(options).map(([name, value]) => [names[name] ?? name, value])),
  );
}
