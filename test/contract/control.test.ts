import sdk from 'purecloud-platform-client-v2';
import { expect, test } from 'vitest';
import { openSandbox } from '../../src/sandbox/server.ts';
import { openTestSandbox } from '../support/test-sandbox.ts';
import { configuration } from './bodies.ts';
import { openStage, sdkClient, TENANT } from './sdk.ts';

test('a change of settings keeps the rest, and a reset brings the first ones back', async () => {
  const { sandbox } = await openStage({ platform: { messages: { inboundCharacters: 10 } } });
  await sandbox.platform('PUT', '/settings', { messages: { maxOutbound: 3 }, rate: { perToken: 5 } });
  const settings = () => sandbox.platform('GET', '/settings');
  expect(await settings()).toMatchObject({
    messages: { inboundCharacters: 10, maxOutbound: 3 },
    rate: { perToken: 5, perClient: 3000 },
  });
  await sandbox.reset();
  expect(await settings()).toMatchObject({
    messages: { inboundCharacters: 10, maxOutbound: null },
    rate: { perToken: 300 },
  });
});

test('a setting that does not exist is refused, and nothing changes', async () => {
  const { sandbox } = await openStage();
  const change = { rate: { perToken: 5 }, messages: { maxOutbound: -1, speed: 3 } };
  await expect(sandbox.platform('PUT', '/settings', change)).rejects.toThrow(
    /messages\.maxOutbound.*messages\.speed/,
  );
  expect(await sandbox.platform('GET', '/settings')).toMatchObject({ rate: { perToken: 300 } });
  await expect(openSandbox({ platform: { rate: { perToken: 0 } } })).rejects.toThrow(/rate\.perToken/);
});

test('a reset removes what clients have made, and leaves their tokens', async () => {
  const { sandbox, webDeployments, advance } = await openStage();
  await webDeployments.postWebdeploymentsConfigurations(configuration());
  await sandbox.reset();
  advance(1000);
  expect((await webDeployments.getWebdeploymentsConfigurations()).total).toBe(0);
  expect(await sandbox.platform('GET', `/audits?tenant=${TENANT}`)).toEqual([]);
});

test('a sandbox without clients of its own has one of the platform', async () => {
  const { url } = await openTestSandbox();
  const client = sdkClient(url);
  await client.loginClientCredentialsGrant('umbrella-client', 'umbrella-sandbox-secret');
  const token = await new sdk.TokensApi(client).getTokensMe();
  expect(token).toMatchObject({ organization: { name: 'umbrella' } });
});
