import { setTimeout as delay } from 'node:timers/promises';
import type { Job, Worker, WorkerOptions } from 'bullmq';
import type { Clock } from '../core/clock.ts';
import type { JobResult } from '../core/outcome.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { Logger } from '../observe/logger.ts';
import type { DamagedJobs } from '../queues/damaged-jobs.ts';
import { UNCOUNTED } from '../queues/job-options.ts';
import type { RedisClient } from '../redis/connect.ts';
import { type ConnectionLog, logConnection } from '../redis/connection-log.ts';
import type { Keys } from '../redis/keys.ts';
import { createHandover, type Notes } from './handover.ts';
import type { Heartbeat } from './heartbeat.ts';
import { createLocks, type Locks } from './locks.ts';
import { PromptWorker } from './prompt-worker.ts';
import type { Report } from './report.ts';
import type { RetryUntilAborted } from './retry-until-aborted.ts';
import { type Execution, MAX_CRASHES, type Run } from './run.ts';
import { RetryLater, settle } from './settle.ts';
import { createStalls } from './stalls.ts';
import type { Progress } from './watchdog.ts';

export interface ConsumeOptions {
  readonly kind: JobKind;
  readonly partition: number;
  readonly keys: Keys;
  readonly client: RedisClient;
  /** Told about errors of the queue; one for all queues, or each would say the same. */
  readonly connection?: ConnectionLog;
  readonly clock: Clock;
  readonly logger: Logger;
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
  /** Takes no new job; resolves when those in hand are settled. */
  quiet(): Promise<void>;
  /** Aborts the requests of the jobs in hand and leaves them to other workers. */
  abandon(): Promise<void>;
}

const CLOSE_DEADLINE_MS = 2000;

/** Takes the jobs of one queue and runs each through execute, report and settle. */
export function consume(options: ConsumeOptions): Consumer {
  const { kind, clock, execute, report, retryUntilAborted } = options;
  const stalls = createStalls(options);
  const handover = createHandover({
    damagedJobs: options.damagedJobs,
    noteStalls: stalls.note,
    onStalls: stalls.tell,
  });
  const locks = createLocks();

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
  async function processJob(job: Job, token: string | undefined, signal?: AbortSignal): Promise<JobResult> {
    const startedAtMs = clock.now();
    started++;
    inHand++;
    try {
      return await runJob(job, token, startedAtMs, signal);
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
  ): Promise<JobResult> {
    const notes = handover.take(job.id ?? '');
    const lock = locks.take(job);
    const given = signal ?? new AbortController().signal;
    const run: Run = {
      kind,
      jobId: job.id ?? '',
      data: job.data,
      number: job.attemptsStarted,
      attemptsMade: job.attemptsMade,
      attempts: job.opts.attempts ?? 1,
      crashes: await crashesIn(notes),
      damaged: notes.damaged,
      hasLock: lock.isHeld,
      acceptedAtMs: acceptedAtMs(job),
      signal: given,
      // What was done is known to this worker alone until it is written down.
      save: (saved) => retryUntilAborted(() => job.updateData({ ...job.data, saved }), given),
    };
    // How often is the runtime's to say: BullMQ would count what Redis refuses, and end a job without a word.
    job.opts.attempts = UNCOUNTED;
    const execution = await execute(run);
    lock.release();
    await retryUntilAborted(() => report(run, execution, startedAtMs), run.signal);
    return await settle(job, token, execution.outcome, clock.now(), async () => execution.recheck?.());
  }

  /** A callback is not given up before its receiver was called. */
  async function crashesIn({ holders, wasCalled }: Notes): Promise<number> {
    if (holders.length <= MAX_CRASHES || (kind === 'webhook-delivery' && !wasCalled)) return 0;
    return await stalls.crashes(holders).catch(() => 0);
  }

  const workerOptions: WorkerOptions = {
    connection: options.client,
    prefix: options.keys.queuePrefix(options.partition),
    // Whoever takes over a job whose lock has run out asks whether this process still lives.
    name: options.heartbeat.name,
    concurrency: options.concurrency,
    lockDuration: options.lockDurationMs,
    stalledInterval: Math.ceil(options.lockDurationMs / 2),
    // BullMQ's own limit counts locks that ran out, and ends a job without asking us; execute has one that reports.
    maxStalledCount: 1_000_000,
    removeOnComplete: { count: options.keepCompleted },
    removeOnFail: { age: Math.ceil(options.keepFailedMs / 1000) },
    settings: {
      backoffStrategy: (_attempts, _type, error) => (error instanceof RetryLater ? error.delayMs : 1000),
    },
  };
  const worker = new PromptWorker(kind, processJob, workerOptions, handover.backend);
  watch(worker, options, locks);
  worker.run().catch((error: unknown) => worker.emit('error', error as Error));

  return {
    started: () => started,
    inHand: () => inHand,
    hasWork: () => options.hasWork(),
    async quiet() {
      const closing = worker.close();
      closing.catch(() => {});
      await idle();
      // What is left is BullMQ's book-keeping; with Redis away it would wait for ever.
      await Promise.race([closing, delay(CLOSE_DEADLINE_MS, undefined, { ref: false })]);
    },
    async abandon() {
      worker.cancelAllJobs('shutdown');
      await worker.close(true);
    },
  };
}

/** A job that comes by the clock is made when the one before it is taken up, and handed over when its time has come. */
function acceptedAtMs({ timestamp, opts, repeatJobKey }: Job): number {
  return repeatJobKey === undefined ? timestamp : timestamp + (opts.delay ?? 0);
}

function watch(worker: Worker, { kind, client, logger, connection }: ConsumeOptions, locks: Locks): void {
  const { complain } = connection ?? logConnection(client, logger);
  worker.on('error', (error) => {
    // `lockRenewalFailed` reports these, and leaves out the jobs that have ended.
    if (!error.message.startsWith('could not renew lock')) complain(error, { kind });
  });
  // Another worker may have the jobs already. What is under way goes on to its end, so that its answer is written down.
  worker.on('lockRenewalFailed', (renewed) => {
    const jobIds = locks.lose(renewed);
    if (jobIds.length > 0) logger.warn({ kind, jobIds }, 'locks lost; the jobs begin no further request');
  });
}
