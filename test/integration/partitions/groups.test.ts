import { expect, test } from 'vitest';
import { partitionOf } from '../../../src/core/ids.ts';
import { createLayoutChanges } from '../../../src/redis/layout-store.ts';
import { startGwm, startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { message, openSystem, PATIENT, type System, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { dies, move, moveUpTo, openProcess } from './stage.ts';

const KIND = 'message-transmission';
const LIMIT = { capacity: 5, ratePerSecond: 50 };
const NAMES = ['acme', 'globex', 'hooli', 'initech', 'umbrella'];
const [IN_FIRST = '', IN_SECOND = ''] = [0, 1].map((place) =>
  NAMES.find((id) => partitionOf(id, 2) === place),
);

/** Two tenants in two partitions that are to share a limit from now on: workers refuse such a file. */
async function openApart(jobs: number): Promise<System> {
  const tenants = (more: object) => [IN_FIRST, IN_SECOND].map((id) => ({ id, limit: { ...LIMIT, ...more } }));
  const system = await openSystem({ tenants: tenants({}), environment: { ...PATIENT, PARTITIONS: '2' } });
  await system.openProducer().enqueueMany(KIND, inputs(jobs));
  await system.writeTenants(tenants({ sharedAs: 'org' }));
  return system;
}

const inputs = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    message({ tenantId: IN_SECOND, conversationId: 'x', body: text(`m ${n}`), idempotencyKey: `k-${n}` }),
  );

test('the partner of a tenant moves to where the tenant is', async () => {
  const system = await openApart(0);

  const moved = await runCommand(['partitions', 'move', IN_SECOND, '--to', '1'], { env: system.environment });

  expect(moved, moved.stderr).toMatchObject({ code: 0 });
  const { keys } = await openProcess(system);
  expect([IN_FIRST, IN_SECOND].map(keys.layout.aroundOf)).toEqual([[1], [1]]);
});

test('tenants of two partitions move to a third one with their jobs', async () => {
  const system = await openSystem({
    tenants: [IN_FIRST, IN_SECOND].map((id) => ({ id, limit: LIMIT })),
    environment: { ...PATIENT, PARTITIONS: '2' },
  });
  await startWorker(system);
  const bucket = { tenantId: IN_SECOND, bucketClass: 'messages' } as const;
  await system.flow.pause(bucket, 600_000, 'by hand');
  await system.openProducer().enqueueMany(KIND, inputs(10));
  await system.writeTenants(
    [IN_FIRST, IN_SECOND].map((id) => ({ id, limit: { ...LIMIT, sharedAs: 'org' } })),
  );

  const env = system.environment;
  const mover = startGwm(['partitions', 'move', IN_FIRST, '--alone', '--json'], { env });
  await mover.line(new RegExp(`"tenantIds":\\["${IN_SECOND}"\\],"from":1,"to":1000,"step":"leaving"`));
  const again = await system.openProducer().enqueueMany(KIND, inputs(11));
  await system.queues.wake(await system.flow.resume(bucket));

  expect(await mover.exit).toMatchObject({ code: 0 });
  expect(again).toMatchObject({ accepted: 1, duplicates: 10 });
  await waitFor(() => system.sandbox.stats().accepted === 11, { what: 'all messages' });
  expect(system.sandbox.stats()).toMatchObject({ accepted: 11, duplicates: 0, outOfOrder: 0 });
});

test('a limit that gets a sharedAs during a move keeps the newer jobs waiting', async () => {
  const limit = { capacity: 1, ratePerSecond: 20 };
  const system = await openSystem({ tenants: [{ id: 'acme', limit }], environment: PATIENT });
  const core = await openProcess(system);
  await createLayoutChanges(core.client, core.keys).addOwn();
  const producer = system.openProducer();
  const some = (name: string, count: number) =>
    Array.from({ length: count }, (_, n) => message({ conversationId: 'a', body: text(`${name} ${n}`) }));
  await producer.enqueueMany(KIND, some('older', 12));
  await moveUpTo(core, 'acme', 1000, 'leaving');
  await producer.enqueueMany(KIND, some('newer', 4));
  await system.writeTenants([{ id: 'acme', limit: { ...limit, sharedAs: 'org' } }]);
  await startWorker(system);
  await waitFor(() => system.sandbox.stats().accepted === 12, { what: 'the older messages' });

  expect(await core.keys.within(1000, () => core.flow.countWaiting('acme'))).toBe(4);
  await move(core, ['acme'], 1000);
  await waitFor(() => system.sandbox.stats().accepted === 16, { what: 'the newer messages' });
  expect(system.sandbox.stats()).toMatchObject({ duplicates: 0, outOfOrder: 0, rateLimited: 0 });
});

test('wherever a move of sharing tenants dies, workers can start', async () => {
  const system = await openSystem({
    tenants: ['acme', 'globex'].map((id) => ({ id, limit: { ...LIMIT, sharedAs: 'org' } })),
    environment: PATIENT,
  });
  await createLayoutChanges(system.client, system.keys).addOwn();
  let apart = 0;
  // Each process sends a few commands more than the one before it.
  for (let deadAt = 1; ; deadAt += 1 + Math.floor(deadAt / 8)) {
    if (!(await dies(system, { tenantIds: ['acme', 'globex'], to: 1000, deadAt }))) break;
    const { keys, close } = await openProcess(system);
    const [acme, globex] = ['acme', 'globex'].map(keys.layout.homeOf);
    await close();
    if (acme !== globex && ++apart === 1) await startWorker(system);
  }
  expect(apart).toBeGreaterThan(0);
});
