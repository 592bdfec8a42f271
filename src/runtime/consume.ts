import { setTimeout as delay } from 'node:timers/promises';
import type { Job, Worker, WorkerOptions } from 'bullmq';
import type { Clock } from '../core/clock.ts';
import { CodedError, messageOf } from '../core/errors.ts';
import type { JobResult } from '../core/outcome.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { Envelope, Saved } from '../jobs/envelope.ts';
import type { Logger } from '../observe/logger.ts';
import { createLogThrottle } from '../observe/throttle.ts';
import type { Tracing } from '../observe/tracing.ts';
import type { DamagedJobs } from '../queues/damaged-jobs.ts';
import { USUAL_OPTIONS } from '../queues/job-options.ts';
import type { RedisClient } from '../redis/connect.ts';
import { type ConnectionLog, logConnection } from '../redis/connection-log.ts';
import type { Keys } from '../redis/keys.ts';
import { closeData, openData } from '../seal/job-values.ts';
import { createHandover, type Notes } from './handover.ts';
import type { Heartbeat } from './heartbeat.ts';
import { createLocks, type Locks } from './locks.ts';
import { PromptWorker } from './prompt-worker.ts';
import type { Report } from './report.ts';
import type { RetryUntilAborted } from './retry-until-aborted.ts';
import { type Execution, MAX_CRASHES, type Run } from './run.ts';
import { inRunSpan } from './run-span.ts';
import { isWayOut, RetryLater, settle, writtenWith } from './settle.ts';
import { createStalls } from './stalls.ts';
import type { Progress } from './watchdog.ts';

export interface ConsumeOptions {
  readonly kind: JobKind;
  readonly partition: number;
  readonly keys: Keys;
  readonly client: RedisClient;
  /**
   * Logs the errors of the queue. All queues share one: otherwise each would log the same error.
   */
  readonly connection?: ConnectionLog;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Makes the span of each run. */
  readonly tracing: Tracing;
  readonly concurrency: number;
  readonly lockDurationMs: number;
  readonly heartbeat: Heartbeat;
  readonly damagedJobs: DamagedJobs;
  readonly keepCompleted: number;
  readonly keepFailedMs: number;
  readonly execute: (run: Run) => Promise<Execution>;
  /** Whether the queue has a job that could run now. */
  readonly hasWork: () => Promise<boolean>;
  readonly report: Report;
  readonly retryUntilAborted: RetryUntilAborted;
}

export interface Consumer extends Progress {
  /** Takes no new job. Resolves when the running jobs are settled. */
  quiet(): Promise<void>;
  /** Aborts the requests of the running jobs, and leaves the jobs to other workers. */
  abandon(): Promise<void>;
}

const CLOSE_DEADLINE_MS = 2000;
/** From one log line to the next about runs that broke off for the same reason, ms. */
const REPORT_EVERY_MS = 30_000;

/** Takes the jobs of one queue and runs each through execute, report and settle. */
export function consume(options: ConsumeOptions): Consumer {
  const { kind, partition, keys, clock, tracing, execute, report, retryUntilAborted } = options;
  const { seal } = keys;
  const stalls = createStalls(options);
  const handover = createHandover({
    damagedJobs: options.damagedJobs,
    noteStalls: stalls.note,
    onStalls: stalls.report,
  });
  const locks = createLocks();
  const broken = createLogThrottle({ logger: options.logger, everyMs: REPORT_EVERY_MS });

  let started = 0;
  let inHand = 0;
  let whenIdle: (() => void) | undefined;

  function idle(): Promise<void> {
    if (inHand === 0) return Promise.resolve();
    return new Promise((resolve) => {
      whenIdle = resolve;
    });
  }

  // BullMQ makes an abort signal only for processors that declare all three parameters.
  async function processJob(
    job: Job,
    token: string | undefined,
    signal?: AbortSignal,
  ): Promise<JobResult | string> {
    const startedAtMs = clock.now();
    started++;
    inHand++;
    try {
      // The job stays in its partition, also while its tenant moves to another one.
      return await keys.within(partition, () => runJob(job, token, startedAtMs, signal));
    } catch (error) {
      // BullMQ has the job run again. Without this line a bug in a report would do so in silence.
      if (!isWayOut(error)) broken.warn({ reason: messageOf(error), kind, jobId: job.id }, 'a run broke off');
      if (isWayOut(error) || !(error instanceof Error)) throw error;
      throw writtenWith(seal, { tenantId: undefined, jobId: job.id ?? '' }).error(error);
    } finally {
      inHand--;
      if (inHand === 0) whenIdle?.();
    }
  }

  async function runJob(
    job: Job,
    token: string | undefined,
    startedAtMs: number,
    signal: AbortSignal | undefined,
  ): Promise<JobResult | string> {
    const notes = handover.take(job.id ?? '');
    const lock = locks.take(job);
    const given = signal ?? new AbortController().signal;
    const jobId = job.id ?? '';
    const opened = opening(jobId, job.data);
    const { attemptsStarted: number, attemptsMade } = job;
    const attempts = job.opts.attempts ?? 1;
    // The runtime counts the attempts of a job that has a number of its own.
    Object.assign(job.opts, USUAL_OPTIONS);
    const traced = { kind, jobId, data: opened.data, number, attemptsMade };
    const execution = await inRunSpan(tracing, traced, async (data) => {
      const executed = await execute({
        kind,
        jobId,
        ...opened,
        data,
        number,
        attemptsMade,
        attempts,
        crashes: await crashesIn(notes),
        damaged: notes.damaged,
        hasLock: lock.isHeld,
        acceptedAtMs: acceptedAtMs(job),
        signal: given,
        // Until Redis has the saved state, only this worker knows what the job has done.
        save: (saved) => retryUntilAborted(() => job.updateData(sealed(jobId, opened.data, saved)), given),
      });
      lock.release();
      await retryUntilAborted(() => report(executed, startedAtMs), given);
      return executed;
    });
    const write = writtenWith(seal, execution.job);
    const settling = { startedAtMs, nowMs: clock.now(), write };
    return await settle(job, token, execution.outcome, settling, async () => execution.recheck?.());
  }

  /** BullMQ keeps the data sealed: it copies those of a schedule to the next job. */
  function opening(jobId: string, stored: unknown): Pick<Run, 'data' | 'sealedFor'> {
    try {
      return { data: openData(seal, jobId, stored) };
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      return { data: stored, sealedFor: error };
    }
  }

  function sealed(jobId: string, data: unknown, saved: Saved): unknown {
    const { tenantId, ...others } = data as Envelope;
    const whole: Envelope = { tenantId, ...others, saved };
    return seal.isOn ? JSON.parse(closeData(seal, { tenantId, jobId }, JSON.stringify(whole))) : whole;
  }

  /** A worker gives up a callback only after a call of its receiver. */
  async function crashesIn({ holders, wasCalled }: Notes): Promise<number> {
    if (holders.length <= MAX_CRASHES || (kind === 'webhook-delivery' && !wasCalled)) return 0;
    return await stalls.crashes(holders).catch(() => 0);
  }

  const workerOptions: WorkerOptions = {
    connection: options.client,
    prefix: options.keys.queuePrefix(options.partition),
    // Other workers ask by this name whether this process lives. If it died, they take its jobs.
    name: options.heartbeat.name,
    concurrency: options.concurrency,
    lockDuration: options.lockDurationMs,
    stalledInterval: Math.ceil(options.lockDurationMs / 2),
    // BullMQ's own limit counts locks that ran out, and ends a job without a report. The runtime
    // has its own limit, `MAX_CRASHES`.
    maxStalledCount: 1_000_000,
    removeOnComplete: { count: options.keepCompleted },
    removeOnFail: { age: Math.ceil(options.keepFailedMs / 1000) },
    settings: {
      backoffStrategy: (_attempts, _type, error) => (error instanceof RetryLater ? error.delayMs : 1000),
    },
  };
  const worker = new PromptWorker(kind, processJob, workerOptions, handover.backend);
  watch(worker, options, locks);
  options.heartbeat.onLapse(() => void worker.renewLocks());
  worker.run().catch((error: unknown) => worker.emit('error', error as Error));

  return {
    started: () => started,
    inHand: () => inHand,
    hasWork: () => options.hasWork(),
    async quiet() {
      const closing = worker.close();
      closing.catch(() => {});
      await idle();
      // BullMQ still cleans up. Without Redis that would take for ever.
      await Promise.race([closing, delay(CLOSE_DEADLINE_MS, undefined, { ref: false })]);
    },
    async abandon() {
      worker.cancelAllJobs('shutdown');
      await worker.close(true);
    },
  };
}

/**
 * BullMQ creates the job of a schedule when the job before it starts. The job counts as handed over
 * when it is due.
 */
function acceptedAtMs({ timestamp, opts, repeatJobKey }: Job): number {
  return repeatJobKey === undefined ? timestamp : timestamp + (opts.delay ?? 0);
}

function watch(worker: Worker, { kind, client, logger, connection }: ConsumeOptions, locks: Locks): void {
  const { complain } = connection ?? logConnection(client, logger);
  worker.on('error', (error) => {
    // `lockRenewalFailed` reports these, and leaves out the jobs that have ended.
    if (!error.message.startsWith('could not renew lock')) complain(error, { kind });
  });
  // Another worker may have the jobs already. A request under way goes on, so that its answer is
  // recorded.
  worker.on('lockRenewalFailed', (renewed) => {
    const jobIds = locks.lose(renewed);
    if (jobIds.length > 0) logger.warn({ kind, jobIds }, 'locks lost; the jobs begin no further request');
  });
}
