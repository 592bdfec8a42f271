import { beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../../src/client/client.ts';
import type { Overview, TenantState } from '../../../src/client/types.ts';
import { VERSION } from '../../../src/core/version.ts';
import { JOB_KINDS } from '../../../src/jobs/catalog.ts';
import { startWorker } from '../../support/gwm.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { card, message, openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { openServer, type TestServer } from './stage.ts';

let system: System;
let server: TestServer;

beforeAll(async () => {
  system = await openSystem({ redis: await openOwnRedis(), tenants: ['acme', 'globex', 'initech'] });
  server = await openServer(system);
});

async function clientOf(tenants: 'all' | readonly string[] = 'all') {
  return createClient({ baseUrl: server.url, apiKey: await server.keys.make({ tenants }) });
}

/** Waits for an overview of which this is true. */
async function overviewWith(tenants: 'all' | readonly string[], is: (overview: Overview) => boolean) {
  const client = await clientOf(tenants);
  return await waitFor(
    async () => {
      const found = await client.overview.get();
      return is(found) && found;
    },
    { what: 'the overview' },
  );
}

const tenantOf = ({ tenants }: Overview, id: string) => tenants.find((tenant) => tenant.id === id);

describe('the overview', () => {
  test('shows what each tenant does, why it stands still, and its workers with version and queues', async () => {
    const worker = await startWorker(system);
    await system.flow.pause({ tenantId: 'globex', bucketClass: 'messages' }, 600_000, 'SECRET-WORDS');
    const client = await clientOf();
    await client.messages.send(message());
    await client.messages.send(message({ tenantId: 'globex' }));
    await client.cards.send(card({ tenantId: 'globex', conversationId: 'another' }));

    const isDone = (tenant: TenantState | undefined, waiting: number) =>
      tenant?.waiting === waiting && tenant.hour.counts.delivered === 1;
    const found = await overviewWith(
      'all',
      (overview) => isDone(tenantOf(overview, 'acme'), 0) && isDone(tenantOf(overview, 'globex'), 1),
    );

    expect(tenantOf(found, 'acme')).toMatchObject({ state: 'running', reason: null, waiting: 0 });
    expect(tenantOf(found, 'globex')).toMatchObject({
      state: 'paused',
      reason: 'operator',
      waiting: 1,
      throttled: 1,
      hour: { counts: { accepted: 2, delivered: 1 }, successRate: 100 },
    });
    expect(JSON.stringify(found)).not.toContain('SECRET-WORDS');
    expect(found.total).toMatchObject({ waiting: 1, hour: { counts: { delivered: 2 } } });
    expect(found.total.hour.latency?.p50).toBeGreaterThan(0);
    expect(found.workers).toMatchObject([
      { version: VERSION, queues: [...JOB_KINDS], inHand: expect.any(Number) },
    ]);
    const { startedAt, beatAt } = found.workers?.[0] ?? {};
    expect(Date.parse(beatAt ?? '')).toBeGreaterThanOrEqual(Date.parse(startedAt ?? ''));
    expect(found.relay).toMatchObject({ waiting: expect.any(Number), lagSeconds: expect.any(Number) });
    expect(found.redis?.memoryBytes).toBeGreaterThan(0);

    const { kinds } = await client.tenants.get('globex');
    expect(
      kinds.map(({ kind, waiting, isWaitingWhole, hour }) => [
        kind,
        waiting,
        isWaitingWhole,
        hour.counts.accepted,
      ]),
    ).toEqual([
      ['message-transmission', 1, true, 1],
      ['card-delivery', 0, true, 1],
    ]);
    worker.kill('SIGTERM');
    await worker.exit;
    expect((await overviewWith('all', ({ workers }) => workers?.length === 0)).workers).toEqual([]);
  });

  test('shows a worker of an earlier version, which says only that it is alive', async () => {
    await system.client.sadd(system.keys.workers(0), 'older', 'dead');
    await system.client.set(system.keys.worker(0, 'older'), 'alive', 'PX', 600_000);

    const isOlder = ({ name }: { readonly name: string }) => name === 'older';
    const { workers } = await overviewWith('all', (overview) => overview.workers?.some(isOlder) === true);

    const unknown = { version: null, queues: null, inHand: null, startedAt: null, beatAt: null };
    expect(workers?.filter(isOlder)).toEqual([{ name: 'older', ...unknown }]);
    expect(workers?.map(({ name }) => name)).not.toContain('dead');
  });

  test('of a key that is bound to tenants has these alone, and nothing of the installation', async () => {
    const client = await clientOf(['acme', 'initech']);

    const found = await client.overview.get();
    const one = await client.overview.get({ tenant: 'acme' });

    expect(found.tenants.map(({ id }) => id)).toEqual(['acme', 'initech']);
    expect(one.tenants.map(({ id }) => id)).toEqual(['acme']);
    expect([found.workers, found.relay, found.redis]).toEqual([null, null, null]);
    expect(JSON.stringify(found)).not.toContain('globex');
    await expect(client.overview.get({ tenant: 'globex' })).rejects.toMatchObject({ status: 404 });
  });
});

test('the stream sends overviews, and any number of callers share one snapshot', async () => {
  const client = await clientOf();
  const { at: before } = await client.overview.get();
  const fresh = await overviewWith('all', ({ at }) => at !== before);
  const streams = [
    client.overview.events(),
    client.overview.events({ tenant: 'acme' }),
    client.overview.events(),
  ];
  const firsts = await Promise.all(streams.map((events) => events.next()));
  const setsBefore = await setsRead(system);

  const seconds = await Promise.all(streams.map((events) => events.next()));

  const momentsOf = (results: typeof firsts) => new Set(results.map(({ value }) => value?.at));
  expect(momentsOf(firsts)).toEqual(new Set([fresh.at]));
  expect(momentsOf(seconds).size).toBe(1);
  expect([...momentsOf(seconds)]).not.toContain(fresh.at);
  expect(seconds[1]?.value?.tenants.map(({ id }) => id)).toEqual(['acme']);
  expect((await setsRead(system)) - setsBefore).toBe(SETS_OF_A_SNAPSHOT);
  await Promise.all(streams.map((events) => events.return()));
});

/** How often Redis was asked for a whole set. */
async function setsRead({ client }: System): Promise<number> {
  return Number(/cmdstat_smembers:calls=(\d+)/.exec(await client.info('commandstats'))?.[1] ?? 0);
}

/** The workers, and those with counts in each of five quarters of an hour. */
const SETS_OF_A_SNAPSHOT = 6;

describe('the series', () => {
  test('are those of the tenants of the key', async () => {
    const [ofAll, ofTwo, ofOne] = await Promise.all(
      (['all', ['acme', 'globex'], ['acme']] as const).map(async (tenants) =>
        (await clientOf(tenants)).overview.series('1h'),
      ),
    );
    const accepted = (series: typeof ofAll) =>
      series?.points.reduce((sum, { counts }) => sum + counts.accepted, 0);

    expect([accepted(ofAll), accepted(ofTwo), accepted(ofOne)]).toEqual([3, 3, 1]);
    expect(ofAll?.kinds.map(({ kind }) => kind)).toEqual(['message-transmission', 'card-delivery']);
  });

  test('of a tenant have points over an hour, a day and a week; another stretch of time is refused', async () => {
    const client = await clientOf(['acme']);

    const lengths = await Promise.all(
      (['1h', '24h', '7d'] as const).map(
        async (over) => (await client.tenants.series('acme', over)).points.length,
      ),
    );

    expect(lengths).toEqual([61, 97, 169]);
    await expect(client.tenants.series('acme', '2d' as '7d')).rejects.toMatchObject({
      code: 'PARAMETERS_INVALID',
    });
    await expect(client.tenants.series('globex', '1h')).rejects.toMatchObject({ status: 404 });
  });
});
