import { type Job, Worker } from 'bullmq';
import type { Clock } from '../core/clock.ts';
import type { JobResult } from '../core/outcome.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { Logger } from '../observe/logger.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Activation, Execution } from './execute.ts';
import type { Timing } from './report.ts';
import { RetryLater, settle } from './settle.ts';

export interface ConsumeOptions {
  readonly kind: JobKind;
  /** BullMQ's prefix of the partition. */
  readonly prefix: string;
  readonly client: RedisClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly concurrency: number;
  readonly lockDurationMs: number;
  readonly keepCompleted: number;
  readonly keepFailedMs: number;
  readonly execute: (activation: Activation) => Promise<Execution>;
  readonly report: (activation: Activation, execution: Execution, timing: Timing) => Promise<void>;
}

export interface Consumer {
  /** Takes no new job; resolves when those in hand are settled. */
  quiet(): Promise<void>;
  /** Aborts the requests of the jobs in hand and leaves them to other workers. */
  abandon(): Promise<void>;
}

/** Takes the jobs of one queue and runs each through execute, report and settle. */
export function consume(options: ConsumeOptions): Consumer {
  const { kind, clock, logger, execute, report } = options;

  // BullMQ makes an abort signal only for processors that declare all three parameters.
  async function processJob(job: Job, token: string | undefined, signal?: AbortSignal): Promise<JobResult> {
    const startedAtMs = clock.now();
    const activation: Activation = {
      kind,
      jobId: job.id ?? '',
      data: job.data,
      attemptsMade: job.attemptsMade,
      attempts: job.opts.attempts ?? 1,
      stalls: job.stalledCounter,
      signal: signal ?? new AbortController().signal,
    };
    const execution = await execute(activation);
    await report(activation, execution, { acceptedAtMs: job.timestamp, startedAtMs });
    return await settle(job, token, execution.outcome, clock.now());
  }

  const worker = new Worker(kind, processJob, {
    connection: options.client,
    prefix: options.prefix,
    concurrency: options.concurrency,
    lockDuration: options.lockDurationMs,
    stalledInterval: Math.ceil(options.lockDurationMs / 2),
    // BullMQ's own limit would end a job without asking us; execute has one that reports.
    maxStalledCount: 1000,
    removeOnComplete: { count: options.keepCompleted },
    removeOnFail: { age: Math.ceil(options.keepFailedMs / 1000) },
    settings: {
      backoffStrategy: (_attempts, _type, error) => (error instanceof RetryLater ? error.delayMs : 1000),
    },
  });
  watch(worker, kind, logger);

  return {
    quiet: () => worker.close(),
    async abandon() {
      worker.cancelAllJobs('shutdown');
      await worker.close(true);
    },
  };
}

function watch(worker: Worker, kind: JobKind, logger: Logger): void {
  worker.on('error', (error) => logger.warn({ kind, reason: error.message }, 'queue error'));
  worker.on('stalled', (jobId) =>
    logger.warn({ kind, jobId }, 'a worker died with this job in its hands; it is run again'),
  );
  // The lock is gone, so another worker may have the job already: stop sending.
  worker.on('lockRenewalFailed', (jobIds) => {
    logger.warn({ kind, jobIds }, 'locks lost; the jobs are given up');
    for (const jobId of jobIds) worker.cancelJob(jobId, 'lock lost');
  });
}
