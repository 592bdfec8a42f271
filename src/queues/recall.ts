import { parseJson } from '../core/json.ts';
import { storedDigest } from '../flow/ledger.ts';
import { jobOf } from '../flow/notation.ts';
import { contentDigest } from '../jobs/content-digest.ts';
import { envelope } from '../jobs/envelope.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
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

interface Known {
  /** Undefined when only the end of the job is known. */
  readonly digest: string | undefined;
}

export function createRecall(client: RedisClient, keys: Keys, queues: Queues): Recall {
  const find = async ({ ref }: Pick<PreparedJob, 'ref'>): Promise<Known | undefined> => {
    const { tenantId, kind, jobId } = ref;
    const [data, entry] = await Promise.all([
      client.hget(queues.of(kind, tenantId).toKey(jobId), 'data'),
      client.get(keys.ledger(tenantId, jobOf(ref))),
    ]);
    if (data === null && entry === null) return undefined;
    return { digest: digestIn(data) ?? storedDigest(entry ?? '') };
  };

  return {
    async isDifferent(jobs) {
      const parts = await Promise.all(jobs.map(find));
      if (parts.some((known, index) => differs(known, jobs[index]))) return true;
      return (await find(partBehind(jobs))) !== undefined;
    },
  };
}

/** A part that is not known was not part of the accepted entry. */
function differs(known: Known | undefined, job: PreparedJob | undefined): boolean {
  if (!known || !job) return true;
  return known.digest !== undefined && known.digest !== contentDigest(job.payload);
}

/** The id of one more part than this entry has. */
function partBehind(jobs: readonly PreparedJob[]): Pick<PreparedJob, 'ref'> {
  const [first] = jobs;
  if (!first) throw new TypeError('an entry without jobs');
  return { ref: { ...first.ref, jobId: `${first.ref.jobId}-${jobs.length + 1}` } };
}

function digestIn(data: string | null): string | undefined {
  if (data === null) return undefined;
  const opened = envelope.safeParse(parseJson(data));
  return opened.success ? contentDigest(opened.data.payload) : undefined;
}
