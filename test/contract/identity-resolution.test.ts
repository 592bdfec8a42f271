import { expect, test } from 'vitest';
import { activeDeployment } from './bodies.ts';
import { CLIENT, failureOf, openStage } from './sdk.ts';

test('the identity resolution of a deployment is off, and keeps what a client writes', async () => {
  const stage = await openStage();
  const { webDeployments } = stage;
  const id = await activeDeployment(stage);
  const read = () => webDeployments.getWebdeploymentsDeploymentIdentityresolution(id);
  const selfUri = `/api/v2/webdeployments/deployments/${id}/identityresolution`;
  expect(await read()).toEqual({ resolveIdentities: false, selfUri });
  const written = {
    resolveIdentities: true,
    externalSource: { id: 'source-1' },
    automerge: { authenticatedWebMessaging: true, webTracking: false },
  };
  expect(await webDeployments.putWebdeploymentsDeploymentIdentityresolution(id, written)).toEqual({
    ...written,
    selfUri,
  });
  expect(await read()).toEqual({ ...written, selfUri });
});

test('an identity resolution is refused with its reasons', async () => {
  const poor = { ...CLIENT, clientId: 'poor', permissions: ['webDeployments:deployment:edit'] };
  const stage = await openStage({
    clients: [CLIENT, poor],
    platform: { deployments: { externalSources: ['ours'] } },
  });
  const { webDeployments } = stage;
  const id = await activeDeployment(stage);
  const write = (body: object, deploymentId = id, api = webDeployments) =>
    failureOf(
      api.putWebdeploymentsDeploymentIdentityresolution(deploymentId, body as { resolveIdentities: boolean }),
    );
  expect(await write({})).toMatchObject({ status: 400, code: 'constraint.validation' });
  expect(await write({ resolveIdentities: true, merge: true })).toMatchObject({ code: 'invalid.property' });
  expect(await write({ resolveIdentities: true, externalSource: { id: 'theirs' } })).toMatchObject({
    status: 422,
    code: 'validation.failed',
  });
  expect(await write({ resolveIdentities: true }, 'nothing')).toMatchObject({ status: 404 });
  const other = await stage.loginAs(poor);
  expect(await write({ resolveIdentities: true }, id, other.webDeployments)).toMatchObject({
    status: 403,
    messageParams: { permissions: 'webDeployments:identityResolution:edit' },
  });
});
