import { describe, expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { message, openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const TENANTS = [
  { id: 'acme', limit: { capacity: 100, ratePerSecond: 100 } },
  { id: 'globex', limit: { capacity: 60, ratePerSecond: 40 } },
  { id: 'initech', limit: { capacity: 200, ratePerSecond: 200 } },
];
/**
 * On a busy machine a late answer must not count as lost, because the worker would send the message
 * again.
 */
const PATIENT = { REQUEST_TIMEOUT: '10s', LOCK_DURATION: '30s' };
/**
 * The concurrency limit of all tenants together, `inFlight` by default. A killed worker had at most
 * this number of requests.
 */
const IN_FLIGHT = TENANTS.reduce((sum, { limit }) => sum + Math.max(10, 2 * limit.ratePerSecond), 0);
const PER_TENANT = 300;
const CONVERSATIONS = 25;

describe('three replicas and three tenants with their own limits', () => {
  test('send each message once, in order, and get no 429', async () => {
    const system = await openSystem({ tenants: TENANTS, environment: PATIENT });
    await system.sandbox.inject({ operations: { 'message.send': { latencyMs: { min: 0, max: 30 } } } });
    await startReplicas(system);

    await enqueueAll(system);
    await untilAllAccepted(system);

    expect(system.sandbox.stats()).toMatchObject({
      accepted: TENANTS.length * PER_TENANT,
      outOfOrder: 0,
      duplicates: 0,
      rateLimited: 0,
      unauthorized: 0,
      rejected: 0,
    });
    const { byTenant } = system.sandbox.stats();
    expect(TENANTS.map(({ id }) => byTenant[id]?.accepted)).toEqual(TENANTS.map(() => PER_TENANT));
  });

  test('get a 429 only in the bucket that another program shares', async () => {
    const system = await openSystem({ tenants: TENANTS, environment: { ...PATIENT, JOB_RETRY_FOR: '0s' } });
    await system.sandbox.inject({ foreignLoad: [{ tenant: 'globex', class: 'messages', perSecond: 200 }] });
    await startReplicas(system);

    await enqueueAll(system);
    await waitFor(() => (system.sandbox.stats().byTenant['globex']?.rateLimited ?? 0) > 0, { what: 'a 429' });
    await system.sandbox.inject({});
    await untilAllAccepted(system);

    const { byTenant, outOfOrder, duplicates } = system.sandbox.stats();
    expect({ outOfOrder, duplicates }).toEqual({ outOfOrder: 0, duplicates: 0 });
    expect([byTenant['acme']?.rateLimited, byTenant['initech']?.rateLimited]).toEqual([0, 0]);
  });

  test('continue in order after one is killed and another starts, and resend only messages under way', async () => {
    const system = await openSystem({
      tenants: TENANTS,
      environment: { REQUEST_TIMEOUT: '2s', LOCK_DURATION: '4s' },
    });
    await system.sandbox.inject({ operations: { 'message.send': { latencyMs: 50 } } });
    const [victim] = await startReplicas(system);

    await enqueueAll(system);
    await waitFor(() => system.sandbox.stats().accepted > 100, { what: 'a hundred messages' });
    victim?.kill('SIGKILL');
    await Promise.all([victim?.exit, startWorker(system)]);
    await untilAllAccepted(system);

    const { outOfOrder, duplicates, rateLimited } = system.sandbox.stats();
    expect({ outOfOrder, rateLimited }).toEqual({ outOfOrder: 0, rateLimited: 0 });
    expect(duplicates).toBeLessThanOrEqual(IN_FLIGHT);
  });
});

async function startReplicas(system: System) {
  return await Promise.all([startWorker(system), startWorker(system), startWorker(system)]);
}

/** Enqueues the messages of all tenants, in turns of tenant and conversation. */
async function enqueueAll(system: System): Promise<void> {
  const entries = Array.from({ length: PER_TENANT }, (_, index) =>
    TENANTS.map(({ id }) => message({ tenantId: id, conversationId: `${id}-${index % CONVERSATIONS}` })),
  );
  await system.openProducer().enqueueMany(KIND, entries.flat());
}

async function untilAllAccepted({ sandbox }: System): Promise<void> {
  const total = TENANTS.length * PER_TENANT;
  const different = () => sandbox.stats().accepted - sandbox.stats().duplicates;
  await waitFor(() => different() === total, { what: `${total} messages` });
}
