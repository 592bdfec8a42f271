import type { Allowance } from '../../../src/core/allowance.ts';
import type { Acquired, Admission } from '../../../src/flow/decisions.ts';
import type { Flow } from '../../../src/flow/flow.ts';
import type { RedisClient } from '../../../src/redis/connect.ts';
import type { Keys } from '../../../src/redis/keys.ts';
import type { Limit } from '../../../src/tenants/limits.ts';
import type { QuietTimes } from '../../../src/tenants/quiet-hours.ts';
import type { Job, JobSpec, SimulatedQueue } from './queue.ts';

/**
 * Flow control on a real Redis, with a clock and a queue that the test controls. Each step of a
 * worker is a method. A test can therefore put steps of other workers in between, or let the worker
 * die there.
 */
export interface World extends Pick<SimulatedQueue, 'jobs' | 'due' | 'now' | 'nextMs' | 'pass'> {
  readonly flow: Flow;
  readonly client: RedisClient;
  readonly keys: Keys;
  /** Admissions with the verdict go, in order. */
  readonly grants: readonly Grant[];
  /** @param maxAgeMs the maximum age of the tenant's jobs. Its quiet hours stay. */
  configure(tenantId: string, limit: Limit, maxAgeMs?: number): Promise<void>;
  /** Other quiet hours of a tenant, in the same configuration; none without times. */
  quieten(tenantId: string, quiet?: Pick<QuietTimes, 'times' | 'urgentPass'>): Promise<void>;
  pause(tenantId: string, durationMs: number): Promise<void>;
  resume(tenantId: string): Promise<void>;
  /** A producer enqueues a batch. @returns the sequence numbers; 0 for a job that was not accepted. */
  accept(specs: readonly JobSpec[]): Promise<readonly number[]>;
  /** Puts a job into the queue without acceptance, as another program can. */
  add(spec: JobSpec): Promise<void>;
  /** A worker takes a job, due or not, and asks for its admission. */
  start(id: string, fate?: Fate): Promise<Run>;
  /**
   * A job under way acquires the token of one more request.
   *
   * @param patienceMs a minute by default.
   */
  acquire(run: Run, number: number, patienceMs?: number): Promise<Acquired>;
  /** The worker concludes the run. @param reply of Genesys Cloud, when the verdict was go. */
  conclude(run: Run, reply?: Reply, fate?: Fate): Promise<void>;
  /** The worker settles the job in BullMQ: the run is over. */
  leave(run: Run): Promise<void>;
  /** A worker takes a job, and fails before it asks for admission. */
  failEarly(id: string, reply: Reply): Promise<void>;
  /** A worker without an OAuth token takes a job, and asks for admission. */
  approach(id: string, fate?: Fate): Promise<Run>;
  /** The same worker has the OAuth token now, and asks again. */
  proceed(run: Run, fate?: Fate): Promise<Run>;
  /** Start, conclude, leave. @returns the admission. */
  work(id: string, reply?: Reply): Promise<Admission>;
  /** The worker dies; BullMQ gives the job to another one after a while. */
  die(run: Run, afterMs?: number): void;
  /** Another program removes a job from its queue. */
  remove(id: string): Promise<void>;
  /** An operator cancels a waiting job. */
  cancel(id: string): Promise<'released' | 'running' | 'ended'>;
  /** An operator redrives a dead letter. @returns false if it was delivered. */
  retry(id: string): Promise<boolean>;
  /** The same, without BullMQ's part. */
  redrive(id: string): Promise<boolean>;
  /** The search for expired jobs, which workers run every second. @returns their number. */
  expire(atMost?: number): Promise<number>;
  /** The look for deferred lanes, which workers take every second and at the next moment. @returns lanes that go on. */
  goOn(atMost?: number): Promise<number>;
  /** When workers look for deferred lanes next; infinity: no lane is deferred. */
  nextLookMs(): number;
  /** The reconciler, which runs every five seconds. @returns the number of repaired lanes. */
  reconcile(fate?: Fate): Promise<number>;
  ledger(id: string): Promise<string | null>;
}

export interface Grant {
  readonly id: string;
  readonly tenantId: string;
  readonly lane: string | null;
  readonly sequence: number;
  readonly atMs: number;
  readonly mayBeRepetition: boolean;
}

/** One run of a job by one worker. */
export interface Run extends InHand {
  readonly startedAtMs: number;
  readonly admission: Admission;
}

export interface InHand {
  readonly job: Job;
  /** A number that differs for each run of the job. */
  readonly number: number;
  /** The change that the worker makes in BullMQ. Undefined before the run is concluded. */
  next: { readonly waitMs: number; readonly isParked: boolean } | { readonly end: string } | undefined;
}

/** A reply of Genesys Cloud, or another result of a run. */
export type Reply =
  | { readonly kind: 'sent'; readonly allowance?: Allowance }
  /** Another attempt gets the same answer. */
  | { readonly kind: 'failed' }
  /** Another attempt may succeed. The failure says nothing about Genesys Cloud. */
  | { readonly kind: 'retry'; readonly delayMs: number }
  | { readonly kind: 'unavailable'; readonly delayMs: number; readonly retryAfterMs?: number }
  /** No answer says whether the request was carried out. */
  | { readonly kind: 'unknown'; readonly delayMs: number }
  | { readonly kind: 'throttled'; readonly retryAfterMs?: number }
  /** Genesys Cloud refuses the credentials, or a permission is missing. */
  | { readonly kind: 'refused' | 'denied' };

/** The process wakes the jobs that a script returned, or dies before it. */
export type Fate = 'tells' | 'dies';
