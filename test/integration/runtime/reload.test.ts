import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { onEnd } from '../../support/lifetime.ts';
import { message, openSystem, PATIENT } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const BUCKET = { tenantId: 'acme', bucketClass: 'messages' } as const;

describe('SIGHUP', () => {
  test('adds a new tenant, and the job that waits for it is delivered', async () => {
    const system = await openSystem({
      tenants: ['acme', 'globex'],
      environment: { ...PATIENT, JOB_RETRY_FOR: '1m', BACKOFF_BASE: '100ms', BACKOFF_MAX: '100ms' },
    });
    await system.writeTenants(['acme']);
    const worker = await startWorker(system);
    const { jobIds } = await system.openProducer().enqueue(KIND, message({ tenantId: 'globex' }));
    await worker.line(/TENANT_UNKNOWN/);

    await system.writeTenants(['acme', 'globex']);
    worker.kill('SIGHUP');

    expect(await system.ended(jobIds[0], { tenantId: 'globex' })).toMatchObject({ state: 'completed' });
    expect(system.sandbox.stats().byTenant['globex']?.accepted).toBe(1);
  });

  test('with a wrong file keeps the tenants, and logs the error', async () => {
    const system = await openSystem({ environment: PATIENT });
    const worker = await startWorker(system);
    await writeFile(system.config.tenantsFile, '{"tenants": [{"id": "acme"}]}');

    worker.kill('SIGHUP');

    const line = await worker.line(/tenants file is wrong/);
    expect(JSON.parse(line)).toMatchObject({ reason: expect.stringContaining('tenants[0].dialect') });
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed' });
  });

  test('reads .env as well: a tenant whose secret is there is added, also beside a wrong one', async () => {
    const system = await openSystem({ environment: PATIENT, tenants: ['acme', 'globex', 'initech'] });
    const folder = await mkdtemp(join(tmpdir(), 'gwm-reload-'));
    onEnd(() => rm(folder, { recursive: true, force: true }));
    const envFile = join(folder, 'settings.env');
    await writeFile(envFile, `CLIENT_SECRET_0='${system.secretOf('acme')}'\n`);
    await system.writeTenants(['acme']);
    const { CLIENT_SECRET_0, CLIENT_SECRET_1, CLIENT_SECRET_2, ...environment } = system.environment;
    const worker = await startWorker({ ...system, environment: { ...environment, ENV_FILE: envFile } });

    await writeFile(
      envFile,
      `CLIENT_SECRET_0='${system.secretOf('acme')}'\nCLIENT_SECRET_1='${system.secretOf('globex')}'\n`,
    );
    await system.writeTenants(['acme', 'globex', 'initech']);
    worker.kill('SIGHUP');

    const line = await worker.line(/tenants file is wrong/);
    expect(JSON.parse(line)).toMatchObject({
      issues: [expect.stringContaining('tenants[2].clientSecret: the environment variable CLIENT_SECRET_2')],
    });
    for (const tenantId of ['acme', 'globex']) {
      const { jobIds } = await system.openProducer().enqueue(KIND, message({ tenantId }));
      expect(await system.ended(jobIds[0], { tenantId })).toMatchObject({ state: 'completed' });
    }
  });

  test('ends the pause of a tenant with corrected credentials', async () => {
    const system = await openSystem({ environment: PATIENT, tenants: ['acme'] });
    const folder = await mkdtemp(join(tmpdir(), 'gwm-reload-'));
    onEnd(() => rm(folder, { recursive: true, force: true }));
    const envFile = join(folder, 'settings.env');
    await writeFile(envFile, 'CLIENT_SECRET_0=wrong\n');
    const { CLIENT_SECRET_0, ...environment } = system.environment;
    const worker = await startWorker({ ...system, environment: { ...environment, ENV_FILE: envFile } });
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    await waitFor(
      async () => {
        return (await system.flow.status(BUCKET)).reason === 'credentials-refused';
      },
      { what: 'the pause' },
    );
    // Longer than the test: the pause does not end by itself.
    await system.flow.pause(BUCKET, 3_600_000, 'credentials-refused');

    await writeFile(envFile, `CLIENT_SECRET_0='${system.secretOf('acme')}'\n`);
    worker.kill('SIGHUP');

    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed' });
  });

  test.for([
    { what: 'a permission was missing', status: 403, reason: 'permission-missing' },
    { what: 'an outage opened the circuit', status: 503, reason: 'circuit-open' },
  ])('ends the pause of a tenant that began when $what', async ({ status, reason }) => {
    const system = await openSystem({ environment: { ...PATIENT, JOB_RETRY_FOR: '10m' } });
    const errors = [{ status, rate: 1 }];
    await system.sandbox.inject({
      operations: { 'message.send': { errors }, 'session.read': { errors } },
    });
    const worker = await startWorker(system);
    const entries = Array.from({ length: 8 }, (_, n) => message({ conversationId: `conv-${n}` }));
    await system.openProducer().enqueueMany(KIND, entries);
    await waitFor(async () => (await system.flow.status(BUCKET)).reason === reason, { what: 'the pause' });
    // Longer than the test: the pause does not end by itself.
    await system.flow.pause(BUCKET, 3_600_000, reason);
    // A lane is busy while its job waits for a postponed request, so the lanes give no answer.
    await waitFor(async () => (await system.sandbox.requests()).every(({ status }) => status !== null), {
      what: 'the answers',
    });
    await system.sandbox.inject({});
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    expect(await system.flow.status(BUCKET)).toMatchObject({ reason });

    worker.kill('SIGHUP');

    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed' });
    expect(await system.flow.status(BUCKET)).toMatchObject({ reason: '', pausedForMs: 0 });
  });

  test('keeps the pause of an operator', async () => {
    const system = await openSystem({ environment: PATIENT });
    const worker = await startWorker(system);
    await system.flow.pause(BUCKET, 3_600_000, 'maintenance');
    const { jobIds } = await system.openProducer().enqueue(KIND, message());

    worker.kill('SIGHUP');
    await worker.line(/tenants file read again/);

    const { reason, pausedForMs } = await system.flow.status(BUCKET);
    expect(reason).toBe('maintenance');
    expect(pausedForMs).toBeGreaterThan(0);
    await system.flow.resume(BUCKET).then((wakes) => system.queues.wake(wakes));
    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed', attemptsMade: 1 });
  });

  test('gives a tenant its new limit, also for waiting jobs', async () => {
    const system = await openSystem({
      environment: PATIENT,
      tenants: [{ id: 'acme', limit: { capacity: 60, ratePerSecond: 60 } }],
    });
    await system.writeTenants([{ id: 'acme', limit: { capacity: 1, ratePerSecond: 0.1 } }]);
    const worker = await startWorker(system);
    const entries = Array.from({ length: 40 }, (_, n) => message({ conversationId: `conv-${n}` }));
    await system.openProducer().enqueueMany(KIND, entries);
    await waitFor(async () => (await system.queues.of(KIND, 'acme').getDelayedCount()) >= 38, {
      what: 'the jobs that wait for their reservations',
    });

    await system.writeTenants([{ id: 'acme', limit: { capacity: 60, ratePerSecond: 60 } }]);
    worker.kill('SIGHUP');

    await waitFor(() => system.sandbox.stats().accepted === 40, {
      what: '40 messages at 60 per second',
    });
  });

  test('removes a tenant, and its jobs wait unsent', async () => {
    const system = await openSystem({ environment: PATIENT, tenants: ['acme', 'globex'] });
    const worker = await startWorker(system);
    await system.writeTenants(['globex']);
    worker.kill('SIGHUP');
    await worker.line(/tenants file read again/);

    const { jobIds } = await system.openProducer().enqueue(KIND, message());

    expect(await system.ended(jobIds[0])).toMatchObject({
      state: 'failed',
      failedReason: expect.stringMatching(/^TENANT_UNKNOWN/),
    });
    expect(system.sandbox.stats().accepted).toBe(0);
  });
});
