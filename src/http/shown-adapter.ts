import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { shownData, shownOptions, shownResult, shownStack } from '../jobs/shown/job.ts';
import { shownReason } from '../jobs/shown/reasons.ts';
import { isJobId } from '../queues/job-id.ts';
import { isDamage } from '../queues/lenient-backend.ts';
import type { Queues } from '../queues/queues.ts';

type Queue = ReturnType<Queues['all']>[number];
type BoardJob = Awaited<ReturnType<BullMQAdapter['getJob']>>;
type Scheduler = Awaited<ReturnType<BullMQAdapter['getJobSchedulers']>>[number];

/**
 * A queue for the board: read only, with masked jobs. The formatters of the board mask four fields
 * alone, and show options, reasons, stack traces, logs and schedulers as they are.
 */
export class ShownAdapter extends BullMQAdapter {
  readonly #kind: string;
  readonly #ownKeys: object;

  constructor(queue: Queue) {
    // The board distinguishes queues by name, and a kind has the same name in every partition.
    const partition = /\{(\d+)\}$/.exec(queue.opts.prefix ?? '')?.[1] ?? '0';
    super(queue, { readOnlyMode: true, prefix: partition === '0' ? '' : `${partition}/` });
    this.#kind = queue.name;
    this.#ownKeys = queue.keys;
  }

  override async getJob(id: string): Promise<BoardJob> {
    const job = isJobId(id, this.#ownKeys) ? await super.getJob(id) : undefined;
    return job ? this.#shown(job) : job;
  }

  override async getJobs(...args: Parameters<BullMQAdapter['getJobs']>) {
    const jobs = await super.getJobs(...args);
    return jobs.map((job) => this.#shown(job));
  }

  /** Workers write no logs. Logs of other programs are not masked, so they are hidden. */
  override async getJobLogs(): Promise<string[]> {
    return [];
  }

  override async getJobSchedulers(): Promise<Scheduler[]> {
    const schedulers = await super.getJobSchedulers();
    return schedulers.map(({ template, ...scheduler }) => ({
      ...scheduler,
      template: { data: shownData(this.#kind, template?.data), opts: shownOptions(template?.opts ?? {}) },
    })) as Scheduler[];
  }

  /**
   * The board shows the data first and the failure on another tab. So the data of a damaged job
   * begin with its failure.
   */
  #shownData(data: unknown, failedReason: string | undefined): unknown {
    const shown = shownData(this.#kind, data);
    return isDamage(failedReason) ? { damaged: shownReason(failedReason), data: shown } : shown;
  }

  /** The same job with masked fields. */
  #shown<Job extends NonNullable<BoardJob>>(job: Job): Job {
    return Object.create(job, {
      toJSON: {
        value: () => {
          const { data, returnvalue, failedReason, stacktrace, opts, ...rest } = job.toJSON();
          return {
            ...rest,
            data: this.#shownData(data, failedReason),
            returnvalue: shownResult(returnvalue),
            failedReason: failedReason && shownReason(failedReason),
            stacktrace: (stacktrace ?? []).filter(isText).map(shownStack),
            opts: shownOptions(opts),
            progress: 0,
          };
        },
      },
    }) as Job;
  }
}

/** Stack traces come out of Redis unchecked. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
