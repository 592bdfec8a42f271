import { describe, expect, test } from 'vitest';
import { configuration, publishedConfiguration } from './bodies.ts';
import { failureOf, openStage, type Stage, TENANT } from './sdk.ts';

const NOT_YET = { notFoundForMs: 1000, pendingForMs: 3000 };

describe('a new configuration', () => {
  test('is a draft that is 404 at first, then Pending, then Active', async () => {
    const { webDeployments, advance } = await openStage({ platform: { configurations: NOT_YET } });
    const created = await webDeployments.postWebdeploymentsConfigurations(configuration());
    expect(created).toMatchObject({ ...configuration(), version: 'DRAFT', status: 'Pending' });
    const { id = '' } = created;
    const draft = () => webDeployments.getWebdeploymentsConfigurationVersionsDraft(id);

    expect(await failureOf(draft())).toMatchObject({ status: 404, code: 'not.found' });
    expect(await webDeployments.getWebdeploymentsConfigurations()).toMatchObject({ total: 0 });
    advance(1000);
    expect(await draft()).toMatchObject({ status: 'Pending', dateCreated: '2026-03-01T12:00:00.000Z' });
    advance(2000);
    expect(await draft()).toMatchObject({ status: 'Active' });
    expect(await webDeployments.getWebdeploymentsConfigurations()).toMatchObject({
      entities: [{ id, version: 'DRAFT', name: 'Shop' }],
    });
  });

  test('has version 1 at once if a setting says so', async () => {
    const { webDeployments, advance } = await openStage({
      platform: { configurations: { publishesOnCreate: true } },
    });
    const { id = '' } = await webDeployments.postWebdeploymentsConfigurations(configuration());
    advance(1000);
    expect(await webDeployments.getWebdeploymentsConfigurationVersion(id, '1')).toMatchObject({
      version: '1',
    });
  });

  test('is refused above the limit, which the error names', async () => {
    const { webDeployments } = await openStage({ platform: { configurations: { maxConfigurations: 1 } } });
    await webDeployments.postWebdeploymentsConfigurations(configuration());
    const second = webDeployments.postWebdeploymentsConfigurations(configuration());
    expect(await failureOf(second)).toMatchObject({
      status: 400,
      code: 'resource.limit.exceeded',
      limit: { key: 'configurations.max', namespace: 'web.deployments', value: 1 },
    });
  });
});

describe('a draft', () => {
  test('is replaced as a whole, and the last write wins', async () => {
    const stage = await openStage();
    const id = await publishedConfiguration(stage);
    const read = await stage.webDeployments.getWebdeploymentsConfigurationVersionsDraft(id);
    await foreignChange(stage, id, { description: 'by another administrator' });

    const { position: _left, ...rest } = read;
    const written = await stage.webDeployments.putWebdeploymentsConfigurationVersionsDraft(id, rest);
    expect(written).toMatchObject({ description: configuration().description, status: 'Pending' });
    expect(written.position).toBeUndefined();
    expect(written.dateModified).not.toBe(read.dateModified);
    expect(written.version).toBe('DRAFT');
  });

  test('cannot be published before it is Active', async () => {
    const stage = await openStage({ platform: { configurations: NOT_YET } });
    const id = await publishedConfiguration(stage);
    const { webDeployments } = stage;
    await webDeployments.putWebdeploymentsConfigurationVersionsDraft(id, configuration('Renamed'));
    const publish = () => webDeployments.postWebdeploymentsConfigurationVersionsDraftPublish(id);
    expect(await failureOf(publish())).toMatchObject({ status: 400, code: 'illegal.operation' });

    stage.advance(3000);
    expect(await publish()).toMatchObject({ version: '2', name: 'Renamed', status: 'Pending' });
    const version = () => webDeployments.getWebdeploymentsConfigurationVersion(id, '2');
    expect(await failureOf(version())).toMatchObject({ status: 404 });
    stage.advance(3000);
    expect(await version()).toMatchObject({ status: 'Active', datePublished: '2026-03-01T12:00:03.000Z' });
    expect(await webDeployments.getWebdeploymentsConfigurations()).toMatchObject({
      entities: [{ id, version: '2' }],
    });
  });

  test('can be changed by another administrator after each read', async () => {
    const stage = await openStage();
    const id = await publishedConfiguration(stage);
    await stage.sandbox.platform('PUT', '/foreign-administrator', {
      tenant: TENANT,
      changes: { description: 'theirs' },
      times: 1,
    });
    const read = () => stage.webDeployments.getWebdeploymentsConfigurationVersionsDraft(id);
    const [first, second, third] = [await read(), await read(), await read()];
    expect(first.description).toBe(configuration().description);
    expect(second.description).toBe('theirs');
    expect(second.dateModified).not.toBe(first.dateModified);
    expect(third.dateModified).toBe(second.dateModified);
  });

  test.each(['write', 'publish'])('can be changed by another administrator after a %s', async (after) => {
    const stage = await openStage({ platform: { configurations: { pendingForMs: 0 } } });
    const id = await publishedConfiguration(stage);
    const plan = { tenant: TENANT, configurationId: id, changes: { name: 'Theirs' }, after, times: 1 };
    await stage.sandbox.platform('PUT', '/foreign-administrator', plan);
    const { webDeployments } = stage;
    await webDeployments.putWebdeploymentsConfigurationVersionsDraft(id, configuration('Ours'));
    const published = await webDeployments.postWebdeploymentsConfigurationVersionsDraftPublish(id);
    expect(published.name).toBe(after === 'write' ? 'Theirs' : 'Ours');
    expect(await webDeployments.getWebdeploymentsConfigurationVersionsDraft(id)).toMatchObject({
      name: 'Theirs',
    });
  });
});

describe('the fields of a configuration', () => {
  test('that are read only have no effect', async () => {
    const { webDeployments } = await openStage();
    const body = { ...configuration(), id: 'mine', version: '9', status: 'Active', dateCreated: 'never' };
    const created = await webDeployments.postWebdeploymentsConfigurations(body);
    expect(created).toMatchObject({ version: 'DRAFT', status: 'Pending' });
    expect(created.id).not.toBe('mine');
  });

  test.each([
    ['a name', { name: undefined }, 'constraint.validation', 'name'],
    ['a position', { position: { alignment: 'Top' } }, 'invalid.value', 'position.alignment'],
    [
      'a color',
      { messenger: { styles: { primaryColor: '#fff' } } },
      'constraint.validation',
      'messenger.styles.primaryColor',
    ],
    ['a language', { defaultLanguage: 'fr' }, 'constraint.validation', 'defaultLanguage'],
    ['languages', { languages: [] }, 'constraint.validation', 'languages'],
    ['an unknown field', { theme: 'dark' }, 'invalid.property', 'theme'],
    [
      'an unknown field deep inside',
      { messenger: { launcherButton: { color: '#ffffff' } } },
      'invalid.property',
      'messenger.launcherButton.color',
    ],
  ])('are refused with their path: %s', async (_case, fields, code, fieldName) => {
    const { webDeployments } = await openStage();
    const body = { ...configuration(), ...fields } as ReturnType<typeof configuration>;
    expect(await failureOf(webDeployments.postWebdeploymentsConfigurations(body))).toMatchObject({
      status: 400,
      code,
      details: [{ errorCode: code, fieldName }],
    });
  });

  test('that are unknown can be dropped instead', async () => {
    const { webDeployments } = await openStage({ platform: { configurations: { unknownFields: 'drop' } } });
    const body = { ...configuration(), theme: 'dark', position: { alignment: 'Left', top: 3 } };
    const created = await webDeployments.postWebdeploymentsConfigurations(body);
    expect(created).toMatchObject({ position: { alignment: 'Left' } });
    expect(created).not.toHaveProperty('theme');
  });
});

describe('a list of configurations', () => {
  test('has cursors in both directions', async () => {
    const stage = await openStage();
    for (const id of ['a', 'b', 'c', 'd', 'e']) await publishedConfiguration(stage, id);
    const page = async (options: object) => {
      const listing = await stage.webDeployments.getWebdeploymentsConfigurations({
        pageSize: '2',
        ...options,
      });
      const cursor = (uri = '', name: string) => new URL(uri, 'http://host').searchParams.get(name);
      return {
        ids: listing.entities?.map(({ id }) => id),
        total: listing.total,
        next: listing.nextUri && cursor(listing.nextUri, 'after'),
        previous: listing.previousUri && cursor(listing.previousUri, 'before'),
      };
    };
    const first = await page({});
    expect(first).toEqual({ ids: ['a', 'b'], total: 5, next: expect.any(String), previous: undefined });
    const second = await page({ after: first.next });
    expect(second.ids).toEqual(['c', 'd']);
    const last = await page({ after: second.next });
    expect(last).toMatchObject({ ids: ['e'], next: undefined });
    expect((await page({ before: last.previous })).ids).toEqual(['c', 'd']);
  });

  test('can leave out what was never published', async () => {
    const { webDeployments, advance } = await openStage();
    await webDeployments.postWebdeploymentsConfigurations(configuration());
    advance(1000);
    const published = { showOnlyPublished: true };
    expect((await webDeployments.getWebdeploymentsConfigurations()).total).toBe(1);
    expect((await webDeployments.getWebdeploymentsConfigurations(published)).total).toBe(0);
  });

  test.each([{ pageSize: 'many' }, { pageSize: '0' }, { after: 'nowhere' }])(
    'is refused with %o',
    async (options) => {
      const { webDeployments } = await openStage();
      expect(await failureOf(webDeployments.getWebdeploymentsConfigurations(options))).toMatchObject({
        status: 400,
        code: 'invalid.query.param.value',
      });
    },
  );

  test('of versions has the draft and the newest version first', async () => {
    const stage = await openStage();
    const id = await publishedConfiguration(stage);
    await stage.webDeployments.postWebdeploymentsConfigurationVersionsDraftPublish(id);
    stage.advance(1000);
    const { entities } = await stage.webDeployments.getWebdeploymentsConfigurationVersions(id);
    expect(entities?.map(({ version }) => version)).toEqual(['DRAFT', '2', '1']);
  });
});

test('a deleted configuration is Deleting, then 404', async () => {
  const stage = await openStage({ platform: { configurations: { deletingForMs: 1000 } } });
  const id = await publishedConfiguration(stage);
  const draft = () => stage.webDeployments.getWebdeploymentsConfigurationVersionsDraft(id);
  await stage.webDeployments.deleteWebdeploymentsConfiguration(id);
  expect(await draft()).toMatchObject({ status: 'Deleting' });
  stage.advance(1000);
  expect(await failureOf(draft())).toMatchObject({ status: 404 });
});

async function foreignChange({ sandbox }: Stage, configurationId: string, changes: object): Promise<void> {
  await sandbox.platform('POST', '/foreign-administrator', { tenant: TENANT, configurationId, changes });
}
