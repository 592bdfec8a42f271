import { describe, expect, test } from 'vitest';
import { createClient } from '../../../src/client/client.ts';
import { startWorker } from '../../support/gwm.ts';
import { message, openSystem, PATIENT } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { openServer } from './stage.ts';

async function stage() {
  // An answer that comes late on a loaded machine would count as a retry.
  const system = await openSystem({ tenants: ['acme', 'globex'], environment: PATIENT });
  const server = await openServer(system);
  const client = createClient({ baseUrl: server.url, apiKey: await server.keys.make({ tenants: ['acme'] }) });
  const windows = async () => (await client.tenants.get('acme')).windows;
  return { system, client, windows };
}

describe('the windows of a tenant', () => {
  test('have the messages that a worker delivered, and those that Genesys Cloud refused', async () => {
    const { system, client, windows } = await stage();
    await startWorker(system);
    for (let sent = 0; sent < 3; sent++) await client.messages.send(message());
    await waitFor(async () => (await windows()).hour.counts.delivered === 3, { what: 'the deliveries' });
    await system.sandbox.inject({
      operations: { 'message.send': { errors: [{ status: 400, rate: 1 }] } },
    });
    await client.messages.send(message());

    const { hour, day } = await waitFor(
      async () => {
        const found = await windows();
        // The windows are read one after the other, and a worker may write in between.
        return found.hour.counts.failed === 1 && found.day.counts.failed === 1 && found;
      },
      { what: 'the failure' },
    );

    const counts = { accepted: 4, delivered: 3, failed: 1, expired: 0, held: 0, retry: 0, throttled: 0 };
    expect(hour).toMatchObject({ counts, deliveryRate: 75, successRate: 75 });
    expect(day).toMatchObject({ counts, deliveryRate: 75, successRate: 75 });
    expect(hour.latency?.p50).toBeGreaterThan(0);
    expect(hour.jobLatency?.p50).toBeGreaterThanOrEqual(hour.latency?.p50 ?? Number.NaN);
  });

  test('have a 429 apart, and what a worker counted just before it stopped', async () => {
    const { system, client, windows } = await stage();
    const worker = await startWorker(system);
    await system.sandbox.inject({
      operations: { 'message.send': { errors: [{ status: 429, rate: 1, times: 1, retryAfterSeconds: 1 }] } },
    });
    const { id } = await client.messages.send(message());
    await system.ended(id);

    worker.kill('SIGTERM');
    await worker.exit;

    const { hour } = await windows();
    expect(hour.counts).toMatchObject({ accepted: 1, delivered: 1, retry: 0, throttled: 1 });
    expect(hour.deliveryRate).toBe(100);
  });

  test('are empty for a tenant without jobs', async () => {
    const { windows } = await stage();

    const { minute } = await windows();

    expect(minute).toMatchObject({
      counts: { accepted: 0, delivered: 0 },
      deliveryRate: null,
      successRate: null,
      latency: null,
      jobLatency: null,
    });
    expect(Date.parse(minute.to) - Date.parse(minute.from)).toBeGreaterThanOrEqual(60_000);
    expect(Date.parse(minute.to) - Date.parse(minute.from)).toBeLessThan(70_000);
  });
});
