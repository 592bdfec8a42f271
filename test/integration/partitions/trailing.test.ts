import { expect, test } from 'vitest';
import { createCarryJob } from '../../../src/partitions/carry-jobs.ts';
import { createFindNames } from '../../../src/partitions/find-names.ts';
import type { Core } from '../../../src/queues/core.ts';
import { createLayoutChanges } from '../../../src/redis/layout-store.ts';
import { startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { openReceiver } from '../../support/receiver.ts';
import { message, openSystem, PATIENT, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { Death, move, moveUpTo, openProcess } from './stage.ts';

const KIND = 'message-transmission';
const CALLBACKS = 'webhook-delivery';

async function openMover(system: System): Promise<Core> {
  await createLayoutChanges(system.client, system.keys).addOwn();
  return await openProcess(system);
}

test('a callback that an operator has replayed is not copied once more, when the mover had died behind its copy', async () => {
  const system = await openSystem({
    tenants: [{ id: 'acme', callback: {} }],
    environment: { ...PATIENT, WEBHOOK_SCHEDULE: '10ms' },
  });
  const receiver = await openReceiver();
  receiver.usually({ status: 500 });
  await startWorker(system);
  await system.openProducer().enqueue(KIND, message({ callback: { url: receiver.url } }));
  const old = system.queues.at(CALLBACKS, 0);
  await waitFor(async () => (await old.getFailedCount()) === 1, { what: 'a dead letter of a callback' });
  const [job] = await old.getFailed();
  const jobId = job?.id ?? '';
  receiver.usually({ status: 204 });
  const calls = receiver.received.length;
  const mover = await openMover(system);
  await moveUpTo(mover, 'acme', 1000, 'trailing');
  const carry = createCarryJob(mover.client, mover.keys);
  Reflect.set(mover.client, 'gwm_take-job', () => {
    throw new Death();
  });
  const score = String(job?.finishedOn);
  const kept = { tenantId: 'acme', kind: CALLBACKS, jobId, state: 'failed', score } as const;
  await expect(carry(kept, { from: 0, to: 1000 })).rejects.toThrow(Death);

  const env = system.environment;
  expect(await runCommand(['webhooks', 'replay', jobId], { env })).toMatchObject({ code: 0 });
  await waitFor(() => receiver.received.length === calls + 1, { what: 'the replayed callback' });
  const fresh = mover.queues.at(CALLBACKS, 1000);
  await waitFor(async () => (await fresh.getCompletedCount()) === 1, { what: 'its end' });
  await move(await openProcess(system), ['acme'], 1000);

  expect(await fresh.getFailedCount()).toBe(0);
  expect(await old.getFailedCount()).toBe(0);
  expect(await old.getJob(jobId)).toBeUndefined();
  const since = ['--since', '2020-01-01T00:00:00Z', '--endpoint', receiver.url, '--json'];
  const replayed = await runCommand(['webhooks', 'replay', ...since], { env });
  expect(JSON.parse(replayed.stdout)).toEqual({ replayed: 0 });
  expect(receiver.received).toHaveLength(calls + 1);
  expect(await system.client.exists(`${system.keys.ownOf(1000)}merged:acme`)).toBe(0);
});

test('an endpoint that callbacks of older jobs disable is disabled in the new partition, unless it is well there', async () => {
  const system = await openSystem();
  const mover = await openMover(system);
  await moveUpTo(mover, 'acme', 1000, 'trailing');
  const own = (partition: number) => system.keys.ownOf(partition);
  const put = async (partition: number, id: string, fields: object) => {
    await system.client.hset(`${own(partition)}endpoint:${id}`, { tenant: 'acme', url: 'x', ...fields });
    await system.client.pexpire(`${own(partition)}endpoint:${id}`, 60_000);
    await system.client.zadd(`${own(partition)}endpoints:acme`, 4e12, id);
  };
  const gone = { disabled_at: 2000, disabled_for: 'gone' };
  const failing = { disabled_at: 2000, disabled_for: 'failing', failing_since: 1000 };
  await put(0, 'gone', gone);
  await put(1000, 'gone', { delivered_at: 1500 });
  await put(0, 'recovered', failing);
  await put(1000, 'recovered', { delivered_at: 1500 });
  await put(0, 'failing', failing);
  await put(1000, 'failing', { delivered_at: 500 });
  await put(0, 'unknown', gone);

  await move(mover, ['acme'], 1000);

  const disabledFor = (id: string) => system.client.hget(`${own(1000)}endpoint:${id}`, 'disabled_for');
  expect(await Promise.all(['gone', 'recovered', 'failing', 'unknown'].map(disabledFor))).toEqual([
    'gone',
    null,
    'failing',
    'gone',
  ]);
  expect(await system.client.exists(`${own(0)}endpoint:gone`)).toBe(0);
});

test('dead letters move whose data are damaged, or have the tenant behind other fields', async () => {
  const system = await openSystem();
  const mover = await openMover(system);
  const queue = (partition: number) => `${system.keys.queuePrefix(partition)}:${KIND}:`;
  const put = async (jobId: string, data: string) => {
    await system.client.hset(`${queue(0)}${jobId}`, { data, timestamp: 1, finishedOn: 2, opts: '{}' });
    await system.client.zadd(`${queue(0)}failed`, 2, jobId);
  };
  await put('damaged', '{}');
  await system.client.zadd(`${system.keys.ownOf(0)}jobs:acme`, 1 - 2 ** 42, 'm-damaged');
  await put('reordered', '{"payload":{"a":[1]},"tenantId":"acme"}');
  await put('foreign', '{"payload":{},"tenantId":"globex"}');

  await move(mover, ['acme'], 1000);

  expect(await system.client.zrange(`${queue(1000)}failed`, '0', '-1')).toEqual(['damaged', 'reordered']);
  expect(await system.client.zrange(`${queue(0)}failed`, '0', '-1')).toEqual(['foreign']);
  expect(await system.client.hget(`${queue(1000)}damaged`, 'data')).toBe('{}');
  expect(await system.client.zscore(`${system.keys.ownOf(1000)}jobs:acme`, 'm-damaged')).not.toBeNull();
});

test('looks at all keys of a partition are shared by the tenants that ask meanwhile', async () => {
  const system = await openSystem();
  const core = await openProcess(system);
  const tenantIds = Array.from({ length: 40 }, (_, n) => `tenant-${n}`);
  const own = system.keys.ownOf(0);
  for (const tenantId of tenantIds) await system.client.zadd(`${own}lane:${tenantId}:c`, 1, 'm-1');
  await system.client.set(`${own}lane-of-another:tenant-1:c`, '');
  let looks = 0;
  const send = core.client.sendCommand.bind(core.client);
  core.client.sendCommand = ((command: { name: string; args: unknown[] }, stream: never) => {
    if (command.name === 'scan' && String(command.args[0]) === '0') looks++;
    return send(command as never, stream);
  }) as typeof core.client.sendCommand;
  const findNames = createFindNames(core.client, core.keys);

  const found = await Promise.all(
    tenantIds.map((tenantId) => findNames({ from: 0, tenantIds: new Set([tenantId]) }, ['lane'])),
  );

  expect(found).toEqual(
    tenantIds.map((tenantId) => [{ what: 'lane', tenantId, name: `lane:${tenantId}:c` }]),
  );
  // One that the first ask began, and one for all that came meanwhile.
  expect(looks).toBe(2);

  looks = 0;
  await createLayoutChanges(system.client, system.keys).addOwn();
  await move(core, ['tenant-0'], 1000);
  expect(looks).toBe(2);
});
