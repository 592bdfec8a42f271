import type { JobSchedulerJson, Queue } from 'bullmq';
import type { JobKind } from '../jobs/catalog.ts';
import { type Envelope, envelope } from '../jobs/envelope.ts';
import { jobOptions } from './job-options.ts';
import type { Queues } from './queues.ts';

/** A job that is handed over again and again. */
export interface Schedule {
  readonly tenantId: string;
  readonly everyMs: number;
  /** When it is handed over next; null when nobody knows. */
  readonly next: Date | null;
}

/** Jobs that come by the clock: the job schedulers of BullMQ, one per tenant and kind. */
export interface Schedules {
  /** Hands a job over now and every so often, in place of what was scheduled for the tenant before. */
  set(tenantId: string, everyMs: number, payload: Envelope['payload']): Promise<void>;
  /** @returns false when nothing was scheduled. */
  remove(tenantId: string): Promise<boolean>;
  list(): Promise<Schedule[]>;
  /**
   * BullMQ hands the next job over when it takes up the one before: whoever loses that one ends the schedule. Begins those
   * of a partition anew of which that is so.
   * @returns how many.
   */
  repair(partition: number): Promise<number>;
}

export interface SchedulesOptions {
  readonly queues: Queues;
  readonly kind: JobKind;
}

/** How late a job may be before its schedule is looked at, ms. */
const PATIENCE_MS = 60_000;

export function createSchedules({ queues, kind }: SchedulesOptions): Schedules {
  const { jobId: _chosenByBullMq, ...opts } = jobOptions('');
  const queuesOfKind = () => queues.all().filter((queue) => queue.name === kind);

  const begin = async (queue: Queue, id: string, everyMs: number, data: unknown) => {
    await queue.upsertJobScheduler(id, { every: everyMs }, { name: kind, data, opts });
  };

  return {
    async set(tenantId, everyMs, payload) {
      const data: Envelope = { tenantId, payload };
      await begin(queues.of(kind, tenantId), idOf(tenantId), everyMs, data);
    },

    remove: (tenantId) => queues.of(kind, tenantId).removeJobScheduler(idOf(tenantId)),

    async list() {
      const all = await Promise.all(queuesOfKind().map((queue) => queue.getJobSchedulers()));
      return all.flat().map(scheduleOf);
    },

    async repair(partition) {
      const queue = queues.at(kind, partition);
      let repaired = 0;
      for (const scheduler of await queue.getJobSchedulers()) {
        const { key, every, next, template } = scheduler;
        if (every === undefined || (next ?? 0) > Date.now() - PATIENCE_MS) continue;
        // It waits for its turn, or runs: then all is well.
        if (await queue.getJob(`repeat:${key}:${next}`)) continue;
        await begin(queue, key, every, template?.data);
        repaired++;
      }
      return repaired;
    },
  };
}

function idOf(tenantId: string): string {
  return `by-clock-${tenantId}`;
}

function scheduleOf({ every, next, template }: JobSchedulerJson): Schedule {
  const { data } = envelope.safeParse(template?.data);
  return {
    tenantId: data?.tenantId ?? '',
    everyMs: every ?? 0,
    next: next === undefined ? null : new Date(next),
  };
}
