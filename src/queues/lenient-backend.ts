import {
  type BackendFactory,
  createRedisBackend,
  type JobJson,
  type RedisQueueBackend,
  raw2NextJobData,
} from 'bullmq';
import type { ErrorCode } from '../core/errors.ts';
import type { RedisClient } from '../redis/connect.ts';
import { isWrongType } from '../redis/failure.ts';
import { openHash } from '../seal/job-values.ts';
import { CLEAR, type Seal } from '../seal/seal.ts';
import { damageOf, mend } from './damage.ts';
import { USUAL_OPTIONS } from './job-options.ts';

/**
 * Reads jobs for a queue of BullMQ. BullMQ throws at a job that it cannot read, and the other jobs
 * of the page are lost with it. This backend shows a damaged job with the reason JOB_DAMAGED, and
 * without a damaged time. It opens sealed values, and shows a job that it cannot open with the reason.
 * It changes nothing in Redis: a worker ends the job at its turn.
 */
export function createLenientBackend(
  client: RedisClient,
  seal: Seal = CLEAR,
): BackendFactory<RedisQueueBackend> {
  return (kind, opts, options) => {
    const backend = createRedisBackend(kind, opts, options);
    const getJobs = backend.getJobs.bind(backend);

    backend.getJobData = async (jobId) => {
      const raw = await hashAt(client, `${backend.qualifiedName}:${jobId}`);
      if (raw !== undefined && Object.keys(raw).length === 0) return undefined;
      return readable(jobId, raw, kind, seal);
    };

    // BullMQ takes only the ids from a page, and reads each job by its id.
    backend.getJobs = async (states, start, end, isAscending) => {
      try {
        return await getJobs(states, start, end, isAscending);
      } catch (error) {
        if (!isWrongType(error)) throw error;
        const pages: readonly (readonly string[])[] = await backend.getRanges(
          states,
          start,
          end,
          isAscending,
        );
        return pages.map((ids) => ids.map((id) => [id, []]));
      }
    };
    return backend;
  };
}

/** Undefined when the key is not a hash. */
async function hashAt(client: RedisClient, key: string): Promise<Record<string, string> | undefined> {
  try {
    return await client.hgetall(key);
  } catch (error) {
    if (isWrongType(error)) return undefined;
    throw error;
  }
}

/** accept.lua writes none of these, and BullMQ reads a missing one as NaN. */
const LEFT_OUT = { delay: '0', priority: '0' };

function readable(jobId: string, raw: Record<string, string> | undefined, kind: string, seal: Seal): JobJson {
  const damage = damageOf(raw ?? {}, kind, Number.NaN);
  const sound = damage ? mend(raw ?? {}, damage) : raw;
  const opened = openHash(seal, jobId, sound ?? {});
  const fields = { ...LEFT_OUT, ...opened.raw, id: jobId };
  const [read] = raw2NextJobData([Object.entries(fields).flat(), jobId, 0, 0]);
  const json = { ...read, opts: { ...USUAL_OPTIONS, ...read.opts } };
  if (opened.failure) return { ...json, failedReason: `${opened.failure.code}: ${opened.failure.message}` };
  if (!damage) return json;
  return { ...json, failedReason: reasonOf(raw ? damage.fields : ['the whole job']) };
}

const CODE: ErrorCode = 'JOB_DAMAGED';

function reasonOf(fields: readonly string[]): string {
  return `${CODE}: Redis holds values that no job has: ${fields.join(', ')}`;
}

/** Whether a failure reason says that a job is damaged, or ended because of it. */
export function isDamage(failedReason: string | undefined): failedReason is string {
  return failedReason?.startsWith(`${CODE}: `) === true;
}
