import { expect, test } from 'vitest';
import { startCounting } from '../../../src/counts/counting.ts';
import { configureBuckets } from '../../../src/queues/buckets.ts';
import type { RedisClient } from '../../../src/redis/connect.ts';
import { createSnapshots, overviewOf } from '../../../src/survey/overview.ts';
import { loadTenants } from '../../../src/tenants/registry.ts';
import { createWebhookRecords } from '../../../src/webhooks/records.ts';
import { createManualClock } from '../../support/clock.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { openSystem } from '../../support/system.ts';

const TENANTS = 1000;
/** Each tenant of the test has three buckets. */
const BUCKETS = 3 * TENANTS;
const BUCKETS_OF_A_SCRIPT = 50;
/** Bytes of one tenant in an overview. */
const MOST_BYTES_OF_TENANT = 1600;

test('an overview of 1,000 tenants costs a bounded number of commands and bytes, and short scripts', async () => {
  const redis = await openOwnRedis();
  const ids = Array.from({ length: TENANTS }, (_, index) => `tenant-${index}`);
  const system = await openSystem({ redis, tenants: ids });
  const { client, keys, flow, environment, config } = system;
  const tenants = loadTenants({ file: config.tenantsFile, environment, requireSecrets: false });
  await configureBuckets({ flow, queues: system.queues, tenants });
  const nowMs = await redisNow(client);
  const counting = startCounting({
    client,
    keys,
    name: 'w1',
    clock: createManualClock(nowMs),
    logger: { warn: () => {} },
    everyMs: 86_400_000,
  });
  const fields = { kind: 'message-transmission', outcome: 'delivered', latencyMs: 300, atMs: nowMs } as const;
  for (const tenantId of ids) counting.count({ ...fields, tenantId, requestMs: 80 });
  await counting.stop();
  const read = createSnapshots({ client, keys, flow, tenants, records: createWebhookRecords(client, keys) });
  await read();
  // The survey of the first snapshot counts for two seconds.
  await client.del(keys.survey());
  await client.config('RESETSTAT');

  const snapshot = await read();

  const commands = await commandsOf(client);
  const overview = overviewOf(snapshot, ids, true);
  expect(overview.total).toMatchObject({ hour: { counts: { delivered: TENANTS }, deliveryRate: 100 } });
  expect(overview.tenants.map(({ id }) => id)).toEqual(ids);
  expect(commands.get('evalsha')).toBe(BUCKETS / BUCKETS_OF_A_SCRIPT);
  // Of each tenant: its waiting jobs, its endpoints, and the hashes of counts that may have changed.
  expect(commands.get('zcount')).toBe(2 * BUCKETS + TENANTS);
  expect(commands.get('hgetall')).toBeLessThanOrEqual(9 * TENANTS + 1);
  const all = [...commands.values()].reduce((sum, calls) => sum + calls, 0);
  expect(all / TENANTS).toBeLessThan(50);
  expect(JSON.stringify(overview).length / TENANTS).toBeLessThan(MOST_BYTES_OF_TENANT);
});

async function redisNow(client: RedisClient): Promise<number> {
  const [seconds] = await client.time();
  return Number(seconds) * 1000;
}

/** How often Redis ran each command since the last reset, those within scripts too. */
async function commandsOf(client: RedisClient): Promise<ReadonlyMap<string, number>> {
  const info = await client.info('commandstats');
  const rows = [...info.matchAll(/^cmdstat_([\w|]+):calls=(\d+)/gm)];
  return new Map(rows.map(([, name = '', calls]) => [name, Number(calls)]));
}
