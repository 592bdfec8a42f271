/** The counters. An answer below 500 adds to `accepted` or to one of the last four. */
export interface Counters {
  /** Answered 2xx. A duplicate or a late request counts here as well as in its own counter. */
  accepted: number;
  /** Accepted again under a known request id. */
  duplicates: number;
  /** Accepted after a request of the same conversation with a larger sequence number. */
  outOfOrder: number;
  /** Answered 429. */
  rateLimited: number;
  /** Answered 401, or a refused token request. */
  unauthorized: number;
  /** Answered 409. */
  conflicts: number;
  /** Answered with another 4xx. */
  rejected: number;
}

/** The name of one counter. */
export type CounterName = keyof Counters;

/** All counts since the start or the last reset: in total, by operation and by tenant. */
export interface SandboxStats extends Counters {
  byOperation: Record<string, Counters>;
  byTenant: Record<string, Counters>;
}

/** Counts answers. */
export interface Stats {
  /** Adds 1. `operation` is null on an unknown path, and `tenant` without a known client. */
  add(counter: CounterName, operation: string | null, tenant: string | null): void;
  snapshot(): SandboxStats;
}

/**
 * Counters at zero. `supporting` are the operations that grant tokens or only read. Their successes
 * count in `byOperation` alone, so that the total of `accepted` is the number of deliveries.
 */
export function createStats(
  operations: readonly string[],
  tenants: readonly string[],
  supporting: readonly string[],
): Stats {
  const total = zeroCounters();
  const byOperation = new Map(operations.map((name) => [name, zeroCounters()]));
  const byTenant = new Map(tenants.map((name) => [name, zeroCounters()]));

  return {
    add(counter, operation, tenant) {
      const ofOperation = operation === null ? undefined : byOperation.get(operation);
      if (ofOperation !== undefined) ofOperation[counter] += 1;
      if (counter === 'accepted' && operation !== null && supporting.includes(operation)) return;
      total[counter] += 1;
      const ofTenant = tenant === null ? undefined : byTenant.get(tenant);
      if (ofTenant !== undefined) ofTenant[counter] += 1;
    },
    snapshot() {
      return structuredClone({
        ...total,
        byOperation: Object.fromEntries(byOperation),
        byTenant: Object.fromEntries(byTenant),
      });
    },
  };
}

/** The counter of a status. Undefined for a server error. */
export function counterOf(status: number): CounterName | undefined {
  if (status >= 500) return undefined;
  if (status < 400) return 'accepted';
  if (status === 401) return 'unauthorized';
  if (status === 409) return 'conflicts';
  if (status === 429) return 'rateLimited';
  return 'rejected';
}

function zeroCounters(): Counters {
  return {
    accepted: 0,
    duplicates: 0,
    outOfOrder: 0,
    rateLimited: 0,
    unauthorized: 0,
    conflicts: 0,
    rejected: 0,
  };
}
