import { expect, test } from 'vitest';
import { partitionOf } from '../../../src/core/ids.ts';
import { raisePartitions } from '../../../src/partitions/raise.ts';
import type { Core } from '../../../src/queues/core.ts';
import { arriving } from '../../../src/queues/move-steps.ts';
import { prepare } from '../../../src/queues/prepare.ts';
import { ONE_ENTRY, submit } from '../../../src/queues/submit.ts';
import { createLayoutChanges, readLayout, renewLayout } from '../../../src/redis/layout-store.ts';
import { createMemoryGuard } from '../../../src/redis/memory-guard.ts';
import { message, openSystem, type System } from '../../support/system.ts';
import { Death, move, moveUpTo, openProcess } from './stage.ts';

const KIND = 'message-transmission';

interface Stage {
  readonly system: System;
  /** A producer that does not follow the layout. */
  readonly stale: Core;
  /** The process that moves tenants. */
  readonly mover: Core;
}

async function openStage(): Promise<Stage> {
  const system = await openSystem();
  const mover = await openProcess(system);
  await createLayoutChanges(mover.client, mover.keys).addOwn();
  return { system, mover, stale: await openProcess(system) };
}

/** @returns the partition that the job is in, and the status of the entry. */
async function enqueue(core: Core, tenantId: string, idempotencyKey: string) {
  const entry = prepare({ kind: KIND, index: 0, input: message({ tenantId, idempotencyKey }) });
  const bounds = { call: ONE_ENTRY, memory: createMemoryGuard(core.client), full: new Map() };
  const [report] = await submit(core, KIND, [entry], bounds);
  const jobId = entry.jobs?.[0]?.ref.jobId ?? '';
  const places = await Promise.all(
    [0, 1, 2, 1000].map(async (partition) => {
      const key = `${core.keys.queuePrefix(partition)}:${KIND}:${jobId}`;
      return (await core.client.exists(key)) === 1 ? [partition] : [];
    }),
  );
  return { status: report?.status, places: places.flat() };
}

test('a producer that does not know of a move hands its jobs to the new partition', async () => {
  const { stale, mover } = await openStage();

  await move(mover, ['acme'], 1000);

  expect(stale.keys.layout.homeOf('acme')).toBe(0);
  expect(await enqueue(stale, 'acme', 'a')).toEqual({ status: 'accepted', places: [1000] });
  expect(await enqueue(stale, 'acme', 'a')).toEqual({ status: 'duplicate', places: [1000] });
});

test('a producer that was away for two moves does not hand jobs to a partition that is being got ready', async () => {
  const { stale, mover } = await openStage();
  await move(mover, ['acme'], 1000);
  await renewLayout(stale.client, stale.keys);
  await move(mover, ['acme'], 0);
  await moveUpTo(mover, 'acme', 1000, 'arriving');

  expect(stale.keys.layout.homeOf('acme')).toBe(1000);
  expect(await enqueue(stale, 'acme', 'a')).toEqual({ status: 'accepted', places: [0] });
});

test('a mover that dies between the mark and the layout leaves no producer behind', async () => {
  const { stale, mover, system } = await openStage();
  await moveUpTo(mover, 'acme', 1000, 'arriving');
  await mover.client.hset(mover.keys.layoutOf(0), 'acme', '1000 left');

  expect(await enqueue(stale, 'acme', 'a')).toEqual({ status: 'accepted', places: [1000] });

  const layout = await readLayout(system.client, system.keys);
  expect(layout?.homes.get('acme')).toMatchObject({ at: 1000, move: { step: 'leaving' } });
});

test('a producer that does not know of a raise puts a new tenant where the new number says', async () => {
  const { stale, mover } = await openStage();
  const tenantId = ['one', 'two', 'three', 'four'].find((id) => partitionOf(id, 3) === 2) ?? '';
  const lock = { check: () => {}, release: () => Promise.resolve() };
  const parts = { core: mover, lock, ledgerTtlMs: 60_000, onProgress: () => {}, tenantIds: ['acme'] };

  await raisePartitions({ ...parts, sharersOf: (id) => [id] }, 3);

  expect(stale.keys.layout.state.modulus).toBe(1);
  expect(await enqueue(stale, tenantId, 'a')).toEqual({ status: 'accepted', places: [2] });
});

test('a raise keeps a tenant where its jobs are, until these have ended', async () => {
  const { stale, mover } = await openStage();
  const tenantId = ['one', 'two', 'three', 'four'].find((id) => partitionOf(id, 3) === 2) ?? '';
  expect(await enqueue(stale, tenantId, 'a')).toEqual({ status: 'accepted', places: [0] });
  const { layout } = mover.keys;
  const check = () => {
    if (layout.moveOf(tenantId)) throw new Death();
  };
  const lock = { check, release: () => Promise.resolve() };
  const parts = { core: mover, lock, ledgerTtlMs: 60_000, onProgress: () => {}, tenantIds: [] };

  const raising = raisePartitions({ ...parts, sharersOf: (id) => [id] }, 3);

  await expect(raising).rejects.toThrow(Death);
  expect(layout.state.modulus).toBe(3);
  expect(layout.moveOf(tenantId)).toMatchObject({ from: 0, to: 2, step: 'arriving' });
  expect(await enqueue(stale, tenantId, 'a')).toEqual({ status: 'duplicate', places: [0] });
});

test('a new tenant of a raise that broke off stays where its first job is', async () => {
  const { stale, mover } = await openStage();
  const tenantId = ['one', 'two', 'three', 'four'].find((id) => partitionOf(id, 3) === 2) ?? '';
  const changes = createLayoutChanges(mover.client, mover.keys);
  await changes.beginRaise(1, 3);
  await renewLayout(mover.client, mover.keys);
  await changes.fence(0, mover.keys.layout.state.version);

  expect(await enqueue(stale, tenantId, 'a')).toEqual({ status: 'accepted', places: [0] });
  await changes.endRaise(3);

  await renewLayout(stale.client, stale.keys);
  expect(await enqueue(stale, tenantId, 'b')).toEqual({ status: 'accepted', places: [0] });
});

test('two processes cannot begin two moves of one tenant', async () => {
  const { mover } = await openStage();
  const changes = createLayoutChanges(mover.client, mover.keys);
  const home = arriving(0, 1000, 0, undefined);

  expect(await changes.replace('acme', undefined, home)).toBe(true);
  expect(await changes.replace('acme', undefined, home)).toBe(false);
});
