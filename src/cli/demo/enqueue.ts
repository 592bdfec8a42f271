import { loadConfig } from '../../config/load.ts';
import { describeIssue } from '../../core/issues.ts';
import type { JobKind } from '../../jobs/catalog.ts';
import { createProducer } from '../../queues/producer.ts';
import { loadTenants } from '../../tenants/registry.ts';
import { enqueueLines } from '../enqueue-lines.ts';
import { remark } from '../output.ts';
import { openProgress } from '../progress.ts';
import type { Batch } from './batches.ts';
import type { System } from './system.ts';

/** Counts of enqueued jobs. */
export interface Enqueued {
  /** Jobs of each kind: more than lines when texts were split. */
  readonly jobs: ReadonlyMap<JobKind, number>;
  /** Jobs of all kinds. */
  readonly total: number;
  /** Lines with errors. */
  readonly rejected: number;
}

/** Enqueues the batches one after the other, reports rejected lines, and shows progress. */
export async function enqueueBatches(
  { environment, redisUrl, queuePrefix, tenantsFile }: System,
  batches: readonly Batch[],
  stream: NodeJS.WriteStream,
): Promise<Enqueued> {
  const { partitions } = loadConfig(environment);
  const tenants = loadTenants({ file: tenantsFile, environment, requireSecrets: false });
  const producer = createProducer({ redisUrl, queuePrefix, partitions, tenants });
  const lines = sum(batches.map(({ size }) => size));
  const progress = openProgress({ label: 'enqueue', total: lines, stream });
  const jobs = new Map<JobKind, number>();
  let before = 0;
  let rejected = 0;
  try {
    for (const batch of batches) {
      const { kind } = batch;
      const summary = await enqueueLines(producer, kind, batch.lines, {
        onResult(result) {
          if (result.status !== 'rejected') return;
          remark(`${kind}, line ${result.line}: ${result.errors.map(describeIssue).join('; ')}`);
        },
        onProgress: (count) => progress.update(before + count),
      });
      before += batch.size;
      rejected += summary.rejected;
      jobs.set(kind, (jobs.get(kind) ?? 0) + summary.jobs);
    }
    progress.update(lines);
    return { jobs, total: sum([...jobs.values()]), rejected };
  } finally {
    progress.stop();
    await producer.close();
  }
}

/** Adds the counts of both. */
export function together(one: Enqueued, other: Enqueued): Enqueued {
  const jobs = new Map(one.jobs);
  for (const [kind, count] of other.jobs) jobs.set(kind, (jobs.get(kind) ?? 0) + count);
  return { jobs, total: one.total + other.total, rejected: one.rejected + other.rejected };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
