import { expect, test } from 'vitest';
import { createApiKeys } from '../../../src/access/api-keys.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { partitionOf } from '../../../src/core/ids.ts';
import { commandLineAuthor } from '../../../src/operate/author.ts';
import { createOperations } from '../../../src/operate/operations.ts';
import { lockMoves } from '../../../src/partitions/mover-lock.ts';
import { raisePartitions } from '../../../src/partitions/raise.ts';
import type { Core } from '../../../src/queues/core.ts';
import { erase } from '../../../src/queues/erase.ts';
import { forgetFormers } from '../../../src/queues/forget-formers.ts';
import { redrive } from '../../../src/queues/redrive.ts';
import { createSchedules } from '../../../src/queues/schedules.ts';
import { createLayoutChanges, renewLayout } from '../../../src/redis/layout-store.ts';
import { loadTenants } from '../../../src/tenants/registry.ts';
import { startGwm, startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { keyFiles, payloadKeysOf } from '../../support/payload-keys.ts';
import { openReceiver } from '../../support/receiver.ts';
import { contentUnder } from '../../support/redis-content.ts';
import { message, openSystem, PATIENT, type System, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { move, moveUpTo, openProcess } from './stage.ts';

const KIND = 'message-transmission';
/** Longer than from one look of a worker at the layout to its next count. */
const LATE_MS = 4000;

async function enqueue(system: System, conversationId: string, more: object = {}): Promise<string> {
  const { jobIds } = await system.openProducer().enqueue(KIND, message({ conversationId, ...more }));
  return jobIds[0] ?? '';
}

async function openMover(system: System): Promise<Core> {
  await createLayoutChanges(system.client, system.keys).addOwn();
  return await openProcess(system);
}

/** The keys whose values have a text. */
async function keysWith(system: System, words: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { key, value } of contentUnder(system.client, system.redis.prefix))
    if (JSON.stringify(value ?? '').includes(words)) found.push(key);
  return found;
}

test('what erase says is gone is gone, although the tenant moves meanwhile', async () => {
  const system = await openSystem({ environment: PATIENT });
  const eraser = await openProcess(system);
  const core = await openMover(system);
  const worker = await startWorker(system);
  const words = 'my secret is 42';
  await system.ended(await enqueue(system, 'gone', { body: text(words) }));
  worker.kill('SIGTERM');
  await worker.exit;
  await enqueue(system, 'gone', { body: text(words) });
  let isMoved = false;
  // Erase waits for workers to end what it cancelled.
  const jobs: Pick<Core['jobs'], 'cancel'> = {
    async cancel(kind, jobId) {
      const outcome = await eraser.jobs.cancel(kind, jobId);
      if (isMoved) return outcome;
      isMoved = true;
      await startWorker(system);
      await move(core, ['acme'], 1000);
      return outcome;
    },
  };

  const erased = await erase({ ...eraser, jobs }, { tenantId: 'acme', conversationId: 'gone' });

  expect(isMoved).toBe(true);
  expect(erased.left).toBe(0);
  expect(await keysWith(system, words)).toEqual([]);
});

test('erase reaches the session in both partitions, and the ledger of the one that the tenant has left', async () => {
  const system = await openSystem({ environment: PATIENT });
  await startWorker(system);
  const id = await enqueue(system, 'gone', { idempotencyKey: 'k-1' });
  await system.ended(id);
  const core = await openMover(system);
  await moveUpTo(core, 'acme', 1000, 'trailing');
  const sessionAt = (partition: number) =>
    core.keys.within(partition, () => core.keys.guestSession('acme', 'session-1'));
  for (const partition of [0, 1000]) await system.client.hset(sessionAt(partition), 'token', 'sealed');

  const subject = { tenantId: 'acme', conversationId: 'gone', sessionId: 'session-1' };
  expect(await erase(core, subject)).toMatchObject({ jobs: 1, left: 0 });

  expect(await system.client.exists(sessionAt(0))).toBe(0);
  expect(await system.client.exists(sessionAt(1000))).toBe(0);
  await move(core, ['acme'], 1000);
  for await (const { key, value } of contentUnder(system.client, system.redis.prefix))
    if (key.includes(':ledger:')) expect(value, key).toBe('sent {}');
});

test('the counts of jobs that ended just before a move are kept', async () => {
  const system = await openSystem({ environment: PATIENT });
  await startWorker(system);
  const core = await openMover(system);
  const count = 20;
  await system.openProducer().enqueueMany(
    KIND,
    Array.from({ length: count }, (_, n) => message({ conversationId: `c-${n}` })),
  );
  await waitFor(() => system.sandbox.stats().accepted === count, { what: 'all messages' });

  await move(core, ['acme'], 1000, LATE_MS);

  const delivered = async (partition: number) => {
    let sum = 0;
    for await (const { key, value } of contentUnder(system.client, core.keys.ownOf(partition).slice(0, -1)))
      if (/:counts:acme:[^:]+:h\d/.test(key)) sum += Number(Object(value)['delivered'] ?? 0);
    return sum;
  };
  await waitFor(async () => (await delivered(1000)) === count, { what: 'all counts in the new partition' });
  expect(await delivered(0)).toBe(0);
});

test('a raise moves a tenant that came back to where its hash says, whatever a stale reconciler does', async () => {
  const system = await openSystem({ environment: PATIENT });
  const mover = await openMover(system);
  const tenantId = ['one', 'two', 'three', 'four', 'five'].find((id) => partitionOf(id, 3) === 2) ?? '';
  const changes = createLayoutChanges(mover.client, mover.keys);
  await changes.replace(tenantId, undefined, { at: 0, formers: [{ partition: 1000, untilMs: 1 }] });
  const reconciler = await openProcess(system);
  const lock = {
    // Between any two steps of the raise.
    check: () => void forgetFormers(reconciler.client, reconciler.keys),
    release: () => Promise.resolve(),
  };
  const parts = { core: mover, lock, ledgerTtlMs: 60_000, tenantIds: [tenantId], onProgress: () => {} };

  expect(await raisePartitions({ ...parts, sharersOf: (id) => [id] }, 3)).toBe(1);

  await forgetFormers(reconciler.client, reconciler.keys);
  await renewLayout(mover.client, mover.keys);
  expect(mover.keys.layout.homeOf(tenantId)).toBe(2);
  expect(mover.keys.layout.moveOf(tenantId)).toBeUndefined();
});

test('a retry that read a dead letter just before it was carried leaves nothing behind, and one of all finds it', async () => {
  const system = await openSystem({ environment: PATIENT });
  await startWorker(system);
  const errors = [{ status: 400, rate: 1, times: 1 }];
  await system.sandbox.inject({ operations: { 'message.send': { errors } } });
  const dead = await enqueue(system, 'a');
  expect(await system.ended(dead)).toMatchObject({ state: 'failed' });
  const operator = await openProcess(system);
  const core = await openMover(system);
  const job = await operator.queues.at(KIND, 0).getJob(dead);
  if (!job) throw new Error('there is no dead letter');
  await move(core, ['acme'], 1000);

  const outcome = await operator.queues.withJob(job, () => redrive(operator, KIND, [job]));

  expect(outcome).toEqual(['not-failed']);
  const own = core.keys.ownOf(0);
  expect(await system.client.exists(`${own}jobs:acme`, `${own}lane:acme:a`)).toBe(0);

  // An act on many jobs goes on where they are now, although its process looked before the move.
  const progress = [];
  for await (const each of operator.jobs.retryAll({ tenantId: 'acme' })) progress.push(each);
  expect(progress.at(-1)).toMatchObject({ matched: 1, done: 1 });
  await waitFor(() => system.sandbox.stats().accepted === 1, { what: 'the message' });
});

test('an act of a process that has not looked at the layout lately is done where the tenant is', async () => {
  const system = await openSystem({ environment: PATIENT });
  const stale = await openProcess(system);
  const core = await openMover(system);
  const { config, environment } = system;
  const tenants = loadTenants({ file: config.tenantsFile, environment, requireSecrets: false });
  const apiKeys = createApiKeys({ client: stale.client, keys: stale.keys, clock: systemClock });
  const acts = { note: () => Promise.resolve() };
  const operations = createOperations({ core: stale, config, tenants, apiKeys, acts });
  await move(core, ['acme'], 1000);
  expect(stale.keys.layout.homeOf('acme')).toBe(0);

  const asOperator = operations.by(commandLineAuthor(), (error) => {
    throw error;
  });
  await asOperator.pauseTenant({ tenantId: 'acme', durationMs: 600_000, reason: 'by hand' });

  const { reason } = await core.flow.status({ tenantId: 'acme', bucketClass: 'messages' });
  expect(reason).toBe('by hand');
});

test('a schedule that is set in the old partition during a move follows, and the move ends', async () => {
  const system = await openSystem({ environment: PATIENT });
  const stale = await openProcess(system);
  const core = await openMover(system);
  await enqueue(system, 'a');
  const ended = move(core, ['acme'], 1000);
  await waitFor(() => core.keys.layout.moveOf('acme')?.step === 'leaving', { what: 'the step leaving' });
  const schedules = createSchedules({ queues: stale.queues, keys: stale.keys, kind: 'audit-sync' });
  await schedules.set('acme', 3_600_000, { since: '1h' });
  await startWorker(system);

  await ended;

  const at = (partition: number) => core.queues.at('audit-sync', partition).getJobScheduler('by-clock-acme');
  expect(await at(0)).toBeUndefined();
  expect(await at(1000)).toMatchObject({ every: 3_600_000 });
});

test('gwm partitions counts the callbacks that a move waits for', async () => {
  const system = await openSystem({ tenants: [{ id: 'acme', callback: {} }], environment: PATIENT });
  const receiver = await openReceiver();
  receiver.answerWith(new Promise(() => {}));
  await startWorker(system);
  await enqueue(system, 'a', { callback: { url: receiver.url } });
  await waitFor(() => receiver.inHand() === 1, { what: 'the callback' });
  await moveUpTo(await openMover(system), 'acme', 1000, 'trailing');

  const shown = await runCommand(['partitions'], { env: system.environment });

  expect(shown.stdout).toContain('1 older callbacks');
});

test('a tenant with jobs behind a dead letter that halts them stays where it is, and goes on', async () => {
  const system = await openSystem({ tenants: [{ id: 'acme', onFailure: 'halt' }], environment: PATIENT });
  await startWorker(system);
  const errors = [{ status: 400, rate: 1, times: 1 }];
  await system.sandbox.inject({ operations: { 'message.send': { errors } } });
  const dead = await enqueue(system, 'a');
  expect(await system.ended(dead)).toMatchObject({ state: 'failed' });
  await enqueue(system, 'a');

  const refused = await runCommand(['partitions', 'move', 'acme', '--alone'], { env: system.environment });

  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain(`Jobs of acme wait behind the dead letter ${dead}`);
  await enqueue(system, 'b');
  await waitFor(() => system.sandbox.stats().accepted === 1, { what: 'the other conversation' });
});

test('values are not sealed again while tenants move', async () => {
  const files = await keyFiles('old', 'new');
  const system = await openSystem({
    environment: { ...PATIENT, PAYLOAD_KEYS: payloadKeysOf(files, 'old') },
  });
  const lock = await lockMoves(system.client, system.keys, 'another process');
  const env = { ...system.environment, PAYLOAD_KEYS: payloadKeysOf(files, 'new', 'old') };

  const refused = await runCommand(['keys', 'rewrap'], { env });
  await lock.release();
  const done = await runCommand(['keys', 'rewrap'], { env });

  expect(refused.stderr).toContain(
    'Another process moves tenants or seals values again now (another process)',
  );
  expect(done, done.stderr).toMatchObject({ code: 0 });
});

test('a raise moves the other tenants while callbacks of some are on their way, and some cannot move', async () => {
  const names = [
    'acme',
    'globex',
    'hooli',
    'initech',
    'umbrella',
    'wonka',
    'stark',
    'wayne',
    'tyrell',
    'cyberdyne',
  ];
  const moving = names.filter((id) => partitionOf(id, 2) === 1);
  const [halted = '', ...others] = moving;
  const system = await openSystem({
    tenants: moving.map((id) => ({ id, callback: {}, ...(id === halted && { onFailure: 'halt' as const }) })),
    environment: PATIENT,
  });
  const receiver = await openReceiver();
  for (const _ of others) receiver.answerWith(new Promise(() => {}));
  await startWorker(system);
  for (const tenantId of others)
    await enqueue(system, tenantId, { tenantId, callback: { url: receiver.url } });
  await waitFor(() => receiver.inHand() === others.length, { what: 'a callback of each tenant' });
  const errors = [{ status: 400, rate: 1, times: 1 }];
  await system.sandbox.inject({ operations: { 'message.send': { errors } } });
  const dead = await enqueue(system, 'a', { tenantId: halted });
  expect(await system.ended(dead, { tenantId: halted })).toMatchObject({ state: 'failed' });
  await enqueue(system, 'a', { tenantId: halted });

  const raise = startGwm(['partitions', 'raise', '2', '--json'], { env: system.environment });
  for (const id of others) await raise.line(new RegExp(`"tenantIds":\\["${id}"\\].*"step":"trailing"`));

  const { keys } = await openProcess(system);
  expect(moving.map(keys.layout.homeOf)).toEqual([0, ...others.map(() => 1)]);
  expect(moving.length).toBeGreaterThan(5);
});
