import { expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { openTestCluster } from '../../support/redis-cluster.ts';
import { openSystem, PATIENT } from '../../support/system.ts';
import { startFlood } from './flood.ts';

/** With three partitions one tenant is in each. */
const TENANTS = ['globex', 'acme', 'hooli'];

test('on a Redis Cluster a raise moves tenants to other masters while messages flow', async () => {
  const cluster = await openTestCluster();
  const system = await openSystem({
    redis: { url: cluster.url, prefix: 'own' },
    tenants: TENANTS.map((id) => ({ id, limit: { capacity: 300, ratePerSecond: 300 } })),
    environment: PATIENT,
  });
  await startWorker(system);
  const flood = startFlood(system, [system.openProducer(), system.openProducer()], {
    tenantIds: TENANTS,
    batch: 6,
  });
  await flood.more(20);

  const raised = await runCommand(['partitions', 'raise', '3'], { env: system.environment });
  expect(raised, raised.stderr).toMatchObject({ code: 0 });
  await flood.more(20);

  const count = await flood.end();
  expect(system.sandbox.stats()).toMatchObject({ accepted: count, duplicates: 0, outOfOrder: 0 });
  const shown = await runCommand(['partitions', '--json'], { env: system.environment });
  const lines = shown.stdout
    .split('\n')
    .map((line) => JSON.parse(line) as { partition: number; tenants: string[]; node: string; slot: number });
  expect(lines.map(({ tenants }) => tenants.length)).toEqual([1, 1, 1]);
  expect(new Set(lines.map(({ node }) => node)).size).toBeGreaterThan(1);
  for (const { partition, node } of lines) {
    const master = await cluster.masterOf(system.keys.ownOf(partition));
    expect(node).toBe(`127.0.0.1:${master.port}`);
  }
});
