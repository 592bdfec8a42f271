import type { Job } from 'bullmq';
import { isErrorCode } from '../core/errors.ts';
import type { RedisClient } from '../redis/connect.ts';
import { isWrongType } from '../redis/failure.ts';
import { codeIn, timeOf } from './job-view.ts';

/** One failed attempt, as far as Redis still knows it. */
export interface AttemptView {
  /** Counted from 1. */
  readonly number: number;
  /** When its run began; null for attempts between the first and the last. */
  readonly startedAt: string | null;
  /** Null when the reason has no code. */
  readonly code: string | null;
}

/**
 * The failed attempts that Redis still knows: the last three, and the first. Attempts in an outage do
 * not count and are not among them.
 */
export async function attemptsOf(client: RedisClient, job: Job): Promise<AttemptView[]> {
  const codes = (job.stacktrace ?? []).map(codeInTrace);
  const since = await sinceOf(client, job);
  const made = Math.max(job.attemptsMade, codes.length);
  const first = made - codes.length + 1;
  const attempts = codes.map((code, index): AttemptView => {
    const number = first + index;
    if (number === made) return { number, code, startedAt: timeOf(job.processedOn) };
    return { number, code, startedAt: number === 1 && since ? timeOf(Number(since)) : null };
  });
  if (first > 1 && since) attempts.unshift({ number: 1, code: null, startedAt: timeOf(Number(since)) });
  return attempts;
}

/** When the first attempt began. A damaged job may have another type in the place of its hash. */
async function sinceOf(client: RedisClient, job: Job): Promise<string | null> {
  try {
    return await client.hget(`${job.queueQualifiedName}:${job.id}`, 'gwm:since');
  } catch (error) {
    if (isWrongType(error)) return null;
    throw error;
  }
}

/** The stack of an error begins with its class and its message, `RetryLater: CODE: …`. */
function codeInTrace(trace: string): string | null {
  const code = codeIn(/^\w+: ([\s\S]*)/.exec(trace)?.[1]);
  return code !== undefined && isErrorCode(code) ? code : null;
}
