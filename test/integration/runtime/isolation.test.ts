import { describe, expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { openReceiver } from '../../support/receiver.ts';
import { message, openSystem, PATIENT, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const BACKLOG = 5_000;

describe('a tenant with a large backlog', () => {
  test('does not hold up another tenant', async () => {
    const system = await openSystem({ tenants: ['acme', 'globex'], environment: PATIENT });
    await enqueueBacklog(system, BACKLOG);
    await startWorker(system);
    await waitFor(() => system.sandbox.stats().accepted > 0, { what: 'the first message' });

    await deliver(system, 'globex');

    expect(system.sandbox.stats().byTenant['acme']?.accepted).toBeLessThan(BACKLOG);
  });
});

describe('a tenant whose Genesys Cloud does not answer', () => {
  test('does not hold up another tenant', async () => {
    const silent = await openReceiver();
    silent.answerWith(...Array.from({ length: 2_000 }, () => undefined));
    const system = await openSystem({
      tenants: [{ id: 'acme', api: silent.url }, 'globex'],
      // No request times out while the test runs.
      environment: { REQUEST_TIMEOUT: '5m', LOCK_DURATION: '10m', WORKER_CONCURRENCY: '400' },
    });
    await startWorker(system);
    await enqueueBacklog(system, 1000);
    await waitFor(() => silent.received.length > 0, { what: 'a request without an answer' });

    await deliver(system, 'globex');

    expect(silent.inHand()).toBe(silent.received.length);
  });
});

async function enqueueBacklog(system: System, count: number): Promise<void> {
  const entries = Array.from({ length: count }, (_, n) => message({ conversationId: `conv-${n}` }));
  await system.openProducer().enqueueMany(KIND, entries);
}

async function deliver(system: System, tenantId: string): Promise<void> {
  const { jobIds } = await system.openProducer().enqueue(KIND, message({ tenantId }));
  expect(await system.ended(jobIds[0], { tenantId })).toMatchObject({
    state: 'completed',
  });
}
