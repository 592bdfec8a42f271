import type { Job } from 'bullmq';
import { isErrorCode } from '../core/errors.ts';
import type { RedisClient } from '../redis/connect.ts';
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

export interface Attempts {
  /**
   * The failed attempts that Redis still knows: the last three, and the first. Attempts in an outage do not count
   * and are not among them.
   */
  readonly attempts: readonly AttemptView[];
  /** When the next attempt is due; null when the job does not wait for one. */
  readonly nextAttemptAt: string | null;
}

/** BullMQ's score of a delayed job is its moment × 4096, and a counter. */
const SCORE_FACTOR = 4096;
/** A parked job is delayed for longer than any backoff that an operator would wait for, ms. */
const PARKED_MS = 23 * 3_600_000;

export async function attemptsOf(client: RedisClient, job: Job, state: string): Promise<Attempts> {
  const codes = (job.stacktrace ?? []).map(codeInTrace);
  const key = `${job.queueQualifiedName}:${job.id}`;
  const [since, score] = await Promise.all([
    client.hget(key, 'gwm:since'),
    client.zscore(`${job.queueQualifiedName}:delayed`, job.id ?? ''),
  ]);
  const made = Math.max(job.attemptsMade, codes.length);
  const first = made - codes.length + 1;
  const attempts = codes.map((code, index): AttemptView => {
    const number = first + index;
    if (number === made) return { number, code, startedAt: timeOf(job.processedOn) };
    return { number, code, startedAt: number === 1 && since ? timeOf(Number(since)) : null };
  });
  if (first > 1 && since) attempts.unshift({ number: 1, code: null, startedAt: timeOf(Number(since)) });
  const dueMs = state === 'delayed' && score !== null ? Number(score) / SCORE_FACTOR : Number.NaN;
  const isAttempt = dueMs - Date.now() < PARKED_MS && made > 0;
  return { attempts, nextAttemptAt: isAttempt ? timeOf(Math.floor(dueMs)) : null };
}

/** The stack of an error begins with its class and its message, `RetryLater: CODE: …`. */
function codeInTrace(trace: string): string | null {
  const code = codeIn(/^\w+: ([\s\S]*)/.exec(trace)?.[1]);
  return code !== undefined && isErrorCode(code) ? code : null;
}
