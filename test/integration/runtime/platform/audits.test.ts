import { describe, expect, test } from 'vitest';
import { openAuditStore } from '../../../../src/audit/open-store.ts';
import type { StoredRecord } from '../../../../src/audit/store.ts';
import { partitionOf } from '../../../../src/core/ids.ts';
import { loadTenants } from '../../../../src/tenants/registry.ts';
import { startWorker } from '../../../support/gwm.ts';
import { openSystem, type System } from '../../../support/system.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { setPlatformStage } from './organizations-stage.ts';

const stage = setPlatformStage();
const KIND = 'audit-sync';
const NOW = Date.now();
const SINCE = { from: at(-3600), to: at(60) };

describe('an audit sync of the platform', () => {
  test('copies every page of every tenant that it names, each with its own credentials', async () => {
    const [a, b, c] = stage.tenants;
    await note(stage.system, a, 7);
    await note(stage.system, b, 3);

    const { state, result } = await sync({ organizationIds: [a, b, c], pageSize: 2 });

    expect({ state, result }).toMatchObject({
      state: 'completed',
      result: { organizations: 3, read: 10, added: 10, known: 0, outOfRange: 0, gaps: [], failed: 0 },
    });
    const stored = await genesysRecords(stage.system, a);
    expect(stored).toHaveLength(7);
    expect(stored[0]).toMatchObject({
      id: `${a}-0`,
      action: 'WebDeployments:Configuration:Update',
      status: 'SUCCESS',
      details: { organizationId: a, entity: { id: 'configuration-1' } },
    });
    expect(await genesysRecords(stage.system, b)).toHaveLength(3);
    const pages = await stage.system.sandbox.requests('platform.audit.results', a);
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  test('reads a page of 500 records of a kilobyte each', async () => {
    const [a] = stage.tenants;
    // The control of the sandbox takes half a megabyte at a time.
    for (const application of ['first', 'second']) {
      await note(stage.system, a, 250, { application, context: { text: 'x'.repeat(1000) } });
    }

    const { result } = await sync({ organizationIds: [a], pageSize: 500 });

    expect(result).toMatchObject({ read: 500, added: 500 });
    expect(await stage.system.sandbox.requests('platform.audit.results', a)).toHaveLength(1);
  });

  test('reads only what it asks for, by service, entity and action in either case', async () => {
    const [a] = stage.tenants;
    await note(stage.system, a, 2);
    await note(stage.system, a, 3, { action: 'Publish' });
    await note(stage.system, a, 4, { entityType: 'Deployment' });

    const { result } = await sync({
      organizationIds: [a],
      actions: ['webdeployments:configuration:publish', 'WebDeployments:Deployment'],
    });

    expect(result).toMatchObject({ read: 9, added: 7, outOfRange: 2 });
  });

  test('names the known ones if a name is unknown', async () => {
    const { failedReason } = await sync({
      organizationIds: [stage.tenants[0]],
      actions: ['WebDeployments:Configuration:Rename'],
    });

    expect(failedReason).toMatch(
      /^JOB_INVALID: actions\[0\]: expected one of the actions of WebDeployments:Configuration: Create, Update, Publish, Delete/,
    );
  });

  test('continues at the end of the last sync, less the overlap', async () => {
    const [a] = stage.tenants;
    await sync({ organizationIds: [a], from: undefined, to: at(-10) });

    await sync({ organizationIds: [a], from: undefined, to: undefined });

    const [, second] = await intervals('platform.audit.start');
    expect(second?.split('/')[0]).toBe(at(-10 - 600));
  });

  test('asks realtime queries of recent times if the job wants that, page by page', async () => {
    const [a] = stage.tenants;
    await note(stage.system, a, 5);

    const { result } = await sync({ organizationIds: [a], mode: 'realtime', pageSize: 2 });

    expect(result).toMatchObject({ read: 5, added: 5 });
    expect(await intervals('platform.audit.realtime')).toHaveLength(3);
    expect(await intervals('platform.audit.start')).toEqual([]);
  });

  test('asks asynchronously what realtime queries do not have', async () => {
    const [a] = stage.tenants;
    await stage.settings({ audits: { realtimeServices: [] } });

    await sync({ organizationIds: [a], mode: 'realtime' });
    await sync({ organizationIds: [a], mode: 'realtime', from: at(-15 * 86_400) });

    expect(await intervals('platform.audit.realtime')).toEqual([]);
    expect(await intervals('platform.audit.start')).toHaveLength(2);
  });

  test.each(['Failed', 'Cancelled'])('asks again if a query ends as %s', async (end) => {
    const [a] = stage.tenants;
    await note(stage.system, a, 3);
    await stage.system.sandbox.platform('PUT', '/audits/queries', { tenant: a, ends: [end, end] });

    const { result } = await sync({ organizationIds: [a] });

    expect(result).toMatchObject({ read: 3, added: 3 });
    expect(await intervals('platform.audit.start')).toHaveLength(3);
  });

  test('asks again from its last record if the result is no longer kept', async () => {
    const [a] = stage.tenants;
    await note(stage.system, a, 4);
    const errors = [{ status: 404, rate: 1, after: 1, times: 1 }];
    await stage.system.sandbox.inject({ operations: { 'platform.audit.results': { errors } } });

    const { result } = await sync({ organizationIds: [a], pageSize: 2 });

    expect(result).toMatchObject({ read: 5, added: 4, known: 1 });
    const starts = (await intervals('platform.audit.start')).map((interval) => interval.split('/')[0]);
    expect(starts).toEqual([SINCE.from, at(-3)]);
  });

  test('is a dead letter after five queries without a result, and a retry asks afresh', async () => {
    const [a] = stage.tenants;
    await note(stage.system, a, 1);
    const ends = Array.from({ length: 5 }, () => 'Failed');
    await stage.system.sandbox.platform('PUT', '/audits/queries', { tenant: a, ends });

    const { jobId, failedReason } = await sync({ organizationIds: [a] });

    expect(failedReason).toMatch(/^GENESYS_REFUSED: audit\.query: the query ended as Failed, 5 times/);
    expect(await stage.system.jobs.retry(KIND, jobId)).toBe('retried');
    const result = async () => (await stage.system.jobs.get(KIND, jobId))?.result;
    await expect.poll(result).toMatchObject({ read: 1, added: 1 });
  });

  test('asks for a long time in intervals, and moves the checkpoint after each of them', async () => {
    const [a] = stage.tenants;
    const from = at(-40 * 86_400);
    const middle = at(-10 * 86_400);
    await stage.settings({ audits: { maxIntervalDays: 30 } });
    await note(stage.system, a, 2, { eventDate: at(-35 * 86_400) });
    await note(stage.system, a, 3);
    const actions = ['WebDeployments:Configuration', 'WebDeployments:Deployment'];

    const { state, result } = await sync({ organizationIds: [a], from, actions });

    expect({ state, result }).toMatchObject({ state: 'completed', result: { read: 5, added: 5, gaps: [] } });
    expect(await intervals('platform.audit.start')).toEqual([`${from}/${middle}`, `${middle}/${SINCE.to}`]);
  });

  test('keeps the checkpoint of the intervals before the one that fails', async () => {
    const [a] = stage.tenants;
    const ends = ['Succeeded', ...Array.from({ length: 5 }, () => 'Failed')];
    await stage.system.sandbox.platform('PUT', '/audits/queries', { tenant: a, ends });

    const first = await sync({ organizationIds: [a], from: at(-40 * 86_400) });
    await sync({ organizationIds: [a], from: undefined, to: undefined });

    expect(first.failedReason).toMatch(/^GENESYS_REFUSED/);
    const last = (await intervals('platform.audit.start')).at(-1);
    expect(last?.split('/')[0]).toBe(at(-10 * 86_400 - 600));
  });

  test('reports the organizations that it could not read, and reads the others', async () => {
    const [a, b] = stage.tenants;
    await note(stage.system, b, 1);
    await stage.system.sandbox.inject({
      operations: { 'platform.audit.services': { errors: [{ status: 403, rate: 1, times: 1 }] } },
    });

    const { result } = await sync({ organizationIds: [a, b] });

    expect(result).toMatchObject({ organizations: 2, failed: 1 });
    expect(JSON.stringify(result)).toContain('PERMISSION_MISSING');
  });

  test.each([
    ['an unknown tenant', 'nothing', 'there is no such tenant'],
    ['a tenant of the guest dialect', 'guest-tenant', 'expected a tenant of the dialect platform'],
  ])('is refused if an organization is %s', async (_, organizationId, message) => {
    const system = await openSystem({
      tenants: [{ id: 'acme', dialect: 'platform' }, { id: 'guest-tenant' }],
    });
    const tenants = loadTenants({
      file: system.config.tenantsFile,
      environment: system.environment,
      requireSecrets: false,
    });
    const producer = system.openProducer({ tenants });
    const data = { tenantId: 'acme', organizationIds: [organizationId] };

    await expect(producer.enqueue(KIND, data)).rejects.toThrow(`organizationIds[0]: ${message}`);

    await startWorker(system);
    const { jobIds } = await system.openProducer().enqueue(KIND, data);
    expect(await system.ended(jobIds[0], { kind: KIND })).toMatchObject({
      failedReason: expect.stringMatching(/^CAPABILITY_UNAVAILABLE: .*organizationIds are tenants/),
    });
  });

  test('of a tenant in another partition is refused by the worker too', async () => {
    const other = ['b', 'c', 'd', 'e', 'f'].find((id) => partitionOf(id, 2) !== partitionOf('acme', 2)) ?? '';
    const system = await openSystem({
      tenants: ['acme', other].map((id) => ({ id, dialect: 'platform' as const })),
      environment: { PARTITIONS: '2' },
    });
    await startWorker(system);

    const data = { tenantId: 'acme', organizationIds: ['acme', other] };
    const { jobIds } = await system.openProducer().enqueue(KIND, data);

    expect(await system.ended(jobIds[0], { kind: KIND })).toMatchObject({
      failedReason: expect.stringMatching(
        /organizationIds\[1\]: expected a tenant in the partition of tenantId/,
      ),
    });
  });

  test('asks as the tenant says if the job says nothing', async () => {
    const platform = { audit: { mode: 'realtime' as const } };
    const system = await openSystem({ tenants: [{ id: 'acme', dialect: 'platform', platform }] });
    await startWorker(system);

    const data = { tenantId: 'acme', organizationIds: ['acme'], ...SINCE };
    const { jobIds } = await system.openProducer().enqueue(KIND, data);

    expect(await system.ended(jobIds[0], { kind: KIND })).toMatchObject({ state: 'completed' });
    expect(await system.sandbox.requests('platform.audit.realtime')).toHaveLength(1);
  });

  test('goes on with its query after the kill of a worker', async () => {
    const system = await openSystem({
      tenants: [{ id: 'acme', dialect: 'platform' }],
      environment: { REQUEST_TIMEOUT: '500ms', LOCK_DURATION: '1s' },
    });
    await note(system, 'acme', 5);
    await system.sandbox.inject({ operations: { 'platform.audit.results': { hang: 1 } } });
    const victim = await startWorker(system);
    const data = { tenantId: 'acme', organizationIds: ['acme'], ...SINCE, pageSize: 2 };
    const { jobIds } = await system.openProducer().enqueue(KIND, data);
    await waitFor(async () => (await system.sandbox.requests('platform.audit.results')).length > 0, {
      what: 'a request for results',
    });
    victim.kill('SIGKILL');
    await victim.exit;
    await system.sandbox.inject({});
    await startWorker(system);

    expect(await system.ended(jobIds[0], { kind: KIND })).toMatchObject({
      result: { read: 5, added: 5, known: 0 },
    });
    expect(await system.sandbox.requests('platform.audit.start')).toHaveLength(1);
  });
});

async function sync(fields: object) {
  return await stage.run(KIND, { ...SINCE, ...fields });
}

/** Records of one tenant, one second apart. */
async function note({ sandbox }: System, tenant: string, count: number, fields: object = {}): Promise<void> {
  const of = Object.values(fields).join('-');
  const records = Array.from({ length: count }, (_, index) => ({
    id: of === '' ? `${tenant}-${index}` : `${tenant}-${of}-${index}`,
    eventDate: at(index - count),
    serviceName: 'WebDeployments',
    action: 'Update',
    entityType: 'Configuration',
    entity: { id: 'configuration-1', name: 'Web chat' },
    status: 'SUCCESS',
    ...fields,
  }));
  await sandbox.platform('POST', '/audits', { tenant, records });
}

/** Seconds from the start of the tests. */
function at(seconds: number): string {
  return new Date(NOW + seconds * 1000).toISOString();
}

async function intervals(operation: string): Promise<string[]> {
  const requests = await stage.system.sandbox.requests(operation, stage.tenants[0]);
  return requests.map(({ body }) => (body as { interval: string }).interval);
}

async function genesysRecords({ config }: System, tenantId: string): Promise<StoredRecord[]> {
  const store = await openAuditStore(config.auditDatabaseUrl);
  try {
    const records: StoredRecord[] = [];
    for await (const record of store.read({ tenantId })) records.push(record);
    return records.filter(({ source }) => source === 'genesys');
  } finally {
    await store.close();
  }
}
