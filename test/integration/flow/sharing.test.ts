import { describe, expect, test } from 'vitest';
import { pace } from '../../../src/flow/pace.ts';
import { work } from '../../support/flow/crew.ts';
import { excess } from '../../support/flow/rate.ts';
import { openWorld } from '../../support/flow/world.ts';
import type { World } from '../../support/flow/world-shapes.ts';

const OWN = { capacity: 100, ratePerSecond: 100 };
const SHARED = { ...OWN, sharedAs: 'org' };

describe('tenants without a configuration', () => {
  test('wait until a worker configures them, and then go in order', async () => {
    const world = openWorld();
    await acceptLane(world, 'acme', ['a', 'b', 'c']);
    await work(world, 60_000);
    expect(world.grants).toHaveLength(0);

    await world.configure('acme', OWN);
    await work(world, 1000);
    expect(ids(world)).toEqual(['a', 'b', 'c']);
  });

  test('also wait for a bucket that they will share', async () => {
    const world = openWorld();
    await acceptLane(world, 'acme', ['a', 'b']);
    await world.configure('acme', SHARED);
    await work(world, 1000);
    expect(ids(world)).toEqual(['a', 'b']);
  });

  test('start with an empty bucket if they were paused before', async () => {
    const world = openWorld();
    await accept(world, 'acme', 50);
    await world.pause('acme', 5000);
    const resumesAtMs = world.now() + 5000;
    await world.configure('acme', OWN);
    await work(world, 10_000);
    expect(world.grants).toHaveLength(50);
    expect(world.grants[0]?.atMs).toBeGreaterThanOrEqual(resumesAtMs);
    expect(world.grants[49]?.atMs).toBeGreaterThanOrEqual(resumesAtMs + 490);
  });
});

describe('the buckets that Redis has lost', () => {
  const refs = ['acme', 'bolt', 'corp'].map((tenantId) => ({ tenantId, bucketClass: 'messages' as const }));

  test('are those that no worker has configured', async () => {
    const world = openWorld();
    await world.configure('bolt', OWN);
    expect(await world.flow.unconfigured(0, refs)).toEqual([refs[0], refs[2]]);
  });

  test('include a shared bucket for each tenant that shares it', async () => {
    const world = openWorld();
    for (const { tenantId } of refs) await world.configure(tenantId, tenantId === 'bolt' ? OWN : SHARED);
    expect(await world.flow.unconfigured(0, refs)).toEqual([]);
    await world.client.del(`${world.keys.own('acme')}bucket:*org:messages`);
    expect(await world.flow.unconfigured(0, refs)).toEqual([refs[0], refs[2]]);
  });
});

describe('a bucket shared by two tenants', () => {
  test('has one level for both', async () => {
    const world = await openShared();
    await accept(world, 'acme', 500);
    await accept(world, 'bolt', 500);
    await work(world, 4000);
    const moments = world.grants.map(({ atMs }) => atMs);
    const allowance = { burst: pace(OWN).burst, ratePerSecond: 100, fromMs: 0 };
    expect(excess(moments, [allowance])).toBeLessThanOrEqual(0);
    expect(moments.length).toBeGreaterThanOrEqual(0.99 * (75 + 400));
  });

  test('serves them in the order of acceptance', async () => {
    const world = await openShared();
    for (let round = 0; round < 50; round++) {
      await world.accept([{ id: `a${round}`, tenant: 'acme' }]);
      await world.accept([{ id: `b${round}`, tenant: 'bolt' }]);
      world.pass(1);
    }
    await work(world, 2000);
    const rounds = ids(world).map((id) => id.slice(1));
    expect(rounds.slice(0, 8)).toEqual(['0', '0', '1', '1', '2', '2', '3', '3']);
  });

  test('pauses for both', async () => {
    const world = await openShared();
    await accept(world, 'acme', 1);
    await accept(world, 'bolt', 1);
    await world.work('acme0', { kind: 'throttled', retryAfterMs: 5000 });
    expect(await world.work('bolt0')).toMatchObject({ verdict: 'wait', reason: 'rate-limited' });
  });
});

describe('a tenant that moves to another bucket', () => {
  test('takes its waiting lanes along', async () => {
    const world = openWorld();
    await world.configure('acme', OWN);
    await accept(world, 'acme', 300);
    await work(world, 500);
    await world.configure('acme', SHARED);
    await work(world, 5000);
    expect(world.grants).toHaveLength(300);
  });

  test('takes only its own lanes along if it stops sharing', async () => {
    const world = await openShared();
    await accept(world, 'acme', 200);
    await accept(world, 'bolt', 200);
    await work(world, 500);
    await world.configure('acme', OWN);
    await world.pause('bolt', 60_000);
    await work(world, 5000);
    expect(world.grants.filter(({ tenantId }) => tenantId === 'acme')).toHaveLength(200);
    await world.resume('bolt');
    await work(world, 5000);
    expect(world.grants).toHaveLength(400);
  });

  test('keeps the order of its lanes, also of busy ones', async () => {
    const world = openWorld();
    await world.configure('acme', OWN);
    await acceptLane(world, 'acme', ['a', 'b', 'c']);
    const run = await world.start('a');
    await world.configure('acme', SHARED);
    await world.conclude(run);
    await world.leave(run);
    await work(world, 1000);
    expect(ids(world)).toEqual(['a', 'b', 'c']);
  });
});

async function openShared(): Promise<World> {
  const world = openWorld();
  await world.configure('acme', SHARED);
  await world.configure('bolt', SHARED);
  return world;
}

async function accept(world: World, tenant: string, count: number): Promise<void> {
  await world.accept(Array.from({ length: count }, (_, index) => ({ id: `${tenant}${index}`, tenant })));
}

async function acceptLane(world: World, tenant: string, members: readonly string[]): Promise<void> {
  await world.accept(members.map((id) => ({ id, tenant, lane: 'c' })));
}

const ids = (world: World) => world.grants.map(({ id }) => id);
