import type { Config } from '../config/settings.ts';
import { type BucketControl, createBucketControl } from './bucket-control.ts';
import { createExplanations, type Explanations } from './explain.ts';
import { createJobControl, type JobControl } from './job-control.ts';
import { createJobIndex, type JobIndex } from './job-index.ts';
import { type FlowOptions, loadScripts } from './scripts.ts';
import { createUpkeep, type Upkeep } from './upkeep.ts';

/**
 * Flow control decides which job may send, and when. It keeps the rate limit of each tenant and the
 * order of each lane, and sends nothing again that was delivered.
 *
 * The life of a job, with the process that calls:
 *
 *   accept        producer     a new job gets its sequence number, and enters its queue
 *   admit         worker       it may send now, it waits, or it is parked until a script wakes it
 *   acquire       worker       a running job takes the token for one more request
 *   conclude      worker       the job has ended: its lane goes on
 *   reschedule    worker       the job keeps its turn and runs again later
 *   recheck       worker       did a job get its turn while it was being parked?
 *   release       operator     the job will not run: its lane goes on
 *   redrive       operator     a dead letter is sent once more
 *   explain       any          why does the job wait?
 *   page          any          the jobs of a tenant by acceptance, or of a conversation in its order
 *
 * Each method runs Lua in Redis, by the clock of Redis: a script of its own, or its part of acts.lua.
 * All state is in Redis: any replica may call, and any replica may die at any line. `turns.lua` draws
 * the states of a lane, and `bucket.lua` those of a bucket.
 *
 * Most methods return `wakes`: other jobs whose turn has come. The caller must wake them in BullMQ.
 * When it dies before, the reconciler wakes them some seconds later.
 */
export interface Flow extends JobControl, BucketControl, Upkeep, Explanations, JobIndex {}

export type { FlowOptions } from './scripts.ts';

export function createFlow(options: FlowOptions): Flow {
  const scripts = loadScripts(options);
  return {
    ...createJobControl(scripts, options),
    ...createBucketControl(scripts, options),
    ...createUpkeep(scripts, options),
    ...createExplanations(scripts, options),
    ...createJobIndex(scripts, options),
  };
}

/**
 * Longest time that an attempt may take from one token of its bucket to the next, ms: a wait or the fetch
 * of an OAuth token, and a request. The runtime aborts it then.
 */
export function attemptMs({ requestTimeoutMs }: Pick<Config, 'requestTimeoutMs'>): number {
  return 2 * requestTimeoutMs;
}

/** Oldest token with which a request may begin, ms, if requests may take long. */
const LATEST_START_MS = 2000;
/** A request counts as over this long after its last moment, ms. */
const MARGIN_MS = 1000;

/**
 * How old its token of the bucket may be when a request begins, ms. A worker that was frozen, or whose
 * Redis was away, is later; then it takes another token, or another worker has the job.
 */
export function startMs(longestAttemptMs: number): number {
  return Math.min(LATEST_START_MS, longestAttemptMs / 2);
}

/**
 * The times that flow control takes from the settings. A request begins soon after its token, and ends
 * after REQUEST_TIMEOUT at the latest.
 */
export function timesOf(config: Pick<Config, 'requestTimeoutMs' | 'ledgerTtlMs'>) {
  const requestMs = startMs(attemptMs(config)) + config.requestTimeoutMs + MARGIN_MS;
  return { requestMs, ledgerTtlMs: config.ledgerTtlMs };
}
