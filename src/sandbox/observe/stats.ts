/** What is counted. An answer adds to one of `accepted` and the last four, a server error to none. */
export interface Counters {
  /** Answered 2xx. Duplicates and late ones are accepted too, and counted in their own right besides. */
  accepted: number;
  /** Accepted a second time under one request id. */
  duplicates: number;
  /** Accepted after a message of the same conversation that was enqueued later. */
  outOfOrder: number;
  /** Answered 429. */
  rateLimited: number;
  /** Answered 401, and token requests refused. */
  unauthorized: number;
  /** Answered 409. */
  conflicts: number;
  /** Answered with another 4xx. */
  rejected: number;
}

/** The name of one counter. */
export type CounterName = keyof Counters;

/** All counts since the start or the last reset, in total and split in two ways. */
export interface SandboxStats extends Counters {
  byOperation: Record<string, Counters>;
  byTenant: Record<string, Counters>;
}

/** Counts what happens. */
export interface Stats {
  /** Adds one; operation and tenant are null where they are not known (no such route, no valid token). */
  add(counter: CounterName, operation: string | null, tenant: string | null): void;
  snapshot(): SandboxStats;
}

/**
 * Counters at zero. The successes of `supporting` operations, those that hand out tokens or only read, are counted
 * under their own names alone, so that `accepted` stays the number of messages and other deliveries that Genesys took.
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

/** The counter that an answer of this status belongs to; a server error belongs to none. */
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
