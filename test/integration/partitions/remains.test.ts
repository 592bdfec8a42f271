import { expect, test } from 'vitest';
import type { Core } from '../../../src/queues/core.ts';
import { forgetFormers } from '../../../src/queues/forget-formers.ts';
import { createLayoutChanges, readLayout, renewLayout } from '../../../src/redis/layout-store.ts';
import { startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { openReceiver } from '../../support/receiver.ts';
import { message, openSystem, PATIENT, type System, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { move, moveUpTo, openProcess } from './stage.ts';

const KIND = 'message-transmission';

async function enqueue(system: System, conversationId: string, more: object = {}): Promise<string> {
  const body = text(`to ${conversationId}`);
  const { jobIds } = await system.openProducer().enqueue(KIND, message({ conversationId, body, ...more }));
  return jobIds[0] ?? '';
}

/** The jobs of the tenant, the oldest first, from all pages. */
async function listed(core: Core): Promise<string[]> {
  const jobIds: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await core.jobs.page({ tenantId: 'acme', order: 'oldest', cursor });
    jobIds.push(...page.jobs.map(({ jobId }) => jobId));
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined);
  return jobIds;
}

async function openMover(system: System) {
  await createLayoutChanges(system.client, system.keys).addOwn();
  return await openProcess(system);
}

test('while a callback of an older job is on its way, each job is listed once, and the callback arrives once', async () => {
  const system = await openSystem({
    tenants: [{ id: 'acme', callback: {} }],
    environment: PATIENT,
  });
  const receiver = await openReceiver();
  const answered = Promise.withResolvers<{ status: number }>();
  receiver.answerWith(answered.promise);
  await startWorker(system);
  const older = await enqueue(system, 'a', { callback: { url: receiver.url } });
  await waitFor(() => receiver.inHand() === 1, { what: 'the callback' });
  const core = await openMover(system);
  await moveUpTo(core, 'acme', 1000, 'trailing');

  const newer = await enqueue(system, 'a', { callback: { url: receiver.url } });
  // The reconciler removes entries of the index that have no job.
  for (const partition of [0, 1000]) await core.flow.tidyIndex(partition);
  const ended = move(core, ['acme'], 1000);
  const during = await listed(core);
  answered.resolve({ status: 204 });
  await ended;
  await core.flow.tidyIndex(1000);

  expect(during).toEqual([older, newer]);
  expect(await listed(core)).toEqual([older, newer]);
  await waitFor(() => receiver.received.length >= 2, { what: 'both callbacks' });
  expect(receiver.received).toHaveLength(2);
  expect(system.sandbox.stats()).toMatchObject({ accepted: 2, duplicates: 0, outOfOrder: 0 });
});

test('a conversation that a dead letter halts is halted in the new partition, until the letter is retried', async () => {
  const system = await openSystem({
    tenants: [{ id: 'acme', onFailure: 'halt' }],
    environment: PATIENT,
  });
  await startWorker(system);
  const errors = [{ status: 400, rate: 1, times: 1 }];
  await system.sandbox.inject({ operations: { 'message.send': { errors } } });
  const dead = await enqueue(system, 'a');
  expect(await system.ended(dead)).toMatchObject({ state: 'failed' });
  const core = await openMover(system);

  await move(core, ['acme'], 1000);
  const next = await enqueue(system, 'a');
  const other = await enqueue(system, 'b');

  await waitFor(() => system.sandbox.stats().accepted === 1, { what: 'the other conversation' });
  expect(await core.jobs.why(next)).toMatchObject({ reason: 'halted' });
  const retried = await runCommand(['jobs', 'retry', KIND, dead], { env: system.environment });
  expect(retried, retried.stderr).toMatchObject({ code: 0 });
  await waitFor(() => system.sandbox.stats().accepted === 3, { what: 'all messages' });
  const requests = await system.sandbox.requests('message.send');
  expect(requests.map(({ requestId }) => requestId)).toEqual([dead, other, dead, next]);
});

test('tenants with one limit move together, and take their tokens from one bucket there', async () => {
  const limit = { capacity: 5, ratePerSecond: 50, sharedAs: 'org' };
  const system = await openSystem({
    tenants: ['acme', 'globex'].map((id) => ({ id, limit })),
    environment: PATIENT,
  });
  await startWorker(system);
  for (const id of ['a', 'b', 'c']) await enqueue(system, id);
  await waitFor(() => system.sandbox.stats().accepted === 3, { what: 'the older messages' });

  const moved = await runCommand(['partitions', 'move', 'acme', '--alone'], { env: system.environment });
  expect(moved, moved.stderr).toMatchObject({ code: 0, stdout: 'acme, globex moved to partition 1000' });
  const inputs = Array.from({ length: 40 }, (_, n) =>
    message({ tenantId: n % 2 ? 'acme' : 'globex', conversationId: `c-${n}` }),
  );
  await system.openProducer().enqueueMany(KIND, inputs);

  await waitFor(() => system.sandbox.stats().accepted === 43, { what: 'all messages' });
  const bucket = await system.client.hgetall(`${system.keys.ownOf(1000)}bucket:*org:messages`);
  expect(Number(bucket['tat'])).toBeGreaterThan(0);
});

test('a session of a guest follows its tenant, with the time that it has left', async () => {
  const system = await openSystem();
  const [old, moved] = [0, 1000].map((partition) =>
    system.keys.within(partition, () => system.keys.guestSession('acme', 'session-1')),
  ) as [string, string];
  await system.client.hset(old, 'lease', 'worker-1');
  await system.client.pexpire(old, 600_000);
  const core = await openMover(system);

  await move(core, ['acme'], 1000);

  expect(await system.client.hgetall(moved)).toEqual({ lease: 'worker-1' });
  expect(await system.client.pttl(moved)).toBeGreaterThan(0);
  expect(await system.client.exists(old)).toBe(0);
});

test('the layout forgets a partition that has forgotten the jobs of a tenant', async () => {
  const system = await openSystem();
  const core = await openMover(system);
  await move(core, ['acme'], 1000);
  const { homes } = (await readLayout(core.client, core.keys)) ?? {};
  const [former] = homes?.get('acme')?.formers ?? [];
  expect(former).toMatchObject({ partition: 0 });

  await forgetFormers(core.client, core.keys);
  expect(core.keys.layout.formersOf('acme')).toEqual([0]);

  const changes = createLayoutChanges(core.client, core.keys);
  const over = { at: 1000, formers: [{ partition: 0, untilMs: 1 }] };
  expect(await changes.replace('acme', homes?.get('acme'), over)).toBe(true);
  await renewLayout(core.client, core.keys);
  await forgetFormers(core.client, core.keys);
  await renewLayout(core.client, core.keys);

  expect(core.keys.layout.formersOf('acme')).toEqual([]);
  expect(core.keys.layout.homeOf('acme')).toBe(1000);
});
