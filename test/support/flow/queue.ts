import type { RunStart } from '../../../src/flow/decisions.ts';
import type { JobRef } from '../../../src/flow/job-ref.ts';
import type { RedisClient } from '../../../src/redis/connect.ts';
import type { Keys } from '../../../src/redis/keys.ts';
import type { Wake } from '../../../src/redis/wakes.ts';
import { createManualClock } from '../clock.ts';

/** A job in the description of a test. Only the id is required. */
export interface JobSpec {
  readonly id: string;
  readonly tenant?: string;
  /** The conversation. Without it the order does not matter. */
  readonly lane?: string;
  readonly urgent?: boolean;
  readonly expiresAtMs?: number;
  /** Before this moment it must not be sent. */
  readonly sendAtMs?: number;
  readonly onUnknownOutcome?: RunStart['onUnknownOutcome'];
  readonly onFailure?: 'skip' | 'halt';
}

export interface Job {
  readonly id: string;
  readonly spec: JobSpec;
  readonly ref: JobRef;
  /** The sequence number in its lane. 0: not known. */
  sequence: number;
  /** The state in BullMQ. Stalled: the worker is dead, and BullMQ has not noticed yet. */
  state: 'delayed' | 'due' | 'active' | 'stalled' | 'ended' | 'removed';
  /** The moment at which a delayed or stalled job becomes due. */
  dueMs: number;
  /** How often a worker has taken the job. */
  starts: number;
  /** The outcome, in the word of the ledger. */
  end: string | null;
}

/**
 * The parts of BullMQ that flow control depends on. Redis has one hash per job, which the scripts
 * read. A timetable makes jobs due at the end of their delay or when a script wakes them. A wake
 * does not affect a job that a worker runs.
 */
export interface SimulatedQueue {
  readonly jobs: ReadonlyMap<string, Job>;
  /** Jobs that a worker may take now, in the order in which they became due. */
  readonly due: readonly Job[];
  now(): number;
  /** The next moment at which a job may become due. Infinity: no job waits. */
  nextMs(): number;
  /** Time passes, and delayed jobs become due. */
  pass(ms: number): void;
  get(id: string): Job;
  /** Inserts a job without acceptance. It is due at once. */
  add(job: Job): Promise<void>;
  /** Takes over jobs that accept.lua inserted, with the delay that it gave them. */
  follow(jobs: readonly Job[]): Promise<void>;
  /** A worker takes a job, due or not. */
  take(job: Job): void;
  delay(job: Job, ms: number): void;
  /** The worker of a job dies. The queue notices it after a while. */
  stall(job: Job, ms: number): void;
  wake(wakes: readonly Wake[]): void;
  end(job: Job, how: string): Promise<void>;
  /** Makes a dead letter due again. */
  redrive(job: Job): Promise<void>;
  remove(job: Job): Promise<void>;
}

export interface SimulatedQueueOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  /** The delay with which a job becomes due, in ms. */
  readonly latenessMs: (job: Job) => number;
}

/** The delay of a parked job, as in parking.ts. */
export const PARKED_MS = 24 * 3_600_000;

/** BullMQ keeps the moment at which a job is due times this number. */
const DUE_STEPS = 4096;

export function createSimulatedQueue({ client, keys, latenessMs }: SimulatedQueueOptions): SimulatedQueue {
  const clock = createManualClock();
  const jobs = new Map<string, Job>();
  const due: Job[] = [];
  const timetable = new Map<number, Job[]>();

  const hashOf = ({ ref }: Job) => `${keys.own(ref.tenantId)}${ref.kind}:${ref.jobId}`;
  const dueOf = ({ ref }: Job) => [`${keys.own(ref.tenantId)}${ref.kind}:delayed`, ref.jobId] as const;

  function schedule(job: Job, state: 'delayed' | 'stalled', dueMs: number): void {
    leaveDue(job);
    job.state = state;
    job.dueMs = dueMs;
    if (dueMs <= clock.now()) {
      makeDue(job);
      return;
    }
    const others = timetable.get(dueMs);
    if (others) others.push(job);
    else timetable.set(dueMs, [job]);
  }

  function makeDue(job: Job): void {
    job.state = 'due';
    due.push(job);
  }

  function leaveDue(job: Job): void {
    if (job.state === 'due') due.splice(due.indexOf(job), 1);
  }

  function delay(job: Job, ms: number): void {
    schedule(job, 'delayed', clock.now() + (ms > 0 ? Math.ceil(ms) + latenessMs(job) : 0));
  }

  return {
    jobs,
    due,
    now: clock.now,
    nextMs() {
      let next = Number.POSITIVE_INFINITY;
      for (const moment of timetable.keys()) next = Math.min(next, moment);
      return next;
    },
    pass(ms) {
      const until = clock.now() + ms;
      // Most steps are one millisecond. A longer step goes from moment to moment of the timetable,
      // so that days pass at once.
      const moments = ms === 1 ? [until] : [...timetable.keys()].filter((moment) => moment <= until);
      for (const moment of moments.toSorted((a, b) => a - b)) {
        for (const job of timetable.get(moment) ?? []) {
          if ((job.state === 'delayed' || job.state === 'stalled') && job.dueMs === moment) makeDue(job);
        }
        timetable.delete(moment);
      }
      clock.advance(ms);
    },
    get(id) {
      const job = jobs.get(id);
      if (!job) throw new RangeError(`no job ${id}`);
      return job;
    },
    async add(job) {
      await client.hset(hashOf(job), 'timestamp', clock.now());
      jobs.set(job.id, job);
      delay(job, 0);
    },
    async follow(accepted) {
      const scores = await Promise.all(accepted.map((job) => client.zscore(...dueOf(job))));
      const arrivals = await Promise.all(accepted.map((job) => client.hget(hashOf(job), 'timestamp')));
      accepted.forEach((job, index) => {
        const dueMs = Math.floor(Number(scores[index]) / DUE_STEPS);
        jobs.set(job.id, job);
        delay(job, Math.max(0, dueMs - Number(arrivals[index])));
      });
    },
    take(job) {
      leaveDue(job);
      job.state = 'active';
      job.starts++;
    },
    delay,
    stall: (job, ms) => schedule(job, 'stalled', clock.now() + ms),
    wake(wakes) {
      for (const { jobId, delayMs } of wakes) {
        const job = jobs.get(jobId);
        if (job?.state === 'delayed') delay(job, delayMs);
      }
    },
    async end(job, how) {
      leaveDue(job);
      job.state = 'ended';
      job.end = how;
      await client.hset(hashOf(job), 'finishedOn', clock.now());
    },
    async redrive(job) {
      job.end = null;
      job.sequence = 0;
      delay(job, 0);
      await client.hdel(hashOf(job), 'finishedOn');
    },
    async remove(job) {
      leaveDue(job);
      job.state = 'removed';
      await client.del(hashOf(job));
    },
  };
}
