import type { TestSandbox } from '../support/test-sandbox.ts';

/** The moments at which the sandbox accepted each job, ms, the first one first. */
export type Deliveries = ReadonlyMap<string, readonly number[]>;

/** Reads the log of the sandbox before it forgets its oldest requests. */
export interface DeliveryLog {
  readonly deliveries: Deliveries;
  /** Reads what has come since the last time. Call it at least once every few thousand requests. */
  read(): Promise<void>;
}

/** The operations of the load. */
const OPERATIONS = ['message.send', 'card.send'];

export function createDeliveryLog(sandbox: TestSandbox): DeliveryLog {
  const deliveries = new Map<string, number[]>();
  const known = new Set<string>();

  async function readOperation(operation: string): Promise<void> {
    for (const { at, status, requestId } of await sandbox.requests(operation)) {
      const name = `${requestId} ${at}`;
      if (requestId === null || status === null || status >= 300 || known.has(name)) continue;
      known.add(name);
      const moments = deliveries.get(requestId) ?? [];
      deliveries.set(requestId, moments);
      moments.push(Date.parse(at));
    }
  }

  return {
    deliveries,
    async read() {
      for (const operation of OPERATIONS) await readOperation(operation);
    },
  };
}
