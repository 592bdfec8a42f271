import { loadConfig } from '../../config/load.ts';
import { describeIssue } from '../../core/issues.ts';
import type { JobKind } from '../../jobs/catalog.ts';
import { createProducer, type Producer } from '../../queues/producer.ts';
import { redisTarget } from '../../redis/target.ts';
import { loadTenants } from '../../tenants/registry.ts';
import { enqueueLines } from '../enqueue-lines.ts';
import { remark } from '../output.ts';
import { openProgress } from '../progress.ts';
import type { Batch, Way } from './batches.ts';
import { postBatchTwice } from './post-batch.ts';
import { postEvents } from './post-events.ts';
import type { System } from './system.ts';
import type { Handed, Listener } from './tally.ts';

/** Counts of enqueued jobs. */
export interface Enqueued {
  /** Jobs of each kind: more than lines when texts were split. */
  readonly jobs: ReadonlyMap<JobKind, number>;
  /** Jobs of all kinds. */
  readonly total: number;
  /** Lines with errors. */
  readonly rejected: number;
  readonly ingest: Ingest;
}

/** Messages by the way they came in, and those that the API answered as replayed. */
export type Ingest = Readonly<Record<Way | 'replayed', number>>;

const NOTHING: Enqueued = {
  jobs: new Map(),
  total: 0,
  rejected: 0,
  ingest: { library: 0, http: 0, cloudEvents: 0, replayed: 0 },
};

/** Hands the batches over one after the other, reports rejected lines, and shows progress. */
export async function enqueueBatches(
  { environment, queuePrefix, tenantsFile, api }: System,
  batches: readonly Batch[],
  stream: NodeJS.WriteStream,
): Promise<Enqueued> {
  const config = loadConfig(environment);
  const { url: redisUrl, tls: redisTls, sentinel: redisSentinel } = redisTarget(config);
  const { partitions } = config;
  const tenants = loadTenants({ file: tenantsFile, environment, requireSecrets: false });
  const payloadKeys = environment['PAYLOAD_KEYS'];
  const shared = { redisUrl, redisTls, redisSentinel, queuePrefix, partitions, payloadKeys };
  const producer = createProducer({ ...shared, tenants }, environment);
  const lines = batches.reduce((sum, { size }) => sum + size, 0);
  const progress = openProgress({ label: 'enqueue', total: lines, stream });
  const ways: Record<Way, (batch: Batch, listener: Listener) => Promise<Handed>> = {
    library: async (batch, listener) => await byLibrary(producer, batch, listener),
    http: async (batch, listener) => await postBatchTwice(api, batch, listener),
    cloudEvents: async (batch, listener) => await postEvents(api, batch, listener),
  };
  let enqueued = NOTHING;
  let before = 0;
  try {
    for (const batch of batches) {
      const handed = await ways[batch.way](batch, {
        onRejected: (line, errors) =>
          remark(`${batch.kind}, line ${line}: ${errors.map(describeIssue).join('; ')}`),
        onProgress: (count) => progress.update(before + count),
      });
      before += batch.size;
      enqueued = together(enqueued, enqueuedOf(batch, handed));
    }
    progress.update(lines);
    return enqueued;
  } finally {
    progress.stop();
    await producer.close();
  }
}

async function byLibrary(
  producer: Producer,
  { kind, read }: Batch,
  { onRejected, onProgress }: Listener,
): Promise<Handed> {
  const { jobs, rejected, refused } = await enqueueLines(producer, kind, read(), {
    onResult(result) {
      if (result.status === 'rejected') onRejected(result.line, result.errors);
      if (result.status === 'refused') onRejected(result.line, [{ path: '', message: result.code }]);
    },
    onProgress,
  });
  return { jobs, replayed: 0, rejected: rejected + refused };
}

function enqueuedOf({ kind, way }: Batch, { jobs, replayed, rejected }: Handed): Enqueued {
  const ingest = { ...NOTHING.ingest, [way]: jobs, replayed };
  return {
    jobs: new Map([[kind, jobs]]),
    total: jobs,
    rejected,
    ingest: kind === 'message-transmission' ? ingest : NOTHING.ingest,
  };
}

/** Adds the counts of both. */
export function together(one: Enqueued, other: Enqueued): Enqueued {
  const jobs = new Map(one.jobs);
  for (const [kind, count] of other.jobs) jobs.set(kind, (jobs.get(kind) ?? 0) + count);
  return {
    jobs,
    total: one.total + other.total,
    rejected: one.rejected + other.rejected,
    ingest: {
      library: one.ingest.library + other.ingest.library,
      http: one.ingest.http + other.ingest.http,
      cloudEvents: one.ingest.cloudEvents + other.ingest.cloudEvents,
      replayed: one.ingest.replayed + other.ingest.replayed,
    },
  };
}
