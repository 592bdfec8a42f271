import { fileURLToPath } from 'node:url';
import { startChild } from './child.ts';
import type { Lab } from './lab.ts';

/** A Genesys Cloud that needs no time. It grants tokens and accepts every message. It also takes callbacks. */
export interface Backend {
  readonly url: string;
  /** Resolves after `total` more messages. The clock starts after the first `warmUp` of them. */
  expect(total: number, warmUp?: number): Promise<Passage>;
  /** From now on notes tenant, request id and time of each message. */
  record(): void;
  /** The messages since `record`. */
  arrivals(): Promise<Arrival[]>;
  /** From now on answers 429 to a tenant above this rate. */
  limit(tenantId: string, ratePerSecond: number): void;
  /** From now on answers a message after this time. */
  delay(delayMs: number): void;
}

/** The times of counted messages, in ms since the epoch, with fractions. */
export interface Passage {
  readonly firstMs: number;
  /** The time of the last message of the warm-up. Without a warm-up that of the first message. */
  readonly warmMs: number;
  readonly lastMs: number;
}

export type Arrival = readonly [tenantId: string, requestId: string, atMs: number];

/** The same clock as that of the backend. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

export async function startBackend(lab: Lab): Promise<Backend> {
  const child = lab.keep(await startChild(fileURLToPath(new URL('backend-process.ts', import.meta.url))));
  return {
    url: child.url,
    async expect(total, warmUp = 0) {
      child.send({ expect: total, warmUp });
      return await child.next<Passage>('lastMs');
    },
    record: () => child.send({ record: true }),
    async arrivals() {
      child.send({ report: true });
      return (await child.next<{ arrivals: Arrival[] }>('arrivals')).arrivals;
    },
    limit: (tenantId, ratePerSecond) => child.send({ limit: tenantId, ratePerSecond }),
    delay: (delayMs) => child.send({ delayMs }),
  };
}
