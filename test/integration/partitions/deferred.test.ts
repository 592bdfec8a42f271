import { expect, test } from 'vitest';
import { createDeferredLanes } from '../../../src/partitions/deferred-lanes.ts';
import { createLayoutChanges, renewLayout } from '../../../src/redis/layout-store.ts';
import { startWorker } from '../../support/gwm.ts';
import { message, openSystem, PATIENT, type System, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { dies, move, moveUpTo, openProcess } from './stage.ts';

const KIND = 'message-transmission';
const DAY_MS = 24 * 3_600_000;
const NEW = 1000;

const tomorrow = () => new Date(Date.now() + DAY_MS).toISOString();

async function enqueue(system: System, content: string, more: object = {}): Promise<string> {
  const job = message({ conversationId: 'c', body: text(content), idempotencyKey: content, ...more });
  const { jobIds } = await system.openProducer().enqueue(KIND, job);
  return jobIds[0] ?? '';
}

/** Texts in the order in which they were sent. */
async function sentTexts(system: System): Promise<unknown[]> {
  const requests = await system.sandbox.requests('message.send');
  return requests.map(({ body }) => Object(body).body?.content);
}

test('a job that is scheduled for tomorrow holds no move up: it comes along, in its place', async () => {
  const system = await openSystem({ environment: PATIENT });
  const core = await openProcess(system);
  await createLayoutChanges(core.client, core.keys).addOwn();
  const first = await enqueue(system, 'scheduled', { sendAt: tomorrow() });
  await enqueue(system, 'behind', { expiresAt: new Date(Date.now() + 2 * DAY_MS).toISOString() });
  await moveUpTo(core, 'acme', NEW, 'leaving');
  await enqueue(system, 'newer');

  // No worker runs: nothing is sent, and nothing has to be.
  await move(core, ['acme'], NEW);

  await renewLayout(core.client, core.keys);
  expect(core.keys.layout.homeOf('acme')).toBe(NEW);
  expect(
    await system
      .openProducer()
      .enqueue(KIND, message({ conversationId: 'c', body: text('behind'), idempotencyKey: 'behind' })),
  ).toMatchObject({ status: 'duplicate' });
  expect(await core.jobs.why(first)).toMatchObject({ reason: 'scheduled' });
  const own = core.keys.ownOf(NEW);
  expect(await core.client.zcard(`${own}expiring`)).toBe(1);
  expect(await core.client.zcard(`${own}lane:acme:c`)).toBe(3);

  await startWorker(system);
  expect(await core.jobs.cancel(KIND, first)).toBe('cancelled');
  await waitFor(() => system.sandbox.stats().accepted === 2, { what: 'the jobs behind it' });
  expect(await sentTexts(system)).toEqual(['behind', 'newer']);
});

test('a command that dies at any point of the handover is gone on with', async () => {
  const system = await openSystem({ environment: PATIENT });
  const core = await openProcess(system);
  await createLayoutChanges(core.client, core.keys).addOwn();
  const ids = [
    await enqueue(system, 'one', { sendAt: tomorrow() }),
    await enqueue(system, 'two'),
    await enqueue(system, 'other', { conversationId: 'd', sendAt: tomorrow() }),
  ];
  await moveUpTo(core, 'acme', NEW, 'closing');

  for (let deadAt = 4; await dies(system, { tenantIds: ['acme'], to: NEW, deadAt }); deadAt += 9);

  await renewLayout(core.client, core.keys);
  expect(core.keys.layout.homeOf('acme')).toBe(NEW);
  expect(await core.flow.countWaiting('acme')).toBe(3);
  await startWorker(system);
  for (const id of [ids[0], ids[2]]) expect(await core.jobs.cancel(KIND, id ?? '')).toBe('cancelled');
  await waitFor(() => system.sandbox.stats().accepted === 1, { what: 'the job behind the first one' });
  expect(await sentTexts(system)).toEqual(['two']);
});

test('a conversation that was idle in the new partition does not expire with a scheduled job, and one without jobs does', async () => {
  const system = await openSystem({ environment: PATIENT });
  const core = await openProcess(system);
  await createLayoutChanges(core.client, core.keys).addOwn();
  await startWorker(system);
  await system.ended(await enqueue(system, 'sent', { conversationId: 'd' }));
  await enqueue(system, 'scheduled', { sendAt: tomorrow() });
  await moveUpTo(core, 'acme', NEW, 'leaving');
  const newer = await enqueue(system, 'newer');
  await renewLayout(core.client, core.keys);
  expect(await core.jobs.cancel(KIND, newer)).toBe('cancelled');

  await move(core, ['acme'], NEW);

  const own = core.keys.ownOf(NEW);
  expect(await core.client.zcard(`${own}lane:acme:c`)).toBe(2);
  expect(await core.client.pttl(`${own}lane:acme:c`)).toBe(-1);
  expect(await core.client.pttl(`${own}lane:acme:d`)).toBeGreaterThan(DAY_MS);
});

test('a move takes no removed job for one of a deferred lane: it waits for the others', async () => {
  const system = await openSystem({ environment: PATIENT });
  const core = await openProcess(system);
  await enqueue(system, 'scheduled', { sendAt: tomorrow() });
  const removed = await enqueue(system, 'removed');
  await enqueue(system, 'other', { conversationId: 'd' });
  const leaving = { from: 0, tenantIds: new Set(['acme']) };
  const lanes = createDeferredLanes(core.client, core.keys);
  expect(await lanes.countJobs(leaving)).toBe(2);

  await (await core.queues.of(KIND, 'acme').getJob(removed))?.remove();
  await core.flow.tidyIndex(0);

  expect(await core.flow.countWaiting('acme')).toBe(2);
  expect(await lanes.countJobs(leaving)).toBe(1);
});
