import type { Producer } from '../../../src/queues/producer.ts';
import { message, type System, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

/** Messages of a tenant that may wait. */
const BACKLOG = 100;
const KIND = 'message-transmission';

/** Messages that flow while a test acts, in turn over tenants and conversations. */
export interface Flood {
  /** Messages of a tenant that Redis has accepted. */
  accepted(tenantId: string): number;
  /** Messages of a tenant that the sandbox has accepted. */
  delivered(tenantId: string): number;
  /** Waits until this many more messages of each tenant are accepted. */
  more(count: number): Promise<void>;
  /** Ends the flood, and waits until the sandbox has each message once, in order. @returns their number. */
  end(): Promise<number>;
}

export interface FloodOptions {
  readonly tenantIds: readonly string[];
  readonly conversations?: number;
  /** Entries of one call. */
  readonly batch?: number;
}

/** Enqueues without a break. Each entry has a key, and goes in twice: the second one must be a duplicate. */
export function startFlood(
  system: System,
  producers: readonly Producer[],
  { tenantIds, conversations = 5, batch = 20 }: FloodOptions,
): Flood {
  const counts = new Map(tenantIds.map((id) => [id, 0]));
  let isOver = false;
  let number = 0;
  let failure: unknown;
  /** No test stops this tenant. */
  const steady = tenantIds.at(-1) as string;
  const accepted = (tenantId: string) => counts.get(tenantId) ?? 0;
  const delivered = (tenantId: string) => system.sandbox.stats().byTenant[tenantId]?.accepted ?? 0;

  async function send(producer: Producer): Promise<void> {
    const entries = Array.from({ length: batch }, () => {
      const index = number++;
      return message({
        tenantId: tenantIds[index % tenantIds.length] as string,
        conversationId: `conversation-${index % (tenantIds.length * conversations)}`,
        body: text(`message ${index}`),
        idempotencyKey: `message-${index}`,
      });
    });
    const summary = await producer.enqueueMany(KIND, entries);
    if (summary.accepted !== batch) throw new Error(`not all accepted: ${JSON.stringify(summary)}`);
    const again = await producer.enqueueMany(KIND, entries);
    if (again.duplicates !== batch) throw new Error(`accepted again: ${JSON.stringify(again)}`);
    for (const { tenantId } of entries) counts.set(tenantId, (counts.get(tenantId) ?? 0) + 1);
  }

  // One after the other: the order of two producers is that of their calls.
  const flowing = (async () => {
    for (let turn = 0; !isOver; turn++) {
      await send(producers[turn % producers.length] as Producer);
      // A backlog that grows without end would have to be sent before the test ends.
      await waitFor(() => isOver || accepted(steady) - delivered(steady) < BACKLOG, {
        what: 'a shorter backlog',
      });
    }
  })().catch((error: unknown) => {
    failure = error;
  });

  const check = () => {
    if (failure !== undefined) throw failure;
    return true;
  };
  return {
    accepted,
    delivered,
    async more(count) {
      const wanted = tenantIds.map((id) => [id, accepted(id) + count] as const);
      await waitFor(() => check() && wanted.every(([id, least]) => accepted(id) >= least), {
        what: `${count} more messages`,
      });
    },
    async end() {
      isOver = true;
      await flowing;
      check();
      await waitFor(() => system.sandbox.stats().accepted >= number, {
        what: `${number} messages`,
        deadlineMs: 120_000,
      });
      return number;
    },
  };
}
