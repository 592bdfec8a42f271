import { fileURLToPath } from 'node:url';
import { startChild } from './child.ts';
import type { Lab } from './lab.ts';

/** A Genesys Cloud that takes no time: it hands out tokens, and takes every message. */
export interface Backend {
  readonly url: string;
  /** Starts to count anew; resolves when so many messages have come. `warmUp` of them only start the clock. */
  expect(total: number, warmUp?: number): Promise<Passage>;
  /** Notes who sent what and when, from now on. */
  record(): void;
  /** What came since it was told to record. */
  arrivals(): Promise<Arrival[]>;
  /** Answers 429 to a tenant beyond so many requests a second. */
  limit(tenantId: string, ratePerSecond: number): void;
}

/** Times at which counted messages came, in ms since the epoch, with fractions. */
export interface Passage {
  readonly firstMs: number;
  /** When the last message of the warm-up came; that of the first without a warm-up. */
  readonly warmMs: number;
  readonly lastMs: number;
}

export type Arrival = readonly [tenantId: string, requestId: string, atMs: number];

/** The same clock as the backend's. */
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
      child.send({ tell: true });
      return (await child.next<{ arrivals: Arrival[] }>('arrivals')).arrivals;
    },
    limit: (tenantId, ratePerSecond) => child.send({ limit: tenantId, ratePerSecond }),
  };
}
