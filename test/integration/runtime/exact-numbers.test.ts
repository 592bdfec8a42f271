import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { exportRecords } from '../../../src/audit/export.ts';
import { openAuditStore } from '../../../src/audit/open-store.ts';
import { onEnd } from '../../support/lifetime.ts';
import { rollout, setRolloutStage } from './rollout-stage.ts';

/** As a JavaScript number it is …160. */
const LONG = '76561197980428154';
/** As a JavaScript number it is Infinity, which JSON writes as null. */
const HUGE = '1e400';

const stage = setRolloutStage();

async function putOrganization(): Promise<void> {
  const configuration = `{"integration":{"externalId":${LONG},"limit":${HUGE}}}`;
  const body = `{"tenant":"${stage.tenantId}","organizationId":"org-1","configuration":${configuration}}`;
  const response = await fetch(`${stage.system.sandbox.url}/__sandbox/organizations`, {
    method: 'PUT',
    body,
  });
  expect(response.status).toBe(200);
}

async function textOfOrganizations(): Promise<string> {
  const query = new URLSearchParams({ tenant: stage.tenantId });
  const response = await fetch(`${stage.system.sandbox.url}/__sandbox/organizations?${query}`);
  return await response.text();
}

test('a rollout writes the long numbers of an organization back unchanged', async () => {
  await putOrganization();

  const { state } = await stage.run(rollout({ organizationIds: ['org-1'], replicate: false }));

  expect(state).toBe('completed');
  const written = await textOfOrganizations();
  expect(written).toContain('"version":2');
  expect(written).toContain(`"integration":{"externalId":${LONG},"limit":${HUGE}}`);
});

test('a rollback restores a long number', async () => {
  await putOrganization();
  const fields = { organizationIds: ['org-1'], replicate: false };
  await stage.run(rollout(fields));
  const { jobId } = await stage.run(rollout({ ...fields, onConflict: 'overwrite' }));
  expect(await textOfOrganizations()).not.toContain(LONG);

  const { state } = await stage.run({ rollback: jobId });

  expect(state).toBe('completed');
  expect(await textOfOrganizations()).toContain(`"integration":{"externalId":${LONG},"limit":${HUGE}}`);
});

test("the store and its export keep long numbers of Genesys Cloud's audit records", async () => {
  const record = `{"id":"r-1","timestamp":"2026-03-01T09:30:00.000Z","action":"webchat:configuration:update","organizationId":"org-1","status":"success","externalId":${LONG},"limit":${HUGE}}`;
  const body = `{"tenant":"${stage.tenantId}","record":${record}}`;
  const url = `${stage.system.sandbox.url}/__sandbox/audit/records`;
  expect((await fetch(url, { method: 'POST', body })).status).toBe(200);
  const span = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' };

  const { state } = await stage.run({ ...span, organizationIds: ['org-1'] }, 'audit-sync');

  expect(state).toBe('completed');
  const store = await openAuditStore(stage.system.config.auditDatabaseUrl);
  onEnd(() => store.close());
  const out = new PassThrough();
  const exported = text(out);
  await exportRecords(store.read({ tenantId: stage.tenantId }), 'ndjson', out);
  out.end();
  expect(await exported).toContain(`"externalId":${LONG},"limit":${HUGE}`);
  expect(await store.verify(stage.tenantId)).toMatchObject({ ok: true });
});
