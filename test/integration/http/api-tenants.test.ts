import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { endpointIdOf } from '../../../src/webhooks/endpoint-id.ts';
import { createEndpoints, endpointSettings } from '../../../src/webhooks/endpoints.ts';
import { openReceiver } from '../../support/receiver.ts';
import { openSystem } from '../../support/system.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

const TENANTS = ['acme', 'globex'];

async function stage() {
  const system = await openSystem({ tenants: TENANTS });
  const server = await openServer(system);
  const call = callerOf(server.url, await server.keys.make({ tenants: ['acme'] }));
  return { system, call, ...server };
}

describe('tenants', () => {
  test('are those of the key', async () => {
    const { call, url, keys } = await stage();

    const own = await call('/v1/tenants');
    const all = await callerOf(url, await keys.make())('/v1/tenants');

    expect(own.body).toEqual({ tenants: [{ id: 'acme', self: '/v1/tenants/acme' }] });
    expect(all.body.tenants).toHaveLength(2);
  });

  test('are shown without secrets', async () => {
    const { system, call } = await stage();

    const { status, body } = await call('/v1/tenants/acme');

    expect(status).toBe(200);
    expect(body).toMatchObject({ id: 'acme', buckets: { messages: { pausedUntil: null, lanesWaiting: 0 } } });
    const text = JSON.stringify(body);
    for (const secret of [system.secretOf('acme'), 'CLIENT_SECRET', 'client-4711']) {
      expect(text).not.toContain(secret);
    }
  });

  test('are paused and resumed, which the audit records', async () => {
    const { call, acts } = await stage();

    const paused = await call('/v1/tenants/acme/pause', { body: { for: '10m', reason: 'maintenance' } });
    const during = await call('/v1/tenants/acme');
    const resumed = await call('/v1/tenants/acme/resume', { method: 'POST' });
    const after = await call('/v1/tenants/acme');

    expect([paused.status, resumed.status]).toEqual([200, 200]);
    expect(paused.body).toEqual({ id: 'acme', buckets: ['messages', 'cards', 'platform'] });
    expect(during.body.buckets.messages).toMatchObject({ pausedFor: 'maintenance' });
    expect(after.body.buckets.messages).toMatchObject({ pausedFor: null, pausedUntil: null });
    const who = { by: expect.stringMatching(/^k_/), keyName: 'test' };
    expect(acts).toMatchObject([
      { ...who, action: 'tenant.paused', details: { bucket: null, forMs: 600_000 } },
      { ...who, action: 'tenant.resumed', details: { bucket: null } },
    ]);
  });

  test.for([
    ['#/for', { for: '10 days' }],
    ['#/for', {}],
    ['#/reason', { for: '1m', reason: '' }],
    ['#', { for: '1m', until: 'tomorrow' }],
  ] as const)('are not paused by a wrong body: %s', async ([pointer, body]) => {
    const { call, acts } = await stage();

    const { status, body: problem } = await call('/v1/tenants/acme/pause', { body });

    expect([status, problem.code]).toEqual([422, 'REQUEST_INVALID']);
    expect(problem.errors).toEqual([{ pointer, detail: expect.any(String) }]);
    expect(acts).toEqual([]);
  });

  test.for([
    ['GET', ''],
    ['POST', '/pause'],
    ['POST', '/resume'],
  ] as const)('of another key are unknown: %s %s', async ([method, path]) => {
    const { call } = await stage();
    const body = path === '/pause' ? { body: { for: '1m' } } : {};

    const foreign = await call(`/v1/tenants/globex${path}`, { method, ...body });
    const unknown = await call(`/v1/tenants/nowhere${path}`, { method, ...body });

    expect([foreign.status, foreign.body]).toEqual([404, unknown.body]);
  });

  test('are read again by a key for all tenants', async () => {
    const { system, call, url, keys, acts } = await stage();
    await system.writeTenants(['acme']);
    const admin = callerOf(url, await keys.make());

    const refused = await call('/v1/tenants/reload', { method: 'POST' });
    const { status, body } = await admin('/v1/tenants/reload', { method: 'POST' });

    expect([refused.status, refused.body.code]).toEqual([403, 'KEY_SCOPE_MISSING']);
    expect([status, body]).toEqual([
      200,
      {
        tenants: 1,
        issues: [],
        isComplete: true,
        processes: [
          {
            process: expect.any(String),
            command: 'serve',
            status: 'reloaded',
            tenants: 1,
            errors: 0,
            isSameFile: true,
          },
        ],
      },
    ]);
    expect((await admin('/v1/tenants/globex')).status).toBe(404);
    expect(acts).toMatchObject([
      { by: expect.stringMatching(/^k_/), action: 'tenants.reloaded', subject: 'tenants', tenants: 'all' },
    ]);
  });

  test('that cannot be read again leave a record of it', async () => {
    const { system, url, keys, acts } = await stage();
    await writeFile(system.config.tenantsFile, '[]');

    const { status } = await callerOf(url, await keys.make())('/v1/tenants/reload', { method: 'POST' });

    expect(status).toBe(409);
    expect(acts).toMatchObject([
      { action: 'tenants.reloaded', status: 'failed', details: { error: 'failed' } },
    ]);
  });
});

describe('webhooks', () => {
  test('list no endpoint of another tenant', async () => {
    const { call } = await stage();

    expect((await call('/v1/webhooks/endpoints')).body).toEqual({ endpoints: [] });
    expect((await call('/v1/webhooks/endpoints?tenant=globex')).status).toBe(404);
    expect((await call('/v1/webhooks/endpoints/ep-none')).status).toBe(404);
    expect((await call('/v1/webhooks/callbacks/wh-none/attempts')).status).toBe(404);
  });

  test.for([
    ['GET', ''],
    ['POST', '/enable'],
    ['POST', '/replay'],
  ] as const)('show no endpoint of another tenant by its id: %s %s', async ([method, path]) => {
    const { system, call, url, keys } = await stage();
    const { client, keys: names, config, queues } = system;
    const settings = endpointSettings(config);
    const endpoints = createEndpoints({ client, keys: names, worker: 'w', wake: queues.wake, ...settings });
    const receiver = 'https://crm.globex.example/callbacks';
    await endpoints.enter({ tenantId: 'globex', jobId: 'w1', url: receiver, run: 1 });
    const address = `/v1/webhooks/endpoints/${endpointIdOf('globex', receiver)}${path}`;
    const options = path === '/replay' ? { body: { since: '2026-03-01T09:30:00Z' } } : { method };

    const foreign = await call(address, options);
    const own = await callerOf(url, await keys.make({ tenants: ['globex'] }))(address, options);

    expect([foreign.status, foreign.body.code]).toEqual([404, 'RESOURCE_UNKNOWN']);
    expect([200, 202]).toContain(own.status);
  });

  test('test a receiver with a signed event, by the rules of the tenant', async () => {
    const receiver = await openReceiver();
    const spec = { id: 'acme', callback: {} };
    const system = await openSystem({ tenants: [spec] });
    const { url, keys } = await openServer(system);
    const call = callerOf(url, await keys.make({ tenants: ['acme'] }));

    const sent = await call('/v1/webhooks/test', { body: { url: receiver.url } });
    const refused = await call('/v1/webhooks/test', { body: { url: 'https://169.254.169.254/' } });

    expect([sent.status, sent.body]).toEqual([200, expect.objectContaining({ outcome: 'delivered' })]);
    expect(refused.status === 422 || refused.body.outcome === 'forbidden').toBe(true);
  });
});
