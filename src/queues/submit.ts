import type { Fault } from '../core/faults.ts';
import type { Flow } from '../flow/flow.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { Envelope } from '../jobs/envelope.ts';
import { jobOptions } from './job-options.ts';
import type { Prepared, PreparedJob } from './prepare.ts';
import type { Queues } from './queues.ts';

/** What became of one entry; `index` counts from 0. */
export type EntryReport = { readonly index: number } & (AcceptedEntry | DuplicateEntry | RejectedEntry);

export interface AcceptedEntry {
  readonly status: 'accepted';
  /** One id, or several when a text was split. */
  readonly jobIds: readonly string[];
}

export interface DuplicateEntry {
  readonly status: 'duplicate';
  readonly jobIds: readonly string[];
}

export interface RejectedEntry {
  readonly status: 'rejected';
  readonly faults: readonly Fault[];
}

/** Where a batch goes. */
export interface Destination {
  readonly flow: Flow;
  readonly queues: Queues;
  readonly partitionOf: (tenantId: string) => number;
  /** Attempts that each job may make. */
  readonly attempts: number;
}

/** Accepts a batch: tickets first, then the jobs that are new, both in bulk and by partition. */
export async function submit(
  destination: Destination,
  kind: JobKind,
  batch: readonly Prepared[],
): Promise<EntryReport[]> {
  const jobs = batch.flatMap((entry) => entry.jobs ?? []);
  const partitions = Map.groupBy(jobs, (job) => destination.partitionOf(job.tenantId));
  const fresh = new Set<PreparedJob>();
  await Promise.all(
    [...partitions.values()].map(async (group) => {
      for (const job of await acceptGroup(destination, kind, group)) fresh.add(job);
    }),
  );
  return batch.map(({ index, faults, jobs: own }) => {
    if (faults) return { index, status: 'rejected', faults };
    const jobIds = own.map((job) => job.jobId);
    // Split texts: when only some parts were there before, the entry was interrupted and is now complete.
    return { index, status: own.some((job) => fresh.has(job)) ? 'accepted' : 'duplicate', jobIds };
  });
}

/** @returns those jobs of the group that are new. */
async function acceptGroup(
  { flow, queues, attempts }: Destination,
  kind: JobKind,
  group: readonly PreparedJob[],
): Promise<PreparedJob[]> {
  const tickets = await flow.accept(group.map((job) => ({ ...job, queue: kind })));
  const fresh = group.flatMap((job, index) => {
    const sequence = tickets[index] ?? 0;
    return sequence > 0 ? [{ job, sequence }] : [];
  });
  const [first] = fresh;
  if (!first) return [];
  await queues.of(kind, first.job.tenantId).addBulk(
    fresh.map(({ job, sequence }) => ({
      name: kind,
      data: { tenantId: job.tenantId, sequence, payload: job.payload } satisfies Envelope,
      opts: jobOptions(job.jobId, attempts),
    })),
  );
  return fresh.map(({ job }) => job);
}
