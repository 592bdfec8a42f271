import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { openReceiver } from '../../support/receiver.ts';
import { openSystem, type System } from '../../support/system.ts';

const KIND = 'audit-sync';
const ACTION = 'webchat:configuration:update';
const SKEWED = new URL('../../support/skewed-clock.ts', import.meta.url);
const MINUTE_MS = 60_000;

/** A worker with a wrong clock. */
const startSkewed = (system: System, skewMs: number) =>
  startWorker(system, { NODE_OPTIONS: `--import ${fileURLToPath(SKEWED)}`, CLOCK_SKEW_MS: String(skewMs) }, [
    KIND,
  ]);

async function sync(system: System) {
  const data = { tenantId: 'acme', organizationIds: ['org-1'] };
  const { jobIds } = await system.openProducer().enqueue(KIND, data);
  return await system.ended(jobIds[0], { kind: KIND });
}

function record(id: string, atMs = Date.now()) {
  const timestamp = new Date(atMs).toISOString();
  return { id, timestamp, action: ACTION, organizationId: 'org-1', status: 'success' };
}

test.for([
  ['ahead', 12 * MINUTE_MS],
  ['behind', -12 * MINUTE_MS],
] as const)('a worker whose clock is %s loses no record', async ([, skewMs]) => {
  const system = await openSystem();
  await system.sandbox.addAuditRecord('acme', record('before') as never);
  const skewed = await startSkewed(system, skewMs);
  expect((await sync(system)).result).toMatchObject({ added: 1, gaps: [] });
  skewed.kill();
  await skewed.exit;

  await system.sandbox.addAuditRecord('acme', record('behind the watermark') as never);
  await startWorker(system, {}, [KIND]);

  expect((await sync(system)).result).toMatchObject({ added: 1, known: 1, gaps: [] });
});

test('a checkpoint in the future, from a wrong clock, delays nothing', async () => {
  const system = await openSystem();
  await startWorker(system, {}, [KIND]);
  await sync(system);
  const key = system.keys.auditCheckpoints('acme');
  const [field = ''] = Object.keys(await system.client.hgetall(key));
  const future = new Date(Date.now() + 60 * MINUTE_MS).toISOString();
  await system.client.hset(key, field, future);
  await system.sandbox.addAuditRecord('acme', record('now', Date.now() - 30 * MINUTE_MS) as never);

  expect((await sync(system)).result).toMatchObject({ added: 1, gaps: [] });
  expect(Date.parse((await system.client.hget(key, field)) ?? '')).toBeLessThanOrEqual(Date.now());
});

test('a sync reads up to the time of Genesys Cloud if the clock of Genesys Cloud is behind', async () => {
  const api = await openReceiver();
  const behind = new Date(Date.now() - 5 * MINUTE_MS);
  const body = JSON.stringify({ records: [], page: 1, pageSize: 25, pageCount: 1, total: 0 });
  api.usually({ status: 200, headers: { date: behind.toUTCString() }, body } as never);
  const system = await openSystem({ tenants: [{ id: 'acme', api: api.url }] });
  await startWorker(system, {}, [KIND]);

  expect((await sync(system)).state).toBe('completed');

  const [through = ''] = Object.values(await system.client.hgetall(system.keys.auditCheckpoints('acme')));
  expect(new Date(through).toUTCString()).toBe(behind.toUTCString());
});
