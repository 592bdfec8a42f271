import { defaultLimits, type OperationClass, type SandboxClient } from '../login/clients.ts';
import { type Bucket, createBucket, type Grant } from './bucket.ts';

/** Tokens that another program with the same OAuth client takes from a bucket. */
export interface ForeignLoad {
  tenant: string;
  class: OperationClass;
  perSecond: number;
}

/** The buckets of all clients, one for each client and class of operations. */
export interface RateLimits {
  take(client: SandboxClient, operationClass: OperationClass, nowMs: number): Grant;
  /** Replaces every foreign load. Loads on the same bucket add up. */
  setForeignLoads(loads: readonly ForeignLoad[], nowMs: number): void;
}

/** A full bucket for each client and class. */
export function createRateLimits(clients: readonly SandboxClient[], nowMs: number): RateLimits {
  const bucketsByClient = new Map<SandboxClient, Record<OperationClass, Bucket>>();
  for (const client of clients) bucketsByClient.set(client, bucketsOf(client, nowMs));

  return {
    take(client, operationClass, takenAtMs) {
      const buckets = bucketsByClient.get(client);
      if (buckets === undefined) throw new Error(`no buckets for the client ${client.clientId}`);
      return buckets[operationClass].take(takenAtMs);
    },
    setForeignLoads(loads, changedAtMs) {
      for (const [client, buckets] of bucketsByClient) {
        for (const operationClass of Object.keys(buckets) as OperationClass[]) {
          const perSecond = loads
            .filter((load) => load.tenant === client.tenant && load.class === operationClass)
            .reduce((sum, load) => sum + load.perSecond, 0);
          buckets[operationClass].setForeignPerSecond(perSecond, changedAtMs);
        }
      }
    },
  };
}

function bucketsOf(client: SandboxClient, nowMs: number): Record<OperationClass, Bucket> {
  const entries = Object.entries(defaultLimits).map(([name, limit]) => [
    name,
    createBucket(client.limits?.[name] ?? limit, nowMs),
  ]);
  return Object.fromEntries(entries);
}
