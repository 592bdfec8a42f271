import { expect, test } from 'vitest';
import { startGwm, startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { openSystem, PATIENT, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { startFlood } from './flood.ts';

const LIMIT = { capacity: 20, ratePerSecond: 100 };

async function openTwoTenants(environment: Record<string, string> = {}): Promise<System> {
  return await openSystem({
    tenants: ['acme', 'globex'].map((id) => ({ id, limit: LIMIT })),
    environment: { ...PATIENT, ...environment },
  });
}

const once = (count: number) => ({ accepted: count, duplicates: 0, outOfOrder: 0, rateLimited: 0 });

test('a tenant moves while its messages flow: each is delivered once, in order', async () => {
  const system = await openTwoTenants();
  await startWorker(system);
  await startWorker(system);
  const flood = startFlood(system, [system.openProducer(), system.openProducer()], {
    tenantIds: ['acme', 'globex'],
  });
  await flood.more(40);

  const there = await runCommand(['partitions', 'move', 'acme', '--alone'], { env: system.environment });
  expect(there, there.stderr).toMatchObject({ code: 0, stdout: 'acme moved to partition 1000' });
  await flood.more(40);
  const back = await runCommand(['partitions', 'move', 'acme', '--to', '0'], { env: system.environment });
  expect(back, back.stderr).toMatchObject({ code: 0, stdout: 'acme moved to partition 0' });
  await flood.more(40);

  const count = await flood.end();
  expect(system.sandbox.stats()).toMatchObject(once(count));
});

test('a command that is killed in the middle of a move is gone on with by the next one', async () => {
  const system = await openTwoTenants();
  await startWorker(system);
  const flood = startFlood(system, [system.openProducer()], { tenantIds: ['acme', 'globex'] });
  await flood.more(20);

  for (const step of ['leaving', 'closing', 'trailing']) {
    const mover = startGwm(['partitions', 'move', 'acme', '--alone', '--json'], { env: system.environment });
    await mover.line(new RegExp(`"step":"${step}"`));
    mover.kill('SIGKILL');
    await mover.exit;
    const before = flood.delivered('globex');
    await flood.more(20);
    await waitFor(() => flood.delivered('globex') > before + 20, { what: 'deliveries of the other tenant' });
  }
  const end = await runCommand(['partitions', 'move', 'acme', '--alone'], { env: system.environment });

  expect(end, end.stderr).toMatchObject({ code: 0 });
  expect(end.stdout).toMatch(/^acme (moved to|was in) partition 1000/);
  const count = await flood.end();
  expect(system.sandbox.stats()).toMatchObject(once(count));
});

test('the number of partitions is raised while messages flow', async () => {
  const tenantIds = ['acme', 'globex', 'hooli', 'initech'];
  const system = await openSystem({
    tenants: tenantIds.map((id) => ({ id, limit: LIMIT })),
    environment: PATIENT,
  });
  await startWorker(system);
  await startWorker(system);
  const flood = startFlood(system, [system.openProducer(), system.openProducer()], { tenantIds });
  await flood.more(20);

  const raised = await runCommand(['partitions', 'raise', '3'], { env: system.environment });
  expect(raised, raised.stderr).toMatchObject({ code: 0 });
  expect(raised.stdout).toMatch(/^3 partitions, \d tenants moved$/);
  await flood.more(20);

  const count = await flood.end();
  expect(system.sandbox.stats()).toMatchObject(once(count));
  const shown = await runCommand(['partitions', '--json'], { env: system.environment });
  const lines = shown.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { tenants: string[] });
  expect(lines).toHaveLength(3);
  expect(lines.filter(({ tenants }) => tenants.length > 0).length).toBeGreaterThan(1);
});
