import { describe, expect, test } from 'vitest';
import { activeDeployment, configuration, publishedConfiguration } from './bodies.ts';
import { failureOf, openStage, type Stage } from './sdk.ts';

describe('a new deployment', () => {
  test('is 404 at first, then Pending, then Active, and has a snippet', async () => {
    const stage = await openStage({
      platform: {
        deployments: { notFoundForMs: 1000, pendingForMs: 3000 },
        organization: { domain: 'mypurecloud.de', environment: 'prod-euc1' },
      },
    });
    const created = await stage.webDeployments.postWebdeploymentsDeployments(await body(stage));
    const { id = '' } = created;
    const read = () => stage.webDeployments.getWebdeploymentsDeployment(id);
    expect(created).toMatchObject({ status: 'Pending', allowedDomains: ['shop.example'] });
    expect(await failureOf(read())).toMatchObject({ status: 404, code: 'not.found' });
    stage.advance(1000);
    expect(await read()).toMatchObject({ status: 'Pending' });
    stage.advance(2000);
    const { status, snippet } = await read();
    expect(status).toBe('Active');
    expect(snippet).toContain(`deploymentId: '${id}'`);
    expect(snippet).toContain("environment: 'prod-euc1'");
    expect(snippet).toContain('https://apps.mypurecloud.de/genesys-bootstrap/genesys.min.js');
  });

  test('is refused while the version of its configuration cannot be seen', async () => {
    const stage = await openStage({ platform: { configurations: { notFoundForMs: 1000, pendingForMs: 0 } } });
    const configurationId = await publishedConfiguration(stage);
    await stage.webDeployments.postWebdeploymentsConfigurationVersionsDraftPublish(configurationId);
    const deployment = { name: 'Shop', configuration: { id: configurationId, version: '2' } };
    const create = () => stage.webDeployments.postWebdeploymentsDeployments(deployment);
    expect(await failureOf(create())).toMatchObject({ status: 400, code: 'bad.request' });
    stage.advance(1000);
    expect(await create()).toMatchObject({ configuration: { version: '2' } });
  });

  test.each([
    ['no configuration', { configuration: undefined }, 400, 'constraint.validation'],
    ['domains beside all domains', { allowAllDomains: true }, 400, 'constraint.validation'],
    ['an unknown status', { status: 'Paused' }, 400, 'invalid.value'],
    ['an unknown field', { language: 'de' }, 400, 'invalid.property'],
    ['a foreign flow', { flow: { id: 'theirs' } }, 400, 'bad.flow.id'],
    ['a foreign profile', { supportedContent: { id: 'theirs' } }, 404, 'scp.id.not.found'],
  ])('is refused with %s', async (_case, fields, status, code) => {
    const stage = await openStage({
      platform: { deployments: { flows: ['ours'], supportedContents: ['ours'] } },
    });
    const deployment = { ...(await body(stage)), ...fields } as Awaited<ReturnType<typeof body>>;
    const create = stage.webDeployments.postWebdeploymentsDeployments(deployment);
    expect(await failureOf(create)).toMatchObject({ status, code });
  });

  test('is refused above the limit', async () => {
    const stage = await openStage({ platform: { deployments: { maxDeployments: 1 } } });
    await activeDeployment(stage);
    const create = stage.webDeployments.postWebdeploymentsDeployments(await body(stage));
    expect(await failureOf(create)).toMatchObject({ status: 400, code: 'resource.limit.exceeded' });
  });
});

describe('a deployment', () => {
  test('stays pinned to its version until it is changed', async () => {
    const stage = await openStage({ platform: { configurations: { notFoundForMs: 0, pendingForMs: 0 } } });
    const { webDeployments } = stage;
    const id = await activeDeployment(stage);
    await webDeployments.putWebdeploymentsConfigurationVersionsDraft('configuration-1', configuration('New'));
    await webDeployments.postWebdeploymentsConfigurationVersionsDraftPublish('configuration-1');
    const pinned = () => webDeployments.getWebdeploymentsDeploymentConfigurations(id);
    expect(await pinned()).toMatchObject({ configurationVersion: { version: '1', name: 'Shop' } });

    const deployment = await webDeployments.getWebdeploymentsDeployment(id);
    deployment.configuration = { id: 'configuration-1', version: '2' };
    const updated = await webDeployments.putWebdeploymentsDeployment(id, deployment);
    expect(updated).toMatchObject({ status: 'Pending', configuration: { version: '2' } });
    expect(await pinned()).toMatchObject({ configurationVersion: { version: '2', name: 'New' } });
  });

  test('is replaced as a whole, and never created by a PUT', async () => {
    const stage = await openStage();
    const { webDeployments } = stage;
    const id = await activeDeployment(stage);
    const deployment = { ...(await body(stage)), status: 'Inactive' };
    const updated = await webDeployments.putWebdeploymentsDeployment(id, deployment);
    expect(updated.allowAllDomains).toBeUndefined();
    stage.advance(1000);
    expect(await webDeployments.getWebdeploymentsDeployment(id)).toMatchObject({ status: 'Inactive' });
    const unknown = webDeployments.putWebdeploymentsDeployment('nothing', deployment);
    expect(await failureOf(unknown)).toMatchObject({ status: 404 });
  });

  test('keeps its configuration from being deleted', async () => {
    const stage = await openStage();
    const id = await activeDeployment(stage);
    const remove = () => stage.webDeployments.deleteWebdeploymentsConfiguration('configuration-1');
    expect(await failureOf(remove())).toMatchObject({ status: 409, code: 'resource.conflict' });
    await stage.webDeployments.deleteWebdeploymentsDeployment(id);
    await remove();
    expect(await failureOf(stage.webDeployments.getWebdeploymentsDeployment(id))).toMatchObject({
      status: 404,
    });
  });

  test('shows its whole configuration when a list expands it', async () => {
    const stage = await openStage();
    await activeDeployment(stage);
    const list = async (expand: string[]) =>
      (await stage.webDeployments.getWebdeploymentsDeployments({ expand })).entities?.[0]?.configuration;
    expect(await list([])).toEqual({
      id: 'configuration-1',
      version: '1',
      name: 'Shop',
      selfUri: '/api/v2/webdeployments/configurations/configuration-1/versions/1',
    });
    expect(await list(['Configuration'])).toMatchObject(configuration());
  });
});

async function body(stage: Stage) {
  return {
    name: 'Shop',
    configuration: { id: await publishedConfiguration(stage), version: '1' },
    allowedDomains: ['shop.example'],
  };
}
