import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { createGenesysClient } from '../../src/genesys/client.ts';
import * as audits from '../../src/genesys/dialects/platform/audits.ts';
import * as configurations from '../../src/genesys/dialects/platform/configurations.ts';
import * as deployments from '../../src/genesys/dialects/platform/deployments.ts';
import type { Operation } from '../../src/genesys/operation.ts';
import { createTransport } from '../../src/outbound/transport.ts';
import { tenantSchema } from '../../src/tenants/tenant.ts';
import { onEnd } from '../support/lifetime.ts';
import { auditRecords, configuration, INTERVAL } from './bodies.ts';
import { CLIENT, openStage, type Stage } from './sdk.ts';

const AT_ONCE = {
  configurations: { notFoundForMs: 0, pendingForMs: 0 },
  deployments: { notFoundForMs: 0, pendingForMs: 0 },
};

describe('what our client writes', () => {
  test('is what the SDK reads, and what the SDK writes is what our client reads', async () => {
    const stage = await openStage({ platform: AT_ONCE });
    const call = ourClient(stage);
    const { webDeployments } = stage;
    const fields = configuration('Ours');

    const { id } = await call(configurations.createConfiguration, { fields });
    const configurationId = id ?? '';
    expect(await webDeployments.getWebdeploymentsConfigurationVersionsDraft(configurationId)).toMatchObject(
      fields,
    );

    await call(configurations.writeDraft, { configurationId, fields: { ...fields, description: 'changed' } });
    const version = await call(configurations.publishDraft, { configurationId });
    expect(version).toMatchObject({ version: '1', fields: { ...fields, description: 'changed' } });
    expect(await webDeployments.getWebdeploymentsConfigurationVersion(configurationId, '1')).toMatchObject({
      ...fields,
      description: 'changed',
    });

    await webDeployments.putWebdeploymentsConfigurationVersionsDraft(
      configurationId,
      configuration('Theirs'),
    );
    const draft = await call(configurations.readVersion, { configurationId, version: configurations.DRAFT });
    expect(draft).toMatchObject({ version: 'DRAFT', status: 'Active', fields: configuration('Theirs') });
    const { entries } = await call(configurations.listVersions, { configurationId });
    expect(configurations.newestOf(entries)).toBe(1);
  });

  test('about a deployment leaves the state that the SDK leaves', async () => {
    const stage = await openStage({ platform: AT_ONCE });
    const call = ourClient(stage);
    const { webDeployments } = stage;
    const { id } = await call(configurations.createConfiguration, { fields: configuration() });
    await call(configurations.publishDraft, { configurationId: id ?? '' });
    const body = { name: 'Shop', configuration: { id: id ?? '', version: '1' }, allowAllDomains: true };

    const ours = await call(deployments.createDeployment, { fields: body });
    const theirs = await webDeployments.postWebdeploymentsDeployments(body);
    const changed = { ...body, name: 'Help', status: 'Inactive' };
    await call(deployments.updateDeployment, { id: ours.id ?? '', fields: changed });
    await webDeployments.putWebdeploymentsDeployment(theirs.id ?? '', changed);

    const [one, other] = await Promise.all([
      webDeployments.getWebdeploymentsDeployment(ours.id ?? ''),
      webDeployments.getWebdeploymentsDeployment(theirs.id ?? ''),
    ]);
    expect(withoutIdentity(one)).toEqual(withoutIdentity(other));
    const read = await call(deployments.readDeployment, { id: theirs.id ?? '' });
    expect(read).toMatchObject({ name: 'Help', status: 'Inactive', snippet: other.snippet });
    const { entries } = await call(deployments.listDeployments, {});
    expect(entries.map(({ id: each }) => each)).toEqual([ours.id, theirs.id]);
  });

  test('asks the audit for the records that the SDK finds', async () => {
    const stage = await openStage({ platform: { audits: { queuedForMs: 0, runningForMs: 0 } } });
    const call = ourClient(stage);
    await auditRecords(stage, 7);
    const [from = '', to = ''] = INTERVAL.split('/');
    const question = { service: 'WebDeployments', entity: 'Deployment', action: 'Update', from, to };

    const services = await call(audits.readServices, { isRealtime: false });
    expect(services[0]).toEqual({
      name: 'WebDeployments',
      entities: [
        { name: 'Configuration', actions: ['Create', 'Update', 'Publish', 'Delete'] },
        { name: 'Deployment', actions: ['Create', 'Update', 'Delete'] },
      ],
    });
    const { transactionId } = await call(audits.startQuery, question);
    expect(await call(audits.readQuery, { transactionId })).toBe('Succeeded');
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page: audits.ResultsPage = await call(audits.readResults, { transactionId, cursor, pageSize: 2 });
      ids.push(...page.records.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== null);
    const theirs = await stage.audits.getAuditsQueryTransactionIdResults(transactionId, { pageSize: 500 });
    expect(ids).toEqual(theirs.entities?.map(({ id }) => id));
    expect(ids).toEqual(['record-2', 'record-4', 'record-6']);
    const realtime = await call(audits.queryRealtime, { ...question, pageNumber: 1, pageSize: 500 });
    expect(realtime.records.map(({ id }) => id)).toEqual(ids);
  });
});

/** Our client, with a token of the SDK. */
function ourClient({ sandbox, client }: Stage) {
  const transport = createTransport({
    connectTimeoutMs: 5000,
    requestTimeoutMs: 60_000,
    maxAnswerBytes: 10_000_000,
    userAgent: 'gwm-test',
  });
  onEnd(() => transport.close());
  const { authentications } = client as unknown as {
    authentications: Record<string, { accessToken: string }>;
  };
  const token = authentications['PureCloud OAuth']?.accessToken ?? '';
  const genesys = createGenesysClient({
    tokens: { get: async () => token, has: () => true },
    transport,
    clock: systemClock,
    requestTimeoutMs: 60_000,
    maxAnswerBytes: 10_000_000,
  });
  const tenant = tenantSchema.parse({
    id: CLIENT.tenant,
    dialect: 'platform',
    hosts: { login: sandbox.url, api: sandbox.url },
    allowInsecureHttp: true,
    clientId: CLIENT.clientId,
    clientSecret: { env: 'SECRET' },
  });
  return <Input, Output>(operation: Operation<Input, Output>, input: Input): Promise<Output> =>
    genesys.call(tenant, operation, input, { requestId: 'job-1' });
}

/** Fields in which two deployments always differ. */
function withoutIdentity(deployment: object): object {
  const { id, dateCreated, dateModified, selfUri, snippet, ...state } = deployment as Record<string, unknown>;
  expect(String(snippet)).toContain(String(id));
  expect([dateCreated, dateModified, selfUri].every((value) => typeof value === 'string')).toBe(true);
  return state;
}
