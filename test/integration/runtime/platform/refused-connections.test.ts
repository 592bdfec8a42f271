import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { deploymentOf, messenger } from '../../../support/guides/messenger.ts';
import { startWorker } from '../../../support/gwm.ts';
import type { TestProcess } from '../../../support/processes.ts';
import { message, openSystem, type System, text } from '../../../support/system.ts';
import { guestTenant } from '../../webmessaging/stage.ts';

const KIND = 'message-transmission';
const READ = 'platform.deployment.read';
const DEPLOYMENT = 'dep-1';
const CONFIGURATION = { id: 'conf-1', version: '1' };
const NO_VIEW = ['conversation:message:create'];

let system: System;
let worker: TestProcess;

/** A tenant whose guests use a deployment that the test sets. */
const tenantOf = (id: string, more: Parameters<typeof guestTenant>[1] = {}) =>
  guestTenant({ deploymentId: `${DEPLOYMENT}-${id}` }, { id, retryFor: '1m', ...more });

beforeAll(async () => {
  system = await openSystem({
    tenants: [
      ...['fine', 'inactive', 'origin', 'unknown', 'pending', 'configure', 'correlated'].map((id) =>
        tenantOf(id),
      ),
      tenantOf('unseen', { permissions: NO_VIEW }),
    ],
  });
  worker = await startWorker(system);
});

/** Sets the deployment of a tenant. */
async function setDeployment(tenant: string, fields: object = {}): Promise<void> {
  const { sandbox } = system;
  const configuration = { tenant, id: CONFIGURATION.id, configuration: messenger() };
  await sandbox.platform('PUT', '/configurations', configuration);
  const deployment = { ...deploymentOf(CONFIGURATION), ...fields };
  await sandbox.platform('PUT', '/deployments', { tenant, id: `${DEPLOYMENT}-${tenant}`, deployment });
}

async function send(tenantId: string) {
  const { jobIds } = await system.openProducer().enqueue(KIND, message({ tenantId, body: text('hello') }));
  return await system.ended(jobIds[0], { tenantId });
}

const reads = async (tenant: string) => (await system.sandbox.requests(READ, tenant)).length;

describe('a refused connection of a guest', () => {
  test('says that the deployment is not active', async () => {
    await setDeployment('inactive', { status: 'Inactive' });
    const { failedReason, attemptsMade } = await send('inactive');
    expect(failedReason).toMatch(
      /^CAPABILITY_UNAVAILABLE: .*answered 403 .*the deployment is Inactive; make it Active$/,
    );
    expect([attemptsMade, await reads('inactive')]).toEqual([1, 1]);
  });

  test('says that the deployment allows other domains, when it is active', async () => {
    await setDeployment('origin', { allowAllDomains: false, allowedDomains: ['other.example'] });
    const { failedReason } = await send('origin');
    expect(failedReason).toMatch(
      /^CAPABILITY_UNAVAILABLE: .*the deployment is Active, and its allowed domains lack the origin$/,
    );
  });

  test('has the correlation id of the refusal, in its reason and in the log', async () => {
    await setDeployment('correlated', { status: 'Inactive' });
    const { failedReason } = await send('correlated');
    const [, correlationId = ''] = /\(correlation id ([0-9a-f-]{36})\)/.exec(failedReason ?? '') ?? [];
    expect(correlationId).not.toBe('');
    await worker.line(new RegExp(`"correlationId":"${correlationId}"`));
  });

  test('says that there is no such deployment', async () => {
    const { failedReason } = await send('unknown');
    expect(failedReason).toMatch(/^NOT_FOUND: .*the organization has no deployment with this deploymentId$/);
  });

  test('says what it can without the permission to view deployments, and the tenant goes on', async () => {
    await setDeployment('unseen', { status: 'Inactive' });
    const { failedReason } = await send('unseen');
    expect(failedReason).toMatch(
      /^CAPABILITY_UNAVAILABLE: .*and the status and allowed domains of the deployment \(correlation id [^)]+\)$/,
    );
    await setDeployment('unseen');
    expect(await send('unseen')).toMatchObject({ state: 'completed' });
  });

  test('is explained too when the channel refuses the session in place of the connection', async () => {
    await system.sandbox.platform('PUT', '/webmessaging/settings', { upgrade: { refuseAt: 'configure' } });
    await setDeployment('configure', { status: 'Inactive' });
    const { failedReason } = await send('configure');
    await system.sandbox.platform('PUT', '/webmessaging/settings', { upgrade: { refuseAt: 'upgrade' } });
    expect(failedReason).toMatch(/^CAPABILITY_UNAVAILABLE: configureSession: .*the deployment is Inactive/);
  });

  test('is tried again while the deployment is Pending', async () => {
    await system.sandbox.platform('PUT', '/settings', { deployments: { pendingForMs: 5000 } });
    await setDeployment('pending');
    await writeDeployment('pending');
    const ending = send('pending');
    await worker.line(/CHANGE_PENDING.*the deployment is Pending/);
    expect(await ending).toMatchObject({ state: 'completed' });
  });

  test('is the only reason to read a deployment', async () => {
    await setDeployment('fine');
    for (let index = 0; index < 3; index++) expect(await send('fine')).toMatchObject({ state: 'completed' });
    expect(await reads('fine')).toBe(0);
  });
});

/** Writes a deployment as an administrator does, so that it is Pending for a while. */
async function writeDeployment(tenant: string): Promise<void> {
  const { clientId } = JSON.parse(await readTenants()).tenants.find(
    ({ id }: { id: string }) => id === tenant,
  );
  const { url } = system.sandbox;
  const login = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${system.secretOf(tenant)}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: token } = (await login.json()) as { access_token: string };
  const answer = await fetch(`${url}/api/v2/webdeployments/deployments/${DEPLOYMENT}-${tenant}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(deploymentOf(CONFIGURATION)),
  });
  expect(answer.status).toBe(200);
}

const readTenants = () => readFile(system.config.tenantsFile, 'utf8');
