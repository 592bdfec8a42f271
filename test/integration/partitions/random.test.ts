import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MOVE_STEPS, type MoveStep } from '../../../src/redis/layout.ts';
import { createLayoutChanges } from '../../../src/redis/layout-store.ts';
import { startWorker } from '../../support/gwm.ts';
import { message, openSystem, PATIENT, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { move, moveUpTo, openProcess } from './stage.ts';

const KIND = 'message-transmission';
const RUNS = 6;
const PLACES = [0, 1, 1000];
const TENANTS = Array.from({ length: RUNS }, (_, run) => `tenant-${run}`);

/** What happens next. */
type Event =
  | {
      readonly type: 'send';
      readonly producer: number;
      readonly conversation: number;
      readonly count: number;
    }
  | { readonly type: 'repeat'; readonly producer: number; readonly which: number }
  | { readonly type: 'move'; readonly to: number; readonly upTo: MoveStep | 'end' };

const producerArb = fc.nat({ max: 1 });
const events: fc.Arbitrary<Event[]> = fc.array(
  fc.oneof(
    fc.record({
      type: fc.constant('send' as const),
      producer: producerArb,
      conversation: fc.nat({ max: 2 }),
      count: fc.integer({ min: 1, max: 6 }),
    }),
    fc.record({ type: fc.constant('repeat' as const), producer: producerArb, which: fc.nat() }),
    fc.record({
      type: fc.constant('move' as const),
      to: fc.constantFrom(...PLACES),
      upTo: fc.constantFrom<MoveStep | 'end'>(...MOVE_STEPS, 'end'),
    }),
  ),
  { minLength: 12, maxLength: 24 },
);

test('whatever is sent while a tenant moves to and fro arrives once, in order, and within its rate', async () => {
  const limit = { capacity: 5, ratePerSecond: 100 };
  const system = await openSystem({
    tenants: TENANTS.map((id) => ({ id, limit })),
    environment: { ...PATIENT, PARTITIONS: '2' },
  });
  await startWorker(system);
  await createLayoutChanges(system.client, system.keys).addOwn();
  const producers = [system.openProducer(), system.openProducer()];
  const mover = await openProcess(system);
  let sent = 0;
  let run = 0;

  await fc.assert(
    fc.asyncProperty(events, async (all) => {
      const tenantId = TENANTS[run++ % RUNS] as string;
      const inputs: ReturnType<typeof message>[] = [];
      const enqueue = (producer: number, some: typeof inputs) =>
        (producers[producer] as (typeof producers)[number]).enqueueMany(KIND, some);
      for (const event of all) {
        if (event.type === 'send') {
          const conversationId = `${tenantId}-${event.conversation}`;
          const some = Array.from({ length: event.count }, () => {
            const number = sent++;
            const body = text(`message ${number}`);
            return message({ tenantId, conversationId, body, idempotencyKey: `key-${number}` });
          });
          inputs.push(...some);
          expect(await enqueue(event.producer, some)).toMatchObject({ accepted: event.count });
        } else if (event.type === 'repeat') {
          const input = inputs[event.which % inputs.length];
          if (input) expect(await enqueue(event.producer, [input])).toMatchObject({ duplicates: 1 });
        } else {
          // A move that is under way goes on.
          const to = mover.keys.layout.moveOf(tenantId)?.to ?? event.to;
          if (event.upTo === 'end') await move(mover, [tenantId], to);
          else await moveUpTo(mover, tenantId, to, event.upTo);
        }
      }
      const left = mover.keys.layout.moveOf(tenantId);
      if (left) await move(mover, [tenantId], left.to);
      await waitFor(() => system.sandbox.stats().accepted >= sent, { what: `${sent} messages` });
    }),
    { numRuns: RUNS, endOnFailure: true },
  );

  expect(system.sandbox.stats()).toMatchObject({
    accepted: sent,
    duplicates: 0,
    outOfOrder: 0,
    rateLimited: 0,
  });
});
