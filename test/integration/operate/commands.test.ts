import { hostname, userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { runGwm, startWorker } from '../../support/gwm.ts';
import { openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const WHO = { by: `cli:${userInfo().username}`, host: hostname() };

/** The audit records on their way to the store. No worker moves them. */
async function recordsOf({ client, keys }: System): Promise<Record<string, unknown>[]> {
  const entries = await client.xrange(keys.auditStream(0), '-', '+');
  return entries.map(([, [, text = '']]) => JSON.parse(text) as Record<string, unknown>);
}

test.for<[args: string[], code: number, records: object[]]>([
  [
    ['pause', 'acme', '--for', '1m'],
    0,
    [{ tenantId: 'acme', action: 'tenant.paused', status: 'done', details: { ...WHO, subject: 'acme' } }],
  ],
  [
    ['jobs', 'retry', '--tenant', 'acme', '--kind', 'card-delivery'],
    0,
    [
      { tenantId: 'acme', action: 'jobs.retried', status: 'begun' },
      { tenantId: 'acme', action: 'jobs.retried', status: 'nothing', details: { ...WHO, count: 0 } },
    ],
  ],
  [['jobs', 'retry', '--tenant', 'acme', '--dry-run'], 0, []],
  [
    ['webhooks', 'test', 'https://169.254.169.254/?token=SECRET', '--tenant', 'acme'],
    2,
    [{ tenantId: 'acme', action: 'endpoint.tested', status: 'refused', details: { reason: 'forbidden' } }],
  ],
  [
    ['audit', 'schedule', '--tenant', 'acme', '--organizations', 'o1', '--every', '15m'],
    0,
    [{ tenantId: 'acme', action: 'schedule.set', status: 'done', details: { ...WHO, everyMs: 900_000 } }],
  ],
  [
    ['audit', 'schedule', '--tenant', 'acme', '--off'],
    3,
    [{ tenantId: 'acme', action: 'schedule.removed', status: 'nothing' }],
  ],
])('gwm %s leaves its records', async ([args, code, records]) => {
  const system = await openSystem();

  const finished = await runGwm(args, { env: system.environment });

  expect(finished.code, finished.stderr).toBe(code);
  const found = await recordsOf(system);
  expect(found).toMatchObject(records);
  expect(JSON.stringify(found)).not.toContain('SECRET');
});

test('a signal that reloads the tenants of a worker leaves a record', async () => {
  const system = await openSystem();
  const worker = await startWorker(system);

  worker.kill('SIGHUP');

  const args = ['audit', 'export', '--tenant', '_installation'];
  const exported = async () => (await runGwm(args, { env: system.environment })).stdout;
  const text = await waitFor(async () => (await exported()) || undefined, { what: 'the record' });
  expect(JSON.parse(text)).toMatchObject({
    action: 'tenants.reloaded',
    status: 'done',
    details: { by: 'signal:SIGHUP', host: hostname(), subject: 'tenants', tenants: 1, issues: 0 },
  });
});
