import { expect, test } from 'vitest';
import { openTestSandbox, type TestSandbox } from '../../support/test-sandbox.ts';
import { waitFor } from '../../support/wait-for.ts';

async function tokenOf(sandbox: TestSandbox): Promise<string> {
  const fields = {
    grant_type: 'client_credentials',
    client_id: 'acme-client',
    client_secret: 'acme-sandbox-secret',
  };
  const init = { method: 'POST', body: new URLSearchParams(fields) };
  const reply = (await (await fetch(`${sandbox.url}/oauth/token`, init)).json()) as { access_token: string };
  return reply.access_token;
}

test('every method of a test sandbox reaches the control interface', async () => {
  const sandbox = await openTestSandbox();
  const headers = { authorization: `Bearer ${await tokenOf(sandbox)}`, 'content-type': 'application/json' };
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${sandbox.url}/api/v2${path}`, { ...init, headers });

  await sandbox.setOrganization({
    tenant: 'acme',
    organizationId: 'org-1',
    configuration: { n: 1 },
    version: 4,
  });
  await sandbox.setForeignAdministrator({
    tenant: 'acme',
    organizationId: 'org-1',
    changes: { n: 2 },
    times: 1,
  });
  await call('/webchat/organizations/org-1/configurations');
  expect(await sandbox.organizations('acme')).toEqual([
    { organizationId: 'org-1', version: 5, configuration: { n: 2 } },
  ]);

  await sandbox.setReplication({ tenant: 'acme', durationMs: 20, failing: ['org-3'] });
  const order = {
    sourceOrganizationId: 'org-1',
    targetOrganizationIds: ['org-2', 'org-3'],
    configType: 'webchat',
    overwriteExisting: false,
  };
  await call('/webchat/configurations/replicate', { method: 'POST', body: JSON.stringify(order) });
  await waitFor(async () => (await sandbox.organizations('acme')).length === 2, { what: 'the replication' });

  await sandbox.setAuditDelay(60_000);
  await sandbox.setAuditDelay(0, 'acme');
  await sandbox.addAuditRecord('acme', { timestamp: '2020-01-01T00:00:00Z', id: 'added' });
  expect(await sandbox.auditRecords('acme')).toMatchObject([
    { id: 'added' },
    { organizationId: 'org-1', clientId: 'foreign-administrator' },
    { organizationId: 'org-2', clientId: 'acme-client' },
  ]);

  const deployment = { id: 'one', name: 'Chat', properties: { active: true } };
  await sandbox.setDeployment('acme', deployment);
  expect(await sandbox.deployments('acme')).toEqual([deployment]);
});
