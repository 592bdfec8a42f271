import type { JobSchedulerJson, Queue } from 'bullmq';
import { isRecord } from '../core/json.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { Envelope } from '../jobs/envelope.ts';
import type { Keys } from '../redis/keys.ts';
import { closeData } from '../seal/job-values.ts';
import type { Queues } from './queues.ts';

/** A job that BullMQ starts at fixed intervals. */
export interface Schedule {
  readonly tenantId: string;
  readonly everyMs: number;
  /** The next start; null when it is unknown. */
  readonly next: Date | null;
}

/** Starts jobs at fixed intervals: the job schedulers of BullMQ, one per tenant and kind. */
export interface Schedules {
  /** Starts a job now and at every interval. It replaces the tenant's earlier schedule. */
  set(tenantId: string, everyMs: number, payload: Envelope['payload']): Promise<void>;
  /** @returns false when there was no schedule. */
  remove(tenantId: string): Promise<boolean>;
  list(): Promise<Schedule[]>;
  /**
   * Starts schedules of a partition again that have lost their next job. BullMQ creates the next
   * job when a worker takes the one before, so a lost job ends its schedule.
   * @returns their number.
   */
  repair(partition: number): Promise<number>;
}

export interface SchedulesOptions {
  readonly queues: Queues;
  readonly keys: Keys;
  readonly kind: JobKind;
}

/** A job may be late by this time before its schedule is checked, ms. */
const PATIENCE_MS = 60_000;

export function createSchedules({ queues, keys, kind }: SchedulesOptions): Schedules {
  const queuesOfKind = () => queues.all().filter((queue) => queue.name === kind);

  const begin = async (queue: Queue, id: string, everyMs: number, data: unknown) => {
    await queue.upsertJobScheduler(id, { every: everyMs }, { name: kind, data });
  };

  return {
    async set(tenantId, everyMs, payload) {
      const data: Envelope = { tenantId, payload };
      const sealed = closeData(keys.seal, { tenantId, jobId: idOf(tenantId) }, JSON.stringify(data));
      await begin(queues.of(kind, tenantId), idOf(tenantId), everyMs, JSON.parse(sealed));
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
        // The job waits for its turn, or runs.
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
  // The tenant is readable, whether the other data are sealed or not.
  const tenantId = isRecord(template?.data) ? template.data['tenantId'] : undefined;
  return {
    tenantId: typeof tenantId === 'string' ? tenantId : '',
    everyMs: every ?? 0,
    next: next === undefined ? null : new Date(next),
  };
}
