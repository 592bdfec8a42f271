import { describe, expect, test } from 'vitest';
import { openAuditStore } from '../../../src/audit/open-store.ts';
import type { AuditStore, StoredRecord } from '../../../src/audit/store.ts';
import type { JobInput, JobKind } from '../../../src/jobs/catalog.ts';
import { configurationRollout } from '../../support/guides/configuration.ts';
import { startWorker } from '../../support/gwm.ts';
import { onEnd } from '../../support/lifetime.ts';
import { testDatabase } from '../../support/postgres.ts';
import { openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { organizations } from './rollout-stage.ts';

const ORGANIZATIONS = organizations(30);
/** The rollout, one job for each organization, the replication, and the read-back of records. */
const JOBS = 1 + ORGANIZATIONS.length + 1 + 1;

describe.for([
  { database: 'SQLite', variables: async () => ({}) },
  { database: 'PostgreSQL', variables: async () => ({ AUDIT_DATABASE_URL: (await testDatabase()).url }) },
])('after a rollout, in $database', ({ variables }) => {
  test('the store has each accepted change once, the outcome of each job, and a valid chain', async () => {
    const tenants = [{ id: 'acme', retryFor: '1m' }];
    const environment = { AUDIT_READ_BACK_TIMEOUT: '1m', ...(await variables()) };
    const system = await openSystem({ tenants, environment });
    await system.sandbox.inject({
      operations: { 'configuration.write': { errors: [{ status: 409, rate: 0.1 }] } },
    });
    await Promise.all([startWorker(system), startWorker(system)]);
    await run(system, 'config-rollout', configurationRollout({ organizationIds: ORGANIZATIONS }));
    const changes = await system.sandbox.auditRecords('acme');
    const span = { from: new Date(Date.now() - 600_000).toISOString() };

    const synced = await run(system, 'audit-sync', { ...span, organizationIds: ORGANIZATIONS });

    const store = await openStore(system);
    await waitFor(async () => (await store.count({ source: 'own' })) === JOBS + 1, {
      what: 'our own records',
    });
    const records = await readAll(store);
    const ids = records.filter(({ source }) => source === 'genesys').map(({ id }) => id);
    expect(ids.toSorted()).toEqual(changes.map(({ id }) => String(id)).toSorted());
    expect(changes).toHaveLength(ORGANIZATIONS.length);
    // The rollout has read the records back already.
    expect(synced).toMatchObject({ read: 30, added: 0, known: 30 });
    const own = records.filter(({ action }) => action === 'organization.updated');
    expect(own.map(({ details }) => details['organizationId']).toSorted()).toEqual(ORGANIZATIONS.toSorted());
    expect(await store.verify('acme')).toEqual({ ok: true, records: JOBS + 1 + ORGANIZATIONS.length });
  });
});

async function run(system: System, kind: JobKind, data: object): Promise<unknown> {
  const input = { ...data, tenantId: 'acme' } as JobInput<JobKind>;
  const { jobIds } = await system.openProducer().enqueue(kind, input);
  const { state, result } = await system.ended(jobIds[0], { kind });
  expect(state).toBe('completed');
  return result;
}

async function openStore({ config }: System): Promise<AuditStore> {
  const store = await openAuditStore(config.auditDatabaseUrl);
  onEnd(() => store.close());
  return store;
}

async function readAll(store: AuditStore): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for await (const record of store.read({ tenantId: 'acme' })) records.push(record);
  return records;
}
