import { expect, test } from 'vitest';
import { createLayoutChanges } from '../../../src/redis/layout-store.ts';
import { startWorker } from '../../support/gwm.ts';
import { message, openSystem, PATIENT, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { dies } from './stage.ts';

const KIND = 'message-transmission';

test('a move whose process dies at any command is gone on with, and loses and doubles nothing', async () => {
  const system = await openSystem({
    tenants: [{ id: 'acme', limit: { capacity: 500, ratePerSecond: 500 } }],
    environment: PATIENT,
  });
  await startWorker(system);
  const producer = system.openProducer();
  const { addOwn } = createLayoutChanges(system.client, system.keys);
  await addOwn();
  let sent = 0;
  const send = async () => {
    const inputs = Array.from({ length: 6 }, () => {
      const n = sent++;
      return message({ conversationId: `c-${n % 3}`, body: text(`m ${n}`), idempotencyKey: `m-${n}` });
    });
    expect(await producer.enqueueMany(KIND, inputs)).toMatchObject({ accepted: 6 });
    expect(await producer.enqueueMany(KIND, inputs)).toMatchObject({ duplicates: 6 });
  };
  await send();

  let deaths = 0;
  for (const to of [1000, 0]) {
    // Each process sends a few commands more than the one before it.
    for (let deadAt = 1; ; deadAt += 1 + Math.floor(deadAt / 4)) {
      await send();
      if (!(await dies(system, { tenantIds: ['acme'], to, deadAt }))) break;
      deaths++;
    }
  }

  await send();
  await waitFor(() => system.sandbox.stats().accepted >= sent, { what: `${sent} messages` });
  expect(system.sandbox.stats()).toMatchObject({ accepted: sent, duplicates: 0, outOfOrder: 0 });
  expect(deaths).toBeGreaterThan(15);
  const { keys, client } = system;
  const left = await client.scan('0', 'MATCH', `${keys.ownOf(1000)}*acme*`, 'COUNT', '100000');
  expect(left[1]).toEqual([]);
});
