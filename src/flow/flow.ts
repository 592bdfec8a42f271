import type { BucketClass } from '../jobs/define.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript } from '../redis/script.ts';
import type { Limit } from '../tenants/tenant.ts';

/**
 * Who may go when. All state is in Redis and every decision is one script, taken by the clock of Redis: any
 * replica may ask, any replica may die.
 *
 *   accept   a producer hands jobs over      duplicates are told, lanes give tickets
 *   admit    a worker holds a job            now, or when it has its turn
 *   settle   the answer is there             what it means for the bucket
 */
export interface Flow {
  /** Tickets of a batch of one partition, in its order; 0 for a job that was accepted before. */
  accept(batch: readonly Acceptance[]): Promise<number[]>;
  admit(place: BucketPlace, jobId: string): Promise<Admission>;
  /** @returns milliseconds until the bucket opens again; 0 when it is open. */
  settle(place: BucketPlace, verdict: Verdict, retryAfterMs?: number): Promise<number>;
}

export interface Acceptance {
  readonly tenantId: string;
  readonly queue: string;
  readonly jobId: string;
  /** Null: order does not matter. */
  readonly lane: string | null;
}

export interface BucketPlace {
  readonly tenantId: string;
  readonly bucketClass: BucketClass;
  readonly limit: Limit;
}

export type Admission =
  | { readonly go: true }
  | { readonly go: false; readonly waitMs: number; readonly reason: string };

/** What the answer to a request says about the bucket; see settle.lua. */
export type Verdict = 'ok' | 'unavailable' | 'throttled' | 'refused';

export interface FlowOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  /** Longest time one request may take, ms: so long is a probe of an open circuit waited for. */
  readonly requestTimeoutMs: number;
}

/** How late a reserved slot may be used, ms. Redis wakes delayed jobs up to 100 ms late at its default `hz`. */
const GRACE_MS = 150;

/**
 * What the capacity is lessened by, in time at full rate: grace, plus what the network may bunch up. Else a
 * burst right behind late slots would exceed what Genesys Cloud counts.
 */
const MARGIN_MS = GRACE_MS + 100;

/** DESIGN: five failures in a row open the circuit. */
const CIRCUIT_THRESHOLD = 5;

const TICKET_LIFE_MS = 30 * 86_400_000;

export function createFlow({ client, keys, requestTimeoutMs }: FlowOptions): Flow {
  const accept = loadScript(client, new URL('./accept.lua', import.meta.url));
  const admit = loadScript(client, new URL('./admit.lua', import.meta.url));
  const settle = loadScript(client, new URL('./settle.lua', import.meta.url));

  return {
    async accept(batch) {
      if (batch.length === 0) return [];
      const touched = batch.flatMap(({ tenantId, queue, jobId, lane }) => {
        const job = keys.job(tenantId, queue, jobId);
        return [job, lane === null ? job : keys.ticket(tenantId, lane)];
      });
      return (await accept(touched, [TICKET_LIFE_MS])) as number[];
    },

    async admit({ tenantId, bucketClass, limit }, jobId) {
      const { intervalMs, burst } = pace(limit);
      const reply = await admit(
        [keys.bucket(tenantId, bucketClass), keys.slots(tenantId, bucketClass)],
        [jobId, intervalMs, burst, GRACE_MS, CIRCUIT_THRESHOLD, requestTimeoutMs + GRACE_MS],
      );
      const [waits, waitMs, reason] = reply as [0 | 1, string, string];
      return waits === 0 ? { go: true } : { go: false, waitMs: Number(waitMs), reason };
    },

    async settle({ tenantId, bucketClass, limit }, verdict, retryAfterMs = -1) {
      const { intervalMs, burst } = pace(limit);
      const waitMs = await settle(
        [keys.bucket(tenantId, bucketClass)],
        [verdict, retryAfterMs, intervalMs, burst, CIRCUIT_THRESHOLD],
      );
      return Number(waitMs);
    },
  };
}

/** A limit as the scripts take it: one request every `intervalMs`, `burst` at once. */
export function pace({ capacity, ratePerSecond }: Limit): { intervalMs: number; burst: number } {
  const margin = (ratePerSecond * MARGIN_MS) / 1000;
  return { intervalMs: 1000 / ratePerSecond, burst: Math.max(1, Math.floor(capacity - margin)) };
}
