import { Queue } from 'bullmq';
import { JOB_KINDS, type JobKind } from '../jobs/catalog.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';

/** The BullMQ queues of an installation: one per kind and partition. */
export interface Queues {
  /** The queue that holds a tenant's jobs of a kind. */
  of(kind: JobKind, tenantId: string): Queue;
  /** Every partition of every kind. */
  all(): Queue[];
  close(): Promise<void>;
}

export interface QueuesOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly onError: (error: Error) => void;
}

/** Entries kept in a queue's event stream: enough for the board, and bounded. */
const MAX_EVENTS = 1000;

export function openQueues({ client, keys, onError }: QueuesOptions): Queues {
  const queues = new Map<string, Queue>();
  for (const kind of JOB_KINDS) {
    for (let partition = 0; partition < keys.partitions; partition++) {
      const queue = new Queue(kind, {
        connection: client,
        prefix: keys.queuePrefix(partition),
        streams: { events: { maxLen: MAX_EVENTS } },
      });
      queue.on('error', onError);
      queues.set(`${kind}/${partition}`, queue);
    }
  }

  return {
    of(kind, tenantId) {
      const queue = queues.get(`${kind}/${keys.partitionOf(tenantId)}`);
      if (!queue) throw new TypeError(`no queue for ${kind}`);
      return queue;
    },
    all: () => [...queues.values()],
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}
