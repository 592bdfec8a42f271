import { describe, expect, test } from 'vitest';
import { auditRecords, configuration, INTERVAL, publishedConfiguration } from './bodies.ts';
import { CLIENT, failureOf, openStage, type Stage, TENANT } from './sdk.ts';

const DESCENDING = [{ name: 'Timestamp', sortOrder: 'descending' }];

describe('an asynchronous query', () => {
  test('is Queued, then Running, then has its result', async () => {
    const stage = await openStage({ platform: { audits: { queuedForMs: 1000, runningForMs: 2000 } } });
    await auditRecords(stage, 3);
    const filters = [{ property: 'Action', value: 'Create' }];
    const started = await stage.audits.postAuditsQuery({
      interval: INTERVAL,
      serviceName: 'WebDeployments',
      filters,
      sort: DESCENDING,
    });
    const { id = '' } = started;
    const { state, ...rest } = started;
    const read = () => stage.audits.getAuditsQueryTransactionId(id);
    const results = () => stage.audits.getAuditsQueryTransactionIdResults(id);
    expect(rest).toMatchObject({ interval: INTERVAL, serviceName: 'WebDeployments', filters });
    expect(state).toBe('Queued');
    stage.advance(1000);
    expect(await read()).toMatchObject({ id, state: 'Running' });
    expect(await failureOf(results())).toMatchObject({ status: 400 });
    stage.advance(2000);
    expect(await read()).toMatchObject({ state: 'Succeeded' });
    expect((await results()).entities?.map((record) => record.id)).toEqual(['record-3', 'record-1']);
  });

  test('gives its result in pages, to the end of the cursor', async () => {
    const stage = await openStage();
    await auditRecords(stage, 1201);
    const id = await endedQuery(stage);
    const sizes: number[] = [];
    const ids = new Set<string>();
    let cursor: string | undefined;
    do {
      const options = { pageSize: 500, ...(cursor !== undefined && { cursor }) };
      const page = await stage.audits.getAuditsQueryTransactionIdResults(id, options);
      sizes.push(page.entities?.length ?? 0);
      for (const record of page.entities ?? []) ids.add(record.id ?? '');
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(sizes).toEqual([500, 500, 201]);
    expect(ids.size).toBe(1201);
    expect((await stage.audits.getAuditsQueryTransactionIdResults(id)).entities).toHaveLength(25);
  });

  test.each([
    '2026-02-28T00:00:00/2026-02-28T00:00:02',
    '2026-02-28T00:00:00.000/2026-02-28T00:00:02Z',
    '2026-02-28T01:00:00+01:00/2026-02-28T00:00:02',
  ])('takes a time without an offset as UTC: %s', async (interval) => {
    const stage = await openStage();
    await auditRecords(stage, 3);
    const started = await stage.audits.postAuditsQuery({ interval });
    expect(started.interval).toBe(interval);
    stage.advance(60_000);
    const { entities } = await stage.audits.getAuditsQueryTransactionIdResults(started.id ?? '');
    expect(entities?.map((record) => record.id)).toEqual(['record-1', 'record-2']);
  });

  test('keeps its result when later records come', async () => {
    const stage = await openStage();
    await auditRecords(stage, 2);
    const id = await endedQuery(stage);
    const results = async () => (await stage.audits.getAuditsQueryTransactionIdResults(id)).entities?.length;
    expect(await results()).toBe(2);
    await auditRecords(stage, 2);
    expect(await results()).toBe(2);
  });

  test.each(['Failed', 'Cancelled'])('can end as %s, once', async (state) => {
    const stage = await openStage();
    await stage.sandbox.platform('PUT', '/audits/queries', { tenant: TENANT, ends: [state] });
    const stateOf = async () => stage.audits.getAuditsQueryTransactionId(await endedQuery(stage));
    expect(await stateOf()).toMatchObject({ state });
    expect(await stateOf()).toMatchObject({ state: 'Succeeded' });
  });

  test('redirects a large result only to a client that allows it', async () => {
    const stage = await openStage({ platform: { audits: { redirectsAbove: 10 } } });
    await auditRecords(stage, 11);
    const id = await endedQuery(stage);
    const results = (options: object) => stage.audits.getAuditsQueryTransactionIdResults(id, options);
    expect(await results({ allowRedirect: false })).toMatchObject({ id, pageSize: 25 });
    const downloaded = await results({ allowRedirect: true });
    expect(downloaded.id).toBeUndefined();
    expect(downloaded.entities).toHaveLength(11);
  });

  test('names a user only when it is expanded', async () => {
    const stage = await openStage();
    await auditRecords(stage, 1);
    const id = await endedQuery(stage);
    const userOf = async (expand: string[]) =>
      (await stage.audits.getAuditsQueryTransactionIdResults(id, { expand })).entities?.[0]?.user;
    expect(await userOf([])).toEqual({ id: 'user-1' });
    expect(await userOf(['user'])).toEqual({ id: 'user-1', name: 'Grace Hopper' });
  });

  test.each([
    ['no interval', { interval: undefined }, 'constraint.validation'],
    ['an interval of one time', { interval: '2026-01-01T00:00:00Z' }, 'invalid.date'],
    ['an interval that runs back', { interval: '2026-02-01T00:00:00Z/2026-01-01T00:00:00Z' }, 'invalid.date'],
    ['a long interval', { interval: '2025-01-01T00:00:00Z/2026-01-01T00:00:00Z' }, 'constraint.validation'],
    ['an unknown service', { serviceName: 'Webchat' }, 'invalid.value'],
    ['an unknown property', { filters: [{ property: 'Organization', value: 'x' }] }, 'invalid.value'],
    ['an unknown order', { sort: [{ name: 'Timestamp', sortOrder: 'up' }] }, 'invalid.value'],
  ])('is refused with %s', async (_case, fields, code) => {
    const stage = await openStage({ platform: { audits: { maxIntervalDays: 30 } } });
    const query = { interval: INTERVAL, ...fields } as { interval: string };
    expect(await failureOf(stage.audits.postAuditsQuery(query))).toMatchObject({ status: 400, code });
  });

  test('is 404 when it is unknown, and after its result is no longer kept', async () => {
    const stage = await openStage({ platform: { audits: { keptForMs: 1000 } } });
    expect(await failureOf(stage.audits.getAuditsQueryTransactionId('nothing'))).toMatchObject({
      status: 404,
    });
    const id = await endedQuery(stage);
    expect(await failureOf(stage.audits.getAuditsQueryTransactionIdResults(id))).toMatchObject({
      status: 404,
    });
  });

  test.each([{ pageSize: 501 }, { pageSize: 0 }, { cursor: 'nowhere' }])(
    'refuses a page with %o',
    async (options) => {
      const stage = await openStage();
      const id = await endedQuery(stage);
      const page = stage.audits.getAuditsQueryTransactionIdResults(id, options);
      expect(await failureOf(page)).toMatchObject({ status: 400, code: 'invalid.query.param.value' });
    },
  );
});

describe('a realtime query', () => {
  test('answers at once, in numbered pages', async () => {
    const stage = await openStage();
    await auditRecords(stage, 5);
    const query = { interval: INTERVAL, pageNumber: 2, pageSize: 2, sort: DESCENDING };
    const page = await stage.audits.postAuditsQueryRealtime(query);
    expect(page).toMatchObject({ pageSize: 2, pageNumber: 2, total: 5, pageCount: 3 });
    expect(page.entities?.map(({ id }) => id)).toEqual(['record-3', 'record-2']);
  });

  test('goes back 14 days, and has the services of its own mapping', async () => {
    const stage = await openStage({ platform: { audits: { realtimeServices: [] } } });
    const ask = (query: object) => stage.audits.postAuditsQueryRealtime({ interval: INTERVAL, ...query });
    const old = '2026-02-15T11:59:00Z/2026-02-16T00:00:00Z';
    expect(await failureOf(ask({ interval: old }))).toMatchObject({ code: 'constraint.validation' });
    expect(await stage.audits.getAuditsQueryRealtimeServicemapping()).toEqual({ services: [] });
    expect(await failureOf(ask({ serviceName: 'WebDeployments' }))).toMatchObject({ code: 'invalid.value' });
  });

  test('finds the records of the same action', async () => {
    const stage = await openStage();
    await auditRecords(stage, 5);
    const related = await stage.audits.postAuditsQueryRealtimeRelated({ auditId: 'record-1' });
    expect(related.entities?.map(({ id }) => id)).toEqual(['record-1', 'record-3', 'record-5']);
  });
});

describe('a change', () => {
  test('leaves a record under the names of the service mapping', async () => {
    const names = { service: 'Messenger', configuration: 'Config', update: 'Edit' };
    const stage = await openStage({ platform: { audits: { names } } });
    expect(await stage.audits.getAuditsQueryServicemapping()).toEqual({
      services: [
        {
          name: 'Messenger',
          entities: [
            { name: 'Config', actions: ['Create', 'Edit', 'Publish', 'Delete'] },
            { name: 'Deployment', actions: ['Create', 'Edit', 'Delete'] },
          ],
        },
      ],
    });
    const id = await publishedConfiguration(stage);
    await stage.webDeployments.putWebdeploymentsConfigurationVersionsDraft(id, {
      ...configuration(),
      description: 'new',
    });
    const page = await recordsOfToday(stage);
    expect(page.entities).toMatchObject([
      {
        serviceName: 'Messenger',
        action: 'Edit',
        entityType: 'Config',
        entity: { id, name: 'Shop' },
        client: { id: CLIENT.clientId },
        status: 'SUCCESS',
        propertyChanges: [
          { property: 'description', oldValues: ['The messenger of the shop'], newValues: ['new'] },
        ],
      },
    ]);
  });

  test('can be seen after a delay', async () => {
    const stage = await openStage({ platform: { audits: { visibleAfterMs: 5000 } } });
    await stage.webDeployments.postWebdeploymentsConfigurations(configuration());
    expect((await recordsOfToday(stage)).total).toBe(0);
    stage.advance(5000);
    expect((await recordsOfToday(stage)).total).toBe(1);
  });
});

async function endedQuery({ audits, advance }: Stage): Promise<string> {
  const { id = '' } = await audits.postAuditsQuery({ interval: INTERVAL });
  advance(60_000);
  return id;
}

function recordsOfToday({ audits }: Stage) {
  return audits.postAuditsQueryRealtime({ interval: '2026-03-01T00:00:00Z/2026-03-02T00:00:00Z' });
}
