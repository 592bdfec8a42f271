import { describe, expect, test } from 'vitest';
import { configuration, INTERVAL, liveConversation } from './bodies.ts';
import { failureOf, openStage, type Stage } from './sdk.ts';

async function limitsOf({ organization }: Stage, namespace: string): Promise<Record<string, number>> {
  const { entities = [] } = await organization.getOrganizationsLimitsNamespace(namespace);
  return Object.fromEntries(entities.map(({ key, value }) => [key, value]));
}

describe('the limits of the organization', () => {
  test('of web.messaging are those that the guest channel enforces', async () => {
    const stage = await openStage();
    const defaults = {
      'messages.per.session.rate.per.second': 5,
      'requests.per.connection.rate.per.minute': 60,
      'configure.per.session.rate.per.minute': 60,
      'connections.rate.per.minute': 1000,
      'health.check.per.connection.rate.per.minute': 2,
      'get.history.rate.per.minute': 10,
      'session.connections.max': 3,
      'metadata.custom.attributes.bytes.max': 2048,
    };
    expect(await limitsOf(stage, 'web.messaging')).toEqual(defaults);
    await stage.sandbox.platform('PUT', '/webmessaging/settings', {
      rates: { messagesPerSecond: 7 },
      session: { maxConnections: 2 },
    });
    expect(await limitsOf(stage, 'web.messaging')).toEqual({
      ...defaults,
      'messages.per.session.rate.per.second': 7,
      'session.connections.max': 2,
    });
    const { entities } = await stage.organization.getOrganizationsLimitsNamespaceDefaults('web.messaging');
    expect(entities).toContainEqual({
      key: 'messages.per.session.rate.per.second',
      namespace: 'web.messaging',
      value: 5,
    });
  });

  test('of web.deployments and of messaging can be read, with those that a setting bounds', async () => {
    const stage = await openStage({
      platform: { deployments: { maxDeployments: 4 }, messages: { maxOutbound: 9 } },
    });
    expect(await limitsOf(stage, 'web.deployments')).toMatchObject({ 'deployments.max': 4 });
    expect(await limitsOf(stage, 'messaging')).toMatchObject({ 'outbound.messages.max': 9 });
  });

  test('have a document of every namespace, with the defaults', async () => {
    const { organization } = await openStage({ platform: { rate: { perToken: 42 } } });
    const { url, namespaces = [] } = await organization.getOrganizationsLimitsDocs();
    expect(url).toMatch(/^https:/);
    expect(namespaces.map(({ name }) => name)).toEqual([
      'platform.api',
      'web.messaging',
      'web.deployments',
      'messaging',
    ]);
    expect(namespaces[0]?.limits).toContainEqual({
      key: 'token.rate.per.minute',
      defaultValue: 300,
      description: expect.any(String),
      configurable: true,
      trackable: false,
    });
  });

  test('cannot be given a value that the sandbox does not enforce', async () => {
    const { sandbox } = await openStage();
    const limits = { 'web.messaging': { 'messages.per.session.rate.per.second': 9 } };
    await expect(sandbox.platform('PUT', '/settings', { organization: { limits } })).rejects.toThrow(
      /webmessaging\.rates\.messagesPerSecond/,
    );
  });
});

describe('a limit of a request', () => {
  const set = ({ sandbox }: Stage, settings: object) => sandbox.platform('PUT', '/settings', settings);

  test('of the bytes of a body is a setting, shown and enforced', async () => {
    const stage = await openStage();
    await set(stage, { requests: { maxBodyBytes: 1000 } });
    expect(await limitsOf(stage, 'platform.api')).toMatchObject({ 'request.bytes.max': 1000 });
    const create = (length: number) =>
      stage.webDeployments.postWebdeploymentsConfigurations({
        ...configuration(),
        description: 'x'.repeat(length),
      });
    expect(await failureOf(create(1000))).toMatchObject({
      status: 413,
      code: 'request.entity.too.large',
      message: 'The request is over the size limit. Maximum bytes: 1000',
    });
    await set(stage, { requests: { maxBodyBytes: 600_000 } });
    await create(550_000);
  });

  test('of the page of an audit query', async () => {
    const stage = await openStage();
    await set(stage, { audits: { maxPageSize: 3 } });
    const query = (pageSize: number) =>
      stage.audits.postAuditsQueryRealtime({ interval: INTERVAL, pageSize } as { interval: string });
    await query(3);
    expect(await failureOf(query(4))).toMatchObject({
      status: 400,
      code: 'invalid.value',
      details: [{ fieldName: 'pageSize' }],
    });
    const { id = '' } = await stage.audits.postAuditsQuery({ interval: INTERVAL });
    stage.advance(60_000);
    const page = stage.audits.getAuditsQueryTransactionIdResults(id, { pageSize: 4 });
    expect(await failureOf(page)).toMatchObject({ code: 'invalid.query.param.value' });
  });

  test('of the ids of messages', async () => {
    const stage = await openStage();
    await set(stage, { messages: { maxBulkMessages: 1 } });
    const { conversationId } = await liveConversation(stage);
    const read = (ids: string[]) =>
      stage.conversations.postConversationsMessageMessagesBulk(conversationId, { body: ids });
    await read(['a']);
    expect(await failureOf(read(['a', 'b']))).toMatchObject({
      status: 400,
      code: 'constraint.validation',
      limit: { namespace: 'messaging', key: 'bulk.messages.max', value: 1 },
    });
  });

  test('of the name of a configuration', async () => {
    const stage = await openStage();
    const create = (name: string) =>
      stage.webDeployments.postWebdeploymentsConfigurations({ ...configuration(), name });
    await create('x'.repeat(100));
    expect(await failureOf(create('x'.repeat(101)))).toMatchObject({
      status: 400,
      code: 'constraint.validation',
      message: 'name must not be longer than 100 characters',
      details: [{ errorCode: 'constraint.validation', fieldName: 'name' }],
    });
    await set(stage, { configurations: { maxNameCharacters: null } });
    await create('x'.repeat(101));
    expect(await failureOf(create(''))).toMatchObject({ message: 'name must have at least 1 character' });
  });

  test('of a page with numbers', async () => {
    const stage = await openStage();
    await set(stage, { requests: { maxPageSize: 2 } });
    const list = stage.conversations.getConversationsMessagingIntegrations({ pageSize: 3 });
    expect(await failureOf(list)).toMatchObject({ status: 400, code: 'invalid.query.param.value' });
  });
});
