import { describe, expect, test } from 'vitest';
import { guideConfiguration } from '../../../support/guides/configuration.ts';
import { openStage, type PlatformRequest, type Stage } from '../caller.ts';

const path = '/api/v2/audit/records/query';

const guideQuery = {
  actions: ['webchat:configuration:update'],
  organizations: ['org-1'],
  timeRange: { start: '2024-01-01T00:00:00.000Z', end: '2024-12-31T23:59:59.999Z' },
};

const query = (stage: Stage, changes: object = {}, page: object = {}, request: PlatformRequest = {}) =>
  stage.ask(path, { method: 'POST', body: { query: { ...guideQuery, ...changes }, ...page }, ...request });

const idsOf = async (stage: Stage, changes: object = {}, page: object = {}): Promise<string[]> =>
  (await query(stage, changes, page)).body.records.map(({ id }: { id: string }) => id);

function writeConfiguration(stage: Stage, version: number) {
  return stage.ask('/api/v2/webchat/organizations/org-1/configurations', {
    method: 'PUT',
    headers: { 'if-match': String(version) },
    body: guideConfiguration,
  });
}

async function addRecord(stage: Stage, id: string, fields: object = {}, tenant = 'acme') {
  const record = {
    id,
    timestamp: '2024-01-15T10:00:00.000Z',
    action: 'webchat:configuration:update',
    organizationId: 'org-1',
    ...fields,
  };
  const reply = await stage.control('POST', '/audit/records', { tenant, record });
  expect([reply.status, reply.body]).toEqual([200, record]);
}

describe('audit records', () => {
  test('name every accepted change, its client and its version', async () => {
    await using stage = await openStage();
    await writeConfiguration(stage, 1);
    await writeConfiguration(stage, 1);
    stage.clock.advance(1);
    await writeConfiguration(stage, 2);
    stage.clock.advance(1);
    const { status, body } = await query(stage);
    expect(status).toBe(200);
    const record = {
      id: expect.any(String),
      action: 'webchat:configuration:update',
      organizationId: 'org-1',
      entityType: 'webchatConfiguration',
      entityId: 'org-1',
      clientId: 'acme-client',
      status: 'success',
    };
    expect(body).toEqual({
      records: [
        { ...record, timestamp: '2024-01-15T10:30:00.123Z', version: 2 },
        { ...record, timestamp: '2024-01-15T10:30:01.123Z', version: 3 },
      ],
      page: 1,
      pageSize: 25,
      pageCount: 1,
      total: 2,
    });
    expect((await query(stage, {}, {}, { tenant: 'globex' })).body.total).toBe(0);
  });

  test('of deployments belong to no organization, and match a query without organizations', async () => {
    await using stage = await openStage();
    const deployment = { name: 'Chat', properties: {} };
    const places = '/api/v2/webmessaging/deployments';
    const { body: created } = await stage.ask(places, { method: 'POST', body: deployment });
    await stage.ask(`${places}/${created.id}`, { method: 'PUT', body: deployment });
    await stage.ask(`${places}/chosen`, { method: 'PUT', body: deployment });
    stage.clock.advance(1);
    const actions = ['webmessaging:deployment:create', 'webmessaging:deployment:update'];
    for (const organizations of [[], undefined]) {
      const { body } = await query(stage, { actions, organizations });
      expect(body.records).toMatchObject([
        {
          action: actions[0],
          organizationId: null,
          entityType: 'webMessagingDeployment',
          entityId: created.id,
        },
        { action: actions[1], organizationId: null, entityId: created.id },
        { action: actions[0], organizationId: null, entityId: 'chosen' },
      ]);
      expect(body.records[0]).not.toHaveProperty('version');
    }
    expect((await query(stage, { actions })).body.total).toBe(0);
  });

  test('include the start of the time range, and exclude its end', async () => {
    await using stage = await openStage();
    for (const second of [1, 2, 3]) {
      await addRecord(stage, `r${second}`, { timestamp: `2024-01-15T10:00:0${second}.000Z` });
    }
    const timeRange = { start: '2024-01-15T10:00:01.000Z', end: '2024-01-15T11:00:03.000+01:00' };
    expect(await idsOf(stage, { timeRange })).toEqual(['r1', 'r2']);
  });

  test('come page by page, by time stamp and then by arrival; pages after the last are empty', async () => {
    await using stage = await openStage();
    for (const [index, id] of ['e', 'a', 'b', 'c', 'd'].entries()) {
      await addRecord(stage, id, { timestamp: `2024-01-15T10:00:0${index === 0 ? 9 : 1}.000Z` });
    }
    const pages = [1, 2, 3, 4].map((page) => idsOf(stage, {}, { page, pageSize: 2 }));
    expect(await Promise.all(pages)).toEqual([['a', 'b'], ['c', 'd'], ['e'], []]);
    expect((await query(stage, {}, { page: 4, pageSize: 2 })).body).toEqual({
      records: [],
      page: 4,
      pageSize: 2,
      pageCount: 3,
      total: 5,
    });
  });

  test('become visible after the delay', async () => {
    await using stage = await openStage();
    await stage.control('PUT', '/audit', { delayMs: 2_000 });
    await writeConfiguration(stage, 1);
    stage.clock.advance(1.9);
    expect(await idsOf(stage)).toEqual([]);
    expect((await stage.control('GET', '/audit/records?tenant=acme')).body).toHaveLength(1);
    stage.clock.advance(0.1);
    expect(await idsOf(stage)).toHaveLength(1);
  });

  test('can have a delay for one tenant, until a reset', async () => {
    await using stage = await openStage();
    await stage.control('PUT', '/audit', { tenant: 'globex', delayMs: 60_000 });
    await writeConfiguration(stage, 1);
    expect(await idsOf(stage)).toHaveLength(1);
    await stage.control('PUT', '/audit', { tenant: 'acme', delayMs: 60_000 });
    expect(await idsOf(stage)).toEqual([]);
    await stage.control('POST', '/reset');
    await writeConfiguration(stage, 1);
    expect(await idsOf(stage)).toHaveLength(1);
  });

  test('can be added with any fields, also with the same id twice', async () => {
    await using stage = await openStage();
    await addRecord(stage, 'twice');
    await addRecord(stage, 'twice');
    await addRecord(stage, 'strange', { clientId: { a: [1] }, remark: null });
    expect(await idsOf(stage, {}, { page: 1, pageSize: 1 })).toEqual(['twice']);
    expect(await idsOf(stage, {}, { page: 2, pageSize: 1 })).toEqual(['twice']);
    const { body } = await query(stage, {}, { page: 3, pageSize: 1 });
    expect(body.records).toMatchObject([{ id: 'strange', clientId: { a: [1] }, remark: null }]);
  });

  test('queried twice in one job count neither as a duplicate nor as a delivery', async () => {
    await using stage = await openStage();
    const request = { headers: { 'x-genesys-request-id': 'job-1' } };
    for (const page of [1, 2]) await query(stage, {}, { page }, request);
    expect(stage.sandbox.stats()).toMatchObject({
      accepted: 0,
      duplicates: 0,
      byOperation: { 'audit.query': { accepted: 2, duplicates: 0 } },
    });
  });

  test('need the scope audit:read', async () => {
    await using stage = await openStage();
    const { status, body } = await query(stage, {}, {}, { scope: 'webchat:configuration:read' });
    expect([status, body.messageParams]).toEqual([403, { permissions: 'audit:read' }]);
  });

  test.each([
    ['no actions', { actions: undefined }, {}, 'query.actions'],
    ['an empty list of actions', { actions: [] }, {}, 'query.actions'],
    ['an organization that is no text', { organizations: [7] }, {}, 'query.organizations[0]'],
    ['no time range', { timeRange: undefined }, {}, 'query.timeRange'],
    [
      'a day as start',
      { timeRange: { ...guideQuery.timeRange, start: '2024-01-01' } },
      {},
      'query.timeRange.start',
    ],
    [
      'an end before the start',
      { timeRange: { ...guideQuery.timeRange, end: '2023-01-01T00:00:00Z' } },
      {},
      'query.timeRange.end',
    ],
    ['a page of 0', {}, { page: 0 }, 'page'],
    ['a page size of 0', {}, { pageSize: 0 }, 'pageSize'],
    ['a page size of 101', {}, { pageSize: 101 }, 'pageSize'],
    ['a page size as text', {}, { pageSize: '25' }, 'pageSize'],
  ])('a query with %s is refused with the field', async (_what, changes, page, fieldName) => {
    await using stage = await openStage();
    const { status, body } = await query(stage, changes, page);
    expect([status, body.code]).toEqual([400, 'bad.request']);
    expect(body.details).toEqual([{ fieldName, errorCode: expect.any(String) }]);
  });

  test.each([undefined, '[]', '"x"', '{'])('a query with the body %s is refused', async (body) => {
    await using stage = await openStage();
    expect((await stage.ask(path, { method: 'POST', body })).status).toBe(400);
  });
});

describe('control over audit records refuses with the reason', () => {
  test.each([
    ['PUT', '/audit', { delayMs: -1 }, 'delayMs: wanted a number of at least 0, got -1'],
    ['PUT', '/audit', { delayMs: 0, tenant: 'acne' }, 'tenant: wanted one of "acme", '],
    ['GET', '/audit/records?tenant=acne', undefined, 'tenant: wanted one of "acme", '],
    [
      'POST',
      '/audit/records',
      { tenant: 'acme', record: {} },
      'record.timestamp: wanted string, got nothing',
    ],
    [
      'POST',
      '/audit/records',
      { tenant: 'acme', record: { timestamp: 'now' } },
      'record.timestamp: wanted a valid datetime',
    ],
  ])('%s %s %j', async (method, place, body, sentence) => {
    await using stage = await openStage();
    const reply = await stage.control(method, place, body);
    expect(reply.status).toBe(400);
    expect(reply.body.problems.join()).toContain(sentence);
  });
});
