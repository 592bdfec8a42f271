import { describe, expect, test } from 'vitest';
import { openAuditStore } from '../../../../src/audit/open-store.ts';
import type { StoredRecord } from '../../../../src/audit/store.ts';
import { configurationRollout } from '../../../support/guides/configuration.ts';
import { startWorker } from '../../../support/gwm.ts';
import { openSystem, type System } from '../../../support/system.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { setPlatformStage } from './organizations-stage.ts';

const stage = setPlatformStage();
const KIND = 'config-rollout';

/** A record of the sandbox. */
interface Noted {
  readonly id: string;
  readonly serviceName: string;
  readonly entityType: string;
  readonly action: string;
  readonly entity: { readonly id: string };
}

describe('after a rollout to organizations of the platform', () => {
  test('the store of each has the record of every change, once', async () => {
    const [a, b] = stage.tenants;
    await prepare(a, b);

    const { state, result } = await rollOut([a, b]);

    expect({ state, result }).toMatchObject({
      state: 'completed',
      result: { updated: 2, audit: { status: 'found', found: 2, missing: 0, missingOrganizations: [] } },
    });
    for (const tenant of [a, b]) {
      const noted = await notedBy(tenant);
      expect(noted.map(({ serviceName, entityType, action }) => [serviceName, entityType, action])).toEqual([
        ['WebDeployments', 'Configuration', 'Update'],
        ['WebDeployments', 'Configuration', 'Publish'],
        ['WebDeployments', 'Deployment', 'Update'],
      ]);
      expect(noted.map(({ entity }) => entity.id)).toEqual([
        `conf-${tenant}`,
        `conf-${tenant}`,
        `dep-${tenant}`,
      ]);
      const stored = await storedIn(stage.system, tenant);
      expect(stored.map(({ id }) => id).sort()).toEqual(noted.map(({ id }) => id).sort());
      expect(stored.map(({ action }) => action)).toContain('WebDeployments:Configuration:Publish');
    }
  });

  test('an audit sync finds the records, and they are known already', async () => {
    const [a, b] = stage.tenants;
    await prepare(a, b);
    await rollOut([a, b]);

    const { result } = await stage.run('audit-sync', {
      organizationIds: [a, b],
      actions: ['WebDeployments'],
      from: new Date(Date.now() - 600_000).toISOString(),
    });

    expect(result).toMatchObject({ organizations: 2, read: 6, added: 0, known: 6, failed: 0 });
  });

  test('records that come late are waited for', async () => {
    const [a, b] = stage.tenants;
    await stage.settings({ audits: { visibleAfterMs: 1500 } });
    await prepare(a, b);

    const { result } = await rollOut([a, b]);

    expect(result).toMatchObject({ audit: { status: 'found', found: 2 } });
    expect((await stage.system.sandbox.requests('platform.audit.start', a)).length).toBeGreaterThan(1);
  });

  test('records that do not come are reported, and the rollout is completed', async () => {
    const [a, b] = stage.tenants;
    await stage.settings({ audits: { visibleAfterMs: 60_000 } });
    await prepare(a, b);

    const { result } = await rollOut([a, b]);

    expect(result).toMatchObject({
      status: 'completed',
      audit: { status: 'missing', found: 0, missing: 2, missingOrganizations: [a, b] },
    });
  });

  test('a rollout that changes nothing looks for nothing', async () => {
    const [a, b] = stage.tenants;
    await prepare(a, b);
    await rollOut([a, b]);
    const before = (await stage.system.sandbox.requests('platform.audit.start')).length;

    const { result } = await rollOut([a, b]);

    expect(result).toMatchObject({ unchanged: 2, audit: { status: 'not-wanted' } });
    expect(await stage.system.sandbox.requests('platform.audit.start')).toHaveLength(before);
  });

  test('the records of its rollback are read back too', async () => {
    const [a, b] = stage.tenants;
    await prepare(a, b);
    const { jobId } = await rollOut([a, b]);

    const { result } = await stage.run(KIND, { rollback: jobId });

    expect(result).toMatchObject({ updated: 2, audit: { status: 'found', found: 2 } });
    expect(await storedIn(stage.system, a)).toHaveLength((await notedBy(a)).length);
  });

  test('the records of a rollback that moves deployments alone are read back too', async () => {
    const [a] = stage.tenants;
    await prepare(a);
    await rollOut([a], []);
    const { jobId, result: pinned } = await rollOut([a]);
    expect(pinned).toMatchObject({
      organizations: [
        { deployments: [{ before: { version: '1' }, after: { id: `conf-${a}`, version: '2' } }] },
      ],
    });

    const { result } = await stage.run(KIND, { rollback: jobId });

    expect(result).toMatchObject({
      audit: { status: 'found', found: 1 },
      organizations: [
        {
          versionBefore: 2,
          versionAfter: 2,
          deployments: [{ before: { version: '2' }, after: { version: '1' } }],
        },
      ],
    });
    expect(await storedIn(stage.system, a)).toHaveLength((await notedBy(a)).length);
  });
});

const WITHOUT_AUDITS = [
  'webDeployments:configuration:view',
  'webDeployments:configuration:add',
  'webDeployments:configuration:edit',
];

test('a client that may not read audit records rolls out, and the tenant does not pause', async () => {
  const system = await openSystem({
    tenants: [{ id: 'acme', dialect: 'platform', permissions: WITHOUT_AUDITS }],
  });
  await startWorker(system);
  const rollout = configurationRollout({
    tenantId: 'acme',
    organizationIds: ['acme'],
    ignoreUnsupported: true,
  });
  const { jobIds } = await system.openProducer().enqueue(KIND, rollout);

  expect(await system.ended(jobIds[0], { kind: KIND })).toMatchObject({
    state: 'completed',
    result: { status: 'completed', audit: { status: 'not-permitted', missingOrganizations: ['acme'] } },
  });
  const bucket = { tenantId: 'acme', bucketClass: 'platform' } as const;
  expect(await system.flow.status(bucket)).toMatchObject({ pausedForMs: 0 });
});

test('a worker that is killed during the look leaves it to another one', async () => {
  const system = await openSystem({
    tenants: [{ id: 'acme', dialect: 'platform' }],
    environment: { REQUEST_TIMEOUT: '500ms', LOCK_DURATION: '1s', AUDIT_READ_BACK_TIMEOUT: '30s' },
  });
  await system.sandbox.inject({ operations: { 'platform.audit.read': { hang: 1 } } });
  const victim = await startWorker(system);
  const rollout = configurationRollout({
    tenantId: 'acme',
    organizationIds: ['acme'],
    ignoreUnsupported: true,
  });
  const { jobIds } = await system.openProducer().enqueue(KIND, rollout);
  await waitFor(async () => (await system.sandbox.requests('platform.audit.read')).length > 0, {
    what: 'a look at the query',
  });
  victim.kill('SIGKILL');
  await victim.exit;
  await system.sandbox.inject({});
  await startWorker(system);

  expect(await system.ended(jobIds[0], { kind: KIND })).toMatchObject({
    result: { audit: { status: 'found' } },
  });
});

/** A configuration with a deployment in each tenant. */
async function prepare(...tenants: string[]): Promise<void> {
  for (const tenant of tenants) {
    await stage.setConfiguration(tenant, `conf-${tenant}`);
    await stage.setDeployment(tenant, `dep-${tenant}`, `conf-${tenant}`);
  }
}

async function rollOut(organizationIds: string[], deployments = ['Shop']) {
  const fields = { organizationIds, deployments, replicate: false, ignoreUnsupported: true };
  const { tenantId: _own, ...rollout } = configurationRollout(fields) as { tenantId?: string };
  return await stage.run(KIND, rollout);
}

async function notedBy(tenant: string): Promise<Noted[]> {
  return (await stage.system.sandbox.platform('GET', `/audits?tenant=${tenant}`)) as Noted[];
}

async function storedIn({ config }: System, tenantId: string): Promise<StoredRecord[]> {
  const store = await openAuditStore(config.auditDatabaseUrl);
  const records: StoredRecord[] = [];
  for await (const record of store.read({ tenantId })) if (record.source === 'genesys') records.push(record);
  await store.close();
  return records;
}
