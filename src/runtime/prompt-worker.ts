import { setTimeout as delay } from 'node:timers/promises';
import {
  type BackendFactory,
  type Job,
  type JobJson,
  type Processor,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import { MAX_BLOCK_MS } from '../redis/bounded-client.ts';

/** Most fetches at a time: with Redis 30 ms away a worker takes a thousand jobs per second. */
const MAX_FETCHES = 32;
/** A fetch that returns nothing sooner than this did not wait for a job, ms. */
const TOO_SOON_MS = 5;
/**
 * Longest pause before the next fetch, after several fetches that returned nothing too soon, ms.
 */
const MAX_PAUSE_MS = 50;
const PAUSE_AFTER_ERROR_MS = 500;

/**
 * BullMQ's worker with a loop of its own. The loop of BullMQ fetches job after job, one round trip
 * each, up to its concurrency, and only then starts the first one. BullMQ renews the lock of a job
 * only after its start. With 1,000 jobs, and a Redis 30 ms away, the first locks run out before
 * that, and another worker takes the jobs.
 *
 * Here a job starts as soon as it is fetched:
 *
 *   fetch ──job──► process ──► settled, and the next job fetched by the same command ──► process …
 *     │ ▲             │
 *     │ └── room ─────┘ no next job
 *     └── nothing: one fetch waits for a job
 *
 * One fetch at a time waits for a job. While fetches return jobs, more of them run at a time: twice
 * as many after each one, up to a limit. So the rate of a worker does not depend on the distance of
 * Redis.
 */
export class PromptWorker extends Worker {
  #fetches = 0;
  #running = 0;
  #tokens = 0;
  /** Fetches in a row that returned a job. */
  #hits = 0;
  /** Fetches in a row that returned nothing too soon. */
  #misses = 0;
  /** When the next delayed job is due, by the last marker of BullMQ; 0 without such a time. */
  #dueAtMs = 0;
  #end: (() => void) | undefined;

  constructor(name: string, processor: Processor, opts: WorkerOptions, backendFactory: BackendFactory) {
    // BullMQ would call `run` before this object is complete.
    super(name, processor, { ...opts, autorun: false }, backendFactory as never);
    const wait = this.backend.waitForJob.bind(this.backend);
    this.backend.waitForJob = async (timeout) => {
      const marker = await wait(timeout);
      this.#dueAtMs = marker ? earliest(marker.score, this.#dueAtMs) : 0;
      return marker;
    };
  }

  /** A bounded wait lets the worker notice a silent connection soon, and use another one. */
  override get maximumBlockTimeout(): number {
    return MAX_BLOCK_MS / 1000;
  }

  /**
   * Redis gives a marker once. BullMQ forgets it when a job ends before the next wait begins. The
   * next wait would then last its full time although a job is due sooner.
   */
  protected override getBlockTimeout(blockUntil: number): number {
    this.#dueAtMs = earliest(blockUntil, this.#dueAtMs);
    const timeout = super.getBlockTimeout(this.#dueAtMs);
    if (timeout <= 0) this.#dueAtMs = 0;
    return timeout;
  }

  /** Takes jobs until the worker is closed. */
  override async run(): Promise<void> {
    if (this.running) throw new Error('the worker runs already');
    this.running = true;
    try {
      await this.startStalledCheckTimer();
      this.lockManager.start();
      this.mainLoopRunning = new Promise((resolve) => {
        this.#end = resolve;
      });
      this.on('closing', () => this.#fetchMore());
      this.#fetchMore();
      await this.mainLoopRunning;
    } finally {
      this.running = false;
    }
  }

  /** Renews all locks at once, and reports those that this worker has lost. */
  async renewLocks(): Promise<void> {
    const jobIds = this.lockManager.getTrackedJobIds();
    // Only the lock manager knows the tokens. Its timer is the only other caller of this method.
    const manager = this.lockManager as unknown as { extendLocks(jobIds: string[]): Promise<void> };
    if (jobIds.length > 0) await manager.extendLocks(jobIds);
  }

  #fetchMore(): void {
    if (this.closing !== undefined) {
      if (this.#fetches + this.#running === 0) this.#end?.();
      return;
    }
    const together = Math.min(MAX_FETCHES, 2 ** Math.max(0, this.#hits - 1));
    while (this.#fetches < together && this.#fetches + this.#running < this.concurrency) void this.#fetch();
  }

  async #fetch(): Promise<void> {
    const mayWait = ++this.#fetches === 1;
    const startedMs = performance.now();
    try {
      const job = await this.getNextJob(`${this.id}:${this.#tokens++}`, { block: mayWait });
      if (job) {
        this.#hits++;
        this.#misses = 0;
        void this.#process(job);
      } else {
        this.#hits = 0;
        this.#misses = mayWait && performance.now() - startedMs < TOO_SOON_MS ? this.#misses + 1 : 0;
        if (this.#misses > 1) await delay(Math.min(this.#misses, MAX_PAUSE_MS), undefined, { ref: false });
      }
    } catch (error) {
      this.#hits = 0;
      await this.#pauseAfter(error);
    } finally {
      this.#fetches--;
    }
    this.#fetchMore();
  }

  /** Runs the job, and each job that is fetched when the one before is settled. */
  async #process(first: Job): Promise<void> {
    this.#running++;
    try {
      let job: Job | undefined = first;
      while (job) {
        const next = await this.processJob(job, job.token ?? '', () => this.#running <= this.concurrency);
        job = next ?? undefined;
      }
    } catch (error) {
      await this.#pauseAfter(error);
    } finally {
      this.#running--;
    }
    this.#fetchMore();
  }

  async #pauseAfter(error: unknown): Promise<void> {
    if (this.closing !== undefined) return;
    this.emit('error', error instanceof Error ? error : new Error(String(error)));
    await delay(PAUSE_AFTER_ERROR_MS, undefined, { ref: false });
  }

  /**
   * BullMQ returns nothing for the job of a schedule whose successor it could not create. The job
   * would stay active, and no worker would run it. This worker runs it; `Schedules.repair` creates
   * the successor.
   */
  protected override async nextJobFromJobData(data?: JobJson, jobId?: string, token?: string): Promise<Job> {
    const next = await super.nextJobFromJobData(data, jobId, token);
    if (next || !data || jobId === undefined) return next;
    const job = this.createJob(data, jobId);
    if (token !== undefined) job.token = token;
    return job;
  }
}

/** The earlier of two times; 0 is no time. */
function earliest(one: number, other: number): number {
  if (one === 0 || other === 0) return one || other;
  return Math.min(one, other);
}
