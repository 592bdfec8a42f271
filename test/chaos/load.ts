import { setTimeout as sleep } from 'node:timers/promises';
import type { JobInput } from '../../src/jobs/catalog.ts';
import type { Producer } from '../../src/queues/producer.ts';
import type { EntryReport } from '../../src/queues/submit.ts';
import type { Random } from '../fuzz/random.ts';
import { card, message } from '../support/system.ts';

/** A job of the load, with the key by which it is accepted once. */
export type LoadEntry = { readonly kind: LoadKind; readonly idempotencyKey: string; readonly data: object };

export type LoadKind = 'message-transmission' | 'card-delivery';

/** What hands jobs over. It may fail, and is asked again with the same jobs. */
export type Door = (entries: readonly LoadEntry[], accepted: (jobId: string) => void) => Promise<void>;

/** Enqueues jobs all the time. It repeats what Redis did not confirm. */
export interface Load {
  /** When the producer learned that a job was accepted, ms, by the id of the job. */
  readonly accepted: ReadonlyMap<string, number>;
  /** Calls of the door that failed. */
  failures(): number;
  start(): void;
  /** Hands over many jobs at once, beside the steady load. */
  burst(count: number): Promise<void>;
  /**
   * Lets something happen between two batches of the steady load. The jobs behind it are of other conversations.
   */
  changeConversations(between: () => Promise<void>): Promise<void>;
  /** Other jobs than those of the load, which count as well. */
  note(jobId: string): void;
  /** Ends the load. Resolves when every job is accepted. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  readonly door: Door;
  readonly perSecond: number;
  readonly tenants: readonly string[];
  readonly random: Random;
}

const TICK_MS = 100;
const CONVERSATIONS = 20;
/** One of so many jobs is a card. */
const CARD_EVERY = 10;
const AGAIN_AFTER_MS = 200;
const BURST_SIZE = 5000;

export function createLoad({ door, perSecond, tenants, random }: LoadOptions): Load {
  const accepted = new Map<string, number>();
  let count = 0;
  let epoch = 0;
  let failures = 0;
  let isOver = false;
  let running: Promise<void> | undefined;
  let change: (() => Promise<void>) | undefined;

  function entries(size: number): LoadEntry[] {
    return Array.from({ length: size }, () => {
      const tenantId = random.pick(tenants);
      const conversationId = `${tenantId}-${epoch}-${random.below(CONVERSATIONS)}`;
      const idempotencyKey = `load-${++count}`;
      const names = { tenantId, conversationId, idempotencyKey };
      if (count % CARD_EVERY === 0) return { kind: 'card-delivery', idempotencyKey, data: card(names) };
      return { kind: 'message-transmission', idempotencyKey, data: message(names) };
    });
  }

  function note(jobId: string): void {
    if (!accepted.has(jobId)) accepted.set(jobId, Date.now());
  }

  async function handOver(batch: readonly LoadEntry[]): Promise<void> {
    for (;;) {
      try {
        return await door(batch, note);
      } catch {
        failures++;
        await sleep(AGAIN_AFTER_MS);
      }
    }
  }

  async function goOn(): Promise<void> {
    while (!isOver) {
      const next = sleep(TICK_MS);
      await handOver(entries(Math.ceil((perSecond * TICK_MS) / 1000)));
      await change?.();
      await next;
    }
  }

  return {
    accepted,
    failures: () => failures,
    start() {
      running = goOn();
    },
    async burst(size) {
      for (let left = size; left > 0; left -= BURST_SIZE) await handOver(entries(Math.min(left, BURST_SIZE)));
    },
    async changeConversations(between) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      change = async () => {
        change = undefined;
        epoch++;
        await between().then(resolve, reject);
      };
      await promise;
    },
    note,
    async stop() {
      isOver = true;
      await running;
    },
  };
}

/** Hands jobs to the library. */
export function throughProducer(producer: Producer): Door {
  return async (entries, accepted) => {
    const onEntry = (report: EntryReport) => {
      if (report.status === 'accepted' || report.status === 'duplicate') report.jobIds.forEach(accepted);
      else throw new Error(`The load is ${report.status}: ${JSON.stringify(report)}`);
    };
    for (const [kind, ofKind] of Map.groupBy(entries, (entry) => entry.kind)) {
      const data = ofKind.map((entry) => entry.data as JobInput<typeof kind>);
      await producer.enqueueMany(kind, data, { onEntry });
    }
  };
}
