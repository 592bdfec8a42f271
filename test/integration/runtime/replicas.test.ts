import { describe, expect, test } from 'vitest';
import { steady } from '../../support/flow/rate.ts';
import { startWorker } from '../../support/gwm.ts';
import { message, openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const TENANTS = [
  { id: 'acme', limit: steady({ capacity: 100, ratePerSecond: 100 }) },
  { id: 'globex', limit: steady({ capacity: 60, ratePerSecond: 40 }) },
  { id: 'initech', limit: steady({ capacity: 200, ratePerSecond: 200 }) },
];
/**
 * On a busy machine a late answer must not count as lost, because the worker would send the message
 * again.
 */
const PATIENT = { REQUEST_TIMEOUT: '10s', LOCK_DURATION: '30s' };
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
