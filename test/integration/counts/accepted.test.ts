import { expect, test } from 'vitest';
import { createWindowReader } from '../../../src/counts/windows.ts';
import { card, message, openSystem } from '../../support/system.ts';

const KIND = 'message-transmission';

async function stage() {
  const system = await openSystem({ tenants: ['acme', 'globex'] });
  const { client, keys } = system;
  const reader = createWindowReader({ client, keys });
  const accepted = async (tenantId: string) => (await reader.of(tenantId)).all.hour.counts.accepted;
  return { ...system, accepted };
}

test('flow control counts each accepted job once, and no duplicate', async () => {
  const { openProducer, accepted } = await stage();
  const producer = openProducer();

  await producer.enqueue(KIND, message({ idempotencyKey: 'one' }));
  await producer.enqueue(KIND, message({ idempotencyKey: 'one' }));
  await producer.enqueue('card-delivery', card());
  await producer.enqueueMany(KIND, [message(), message({ tenantId: 'globex' }), message()]);

  expect([await accepted('acme'), await accepted('globex')]).toEqual([4, 1]);
});

test('a job is accepted although another program replaced the hash of its counts', async () => {
  const { client, keys, openProducer, accepted } = await stage();
  const hours = [0, 1].map((more) => Math.floor(Date.now() / 3_600_000) + more);
  const hashes = hours.map((hour) => keys.counts('acme', 'm', `h${hour}`));
  for (const hash of hashes) await client.set(hash, 'a text', 'EX', 60);

  const { jobIds } = await openProducer().enqueue(KIND, message());
  await client.del(hashes);
  await openProducer().enqueue(KIND, message());

  expect(jobIds).toHaveLength(1);
  expect(await accepted('acme')).toBeGreaterThanOrEqual(1);
});

test('Redis keeps the hashes that flow control makes no longer than others', async () => {
  const { client, keys, openProducer } = await stage();
  await openProducer().enqueue(KIND, message());

  const found = await client.keys(`${keys.own('acme')}counts:acme:m:*`);
  const totals = await client.keys(`${keys.own('acme')}totals:m:*`);
  const kept = await Promise.all([...found, ...totals].map((key) => client.pttl(key)));

  expect([found.length, totals.length]).toEqual([4, 3]);
  expect(Math.min(...kept)).toBeGreaterThan(0);
  expect(Math.max(...kept)).toBeLessThanOrEqual(8 * 86_400_000);
});
