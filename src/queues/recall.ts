import { parseJson } from '../core/json.ts';
import { sealOfEntry, storedDigest } from '../flow/ledger.ts';
import { jobOf } from '../flow/notation.ts';
import type { JobKind } from '../jobs/catalog.ts';
import { contentDigest } from '../jobs/content-digest.ts';
import { readData } from '../jobs/stored-data.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { openDataText } from '../seal/job-values.ts';
import { storedData } from './arrivals.ts';
import type { Pace } from './pace.ts';
import type { PreparedJob } from './prepare.ts';
import type { Queues } from './queues.ts';

/** Knows which jobs were accepted before. */
export interface Recall {
  /**
   * Whether a duplicate has another content than the accepted entry. False when the content of the
   * accepted one is not known any more.
   */
  isDifferent(jobs: readonly PreparedJob[]): Promise<boolean>;
}

/** @param pace bounds the comparisons that are under way. */
export function createRecall(client: RedisClient, keys: Keys, queues: Queues, pace?: Pace): Recall {
  const keysOf = ({ ref }: Pick<PreparedJob, 'ref'>) => ({
    inQueue: queues.of(ref.kind, ref.tenantId).toKey(ref.jobId),
    inLedger: keys.ledger(ref.tenantId, jobOf(ref)),
  });

  const isSame = async (job: PreparedJob): Promise<boolean> => {
    const { inQueue, inLedger } = keysOf(job);
    const stored = await client.hget(inQueue, 'data');
    const data = stored === null ? null : openDataText(keys.seal, job.ref.jobId, stored);
    // A repetition has the same fields in the same order, in most cases.
    if (data !== null && data === storedData(job)) return true;
    const digest = digestIn(job.ref.kind, data);
    const entry = digest === undefined ? await client.get(inLedger) : null;
    // A part that is not known was not part of the accepted entry.
    if (data === null && entry === null) return false;
    // Undefined when only the end of the job is known.
    const known = digest ?? storedDigest(entry ?? '', sealOfEntry(keys.seal, job.ref));
    return known === undefined || known === contentDigest(job.payload);
  };

  const isKnown = async (job: Pick<PreparedJob, 'ref'>): Promise<boolean> => {
    const { inQueue, inLedger } = keysOf(job);
    return (await client.exists(inQueue, inLedger)) > 0;
  };

  const isDifferent = async (jobs: readonly PreparedJob[]): Promise<boolean> => {
    const [hasMore, ...parts] = await Promise.all([isKnown(partBehind(jobs)), ...jobs.map(isSame)]);
    return hasMore || !parts.every(Boolean);
  };

  return { isDifferent: (jobs) => (pace ? pace.compare(() => isDifferent(jobs)) : isDifferent(jobs)) };
}

/** The id of one more part than this entry has. */
function partBehind(jobs: readonly PreparedJob[]): Pick<PreparedJob, 'ref'> {
  const [first] = jobs;
  if (!first) throw new TypeError('an entry without jobs');
  return { ref: { ...first.ref, jobId: `${first.ref.jobId}-${jobs.length + 1}` } };
}

function digestIn(kind: JobKind, data: string | null): string | undefined {
  const known = data === null ? undefined : readData(kind, parseJson(data));
  return known && contentDigest(known.payload);
}
