import { describe, expect, test } from 'vitest';
import { guideDeployment } from '../../../support/guides/deployment.ts';
import { openStage, type PlatformRequest, type Reply, type Stage } from '../caller.ts';

const path = '/api/v2/webmessaging/deployments';

const { launcher, widget } = guideDeployment.properties;
const { theme } = widget;

const withLauncher = (changes: object) => ({
  ...guideDeployment,
  properties: { ...guideDeployment.properties, launcher: { ...launcher, ...changes } },
});
const withTheme = (changes: object) => ({
  ...guideDeployment,
  properties: { ...guideDeployment.properties, widget: { ...widget, theme: { ...theme, ...changes } } },
});

const create = (stage: Stage, body: unknown = guideDeployment, request: PlatformRequest = {}) =>
  stage.ask(path, { method: 'POST', body, ...request });

const put = (stage: Stage, id: string, body: unknown = guideDeployment, request: PlatformRequest = {}) =>
  stage.ask(`${path}/${encodeURIComponent(id)}`, { method: 'PUT', body, ...request });

const read = (stage: Stage, id: string, request: PlatformRequest = {}): Promise<Reply> =>
  stage.ask(`${path}/${encodeURIComponent(id)}`, request);

describe('creating a deployment', () => {
  test('gives it a new id, and keeps every field', async () => {
    await using stage = await openStage();
    const sent = { ...withLauncher({ shadow: { blur: 3 } }), description: 'extra' };
    const { status, body } = await create(stage, { ...sent, id: null });
    expect(status).toBe(201);
    expect(body).toEqual({ ...sent, id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect((await read(stage, body.id)).body).toEqual(body);
    expect((await read(stage, body.id, { tenant: 'globex' })).status).toBe(404);
  });

  test('twice creates two deployments of one name', async () => {
    await using stage = await openStage();
    const [first, second] = [await create(stage), await create(stage)];
    expect(first.body.id).not.toBe(second.body.id);
    const { body } = await stage.ask(path);
    expect(body.entities).toEqual([first.body, second.body]);
  });

  test('twice in one job is a duplicate', async () => {
    await using stage = await openStage();
    const request = { headers: { 'x-genesys-request-id': 'job-1' } };
    for (let count = 0; count < 2; count += 1) await create(stage, guideDeployment, request);
    expect(stage.sandbox.stats()).toMatchObject({
      accepted: 2,
      byOperation: { 'deployment.create': { duplicates: 1 } },
    });
  });
});

describe('updating a deployment', () => {
  test('replaces it, and keeps its position in the list', async () => {
    await using stage = await openStage();
    const { body: first } = await create(stage);
    await create(stage);
    const { status, body } = await put(stage, first.id, { id: first.id, name: 'Renamed', properties: {} });
    expect([status, body]).toEqual([200, { id: first.id, name: 'Renamed', properties: {} }]);
    expect((await stage.ask(path)).body.entities[0]).toEqual(body);
  });

  test('creates it under an unknown id of the path', async () => {
    await using stage = await openStage();
    const { status, body } = await put(stage, 'chosen/1');
    expect([status, body]).toEqual([200, { ...guideDeployment, id: 'chosen/1' }]);
    expect((await read(stage, 'chosen/1')).status).toBe(200);
  });

  test('is refused when the body has another id than the path', async () => {
    await using stage = await openStage();
    const { status, body } = await put(stage, 'one', { ...guideDeployment, id: 'two' });
    expect([status, body.details]).toEqual([400, [{ fieldName: 'id', errorCode: 'invalid.value' }]]);
    expect((await read(stage, 'one')).status).toBe(404);
  });
});

describe('listing deployments', () => {
  test('answers page by page, the oldest first', async () => {
    await using stage = await openStage();
    for (const id of ['a', 'b', 'c']) {
      const deployment = { id, name: 'Chat', properties: {} };
      expect((await stage.control('PUT', '/deployments', { tenant: 'acme', deployment })).body).toEqual(
        deployment,
      );
    }
    const page = async (query: string) => {
      const { entities, ...rest } = (await stage.ask(`${path}${query}`)).body;
      return [entities.map(({ id }: { id: string }) => id).join(''), rest];
    };
    expect(await page('')).toEqual(['abc', { pageNumber: 1, pageSize: 25, total: 3, pageCount: 1 }]);
    const counts = { pageSize: 2, total: 3, pageCount: 2 };
    expect(await page('?pageSize=2')).toEqual(['ab', { pageNumber: 1, ...counts }]);
    expect(await page('?pageNumber=2&pageSize=2')).toEqual(['c', { pageNumber: 2, ...counts }]);
    expect(await page('?pageNumber=3&pageSize=2')).toEqual(['', { pageNumber: 3, ...counts }]);
  });

  test.each([
    ['pageSize=0', 'pageSize'],
    ['pageSize=101', 'pageSize'],
    ['pageSize=ten', 'pageSize'],
    ['pageSize=1&pageSize=2', 'pageSize'],
    ['pageNumber=0', 'pageNumber'],
    ['pageNumber=-1', 'pageNumber'],
    ['pageNumber=1.5', 'pageNumber'],
  ])('with ?%s is refused with the field', async (query, fieldName) => {
    await using stage = await openStage();
    const { status, body } = await stage.ask(`${path}?${query}`);
    expect([status, body.details]).toEqual([400, [{ fieldName, errorCode: 'invalid.value' }]]);
  });

  test('does not count as a delivery, and reading one does not either', async () => {
    await using stage = await openStage();
    await stage.ask(path);
    expect((await read(stage, 'unknown')).body.code).toBe('not.found');
    expect(stage.sandbox.stats()).toMatchObject({
      accepted: 0,
      byOperation: { 'deployment.list': { accepted: 1 }, 'deployment.read': { rejected: 1 } },
    });
  });
});

describe('a deployment', () => {
  test.each(['bottom-right', 'bottom-left', 'top-right', 'top-left'])(
    'may have the position %s',
    async (position) => {
      await using stage = await openStage();
      expect((await create(stage, withLauncher({ position }))).status).toBe(201);
    },
  );

  test.each(Object.keys(theme))('with a %s that is no color is refused with the field', async (name) => {
    await using stage = await openStage();
    for (const color of ['FF5733', '#FF57', '#GG5733', '#FF5733 ', 7]) {
      const { status, body } = await create(stage, withTheme({ [name]: color }));
      const fieldName = `properties.widget.theme.${name}`;
      expect([status, body.code]).toEqual([400, 'bad.request']);
      expect(body.details).toEqual([{ fieldName, errorCode: 'invalid.value' }]);
    }
  });

  test.each([
    ['no name', { ...guideDeployment, name: undefined }, 'name'],
    ['an empty name', { ...guideDeployment, name: '' }, 'name'],
    ['no properties', { name: 'Chat' }, 'properties'],
    ['an unknown position', withLauncher({ position: 'center' }), 'properties.launcher.position'],
    ['an offset as text', withLauncher({ verticalOffset: '20px' }), 'properties.launcher.verticalOffset'],
    ['a negative offset', withLauncher({ horizontalOffset: -1 }), 'properties.launcher.horizontalOffset'],
    ['a prototype', '{"name":"Chat","properties":{"__proto__":{"a":1}}}', 'properties.__proto__'],
  ])('with %s is refused with the field, new or not', async (_what, sent, fieldName) => {
    await using stage = await openStage();
    for (const { status, body } of [await create(stage, sent), await put(stage, 'one', sent)]) {
      expect(status).toBe(400);
      expect(body.details).toEqual([{ fieldName, errorCode: expect.any(String) }]);
    }
    expect((await stage.control('GET', '/deployments?tenant=acme')).body).toEqual([]);
  });

  test.each([
    ['GET', '', 'webmessaging:deployments:read', 'webmessaging:deployments:write'],
    ['GET', '/one', 'webmessaging:deployments:read', 'webmessaging:deployments:write'],
    ['POST', '', 'webmessaging:deployments:write', 'webmessaging:deployments:read'],
    ['PUT', '/one', 'webmessaging:deployments:write', 'webmessaging:deployments:read'],
  ] as const)('requires for %s %s the scope %s', async (method, place, wanted, scope) => {
    await using stage = await openStage();
    const { status, body } = await stage.ask(path + place, { method, scope });
    expect([status, body.messageParams]).toEqual([403, { permissions: wanted }]);
  });
});

describe('control over deployments', () => {
  test('sets and shows the deployments of one tenant until the reset, without an audit record', async () => {
    await using stage = await openStage();
    const deployment = { id: 'one', ...guideDeployment };
    await stage.control('PUT', '/deployments', { tenant: 'acme', deployment });
    expect((await stage.control('GET', '/deployments?tenant=acme')).body).toEqual([deployment]);
    expect((await stage.control('GET', '/deployments?tenant=globex')).body).toEqual([]);
    expect((await stage.control('GET', '/audit/records?tenant=acme')).body).toEqual([]);
    await stage.control('POST', '/reset');
    expect((await read(stage, 'one')).status).toBe(404);
  });

  test.each([
    [
      { tenant: 'acme', deployment: { name: 'Chat', properties: {} } },
      'deployment.id: wanted string, got nothing',
    ],
    [
      { tenant: 'acne', deployment: { id: 'a', name: 'Chat', properties: {} } },
      'tenant: wanted one of "acme", ',
    ],
    [{ tenant: 'acme' }, 'deployment: wanted object, got nothing'],
  ])('refuses %j with the reason', async (change, sentence) => {
    await using stage = await openStage();
    const { status, body } = await stage.control('PUT', '/deployments', change);
    expect(status).toBe(400);
    expect(body.problems.join()).toContain(sentence);
  });
});
