import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { DEFAULT_DEPLOYMENT_ID } from '../../src/sandbox/platform/webmessaging/deployments.ts';
import { connectGuest } from '../support/channel/guest.ts';
import { configuration } from './bodies.ts';
import { failureOf, openStage, type Stage } from './sdk.ts';

const AT_ONCE = {
  platform: {
    configurations: { notFoundForMs: 0, pendingForMs: 0 },
    deployments: { notFoundForMs: 0, pendingForMs: 0 },
  },
};

const conversations = {
  enabled: true,
  markdown: { enabled: true },
  showUserTypingIndicator: false,
  autoStart: { enabled: true },
  conversationClear: { enabled: true },
  conversationDisconnect: { enabled: true, type: 'ReadOnly' },
  sessionDurationSeconds: 900,
};

const strict = {
  ...configuration(),
  languages: ['de-de'],
  defaultLanguage: 'de-de',
  messenger: {
    ...configuration().messenger,
    fileUpload: { enableAttachments: false, modes: [{ fileTypes: ['image/gif'], maxFileSizeKB: 7 }] },
    apps: { conversations },
  },
};

/** Creates, publishes and deploys a configuration as a client does. */
async function deployed({ webDeployments }: Stage, fields = strict): Promise<string> {
  const { id = '' } = await webDeployments.postWebdeploymentsConfigurations(fields);
  const { version = '' } = await webDeployments.postWebdeploymentsConfigurationVersionsDraftPublish(id);
  const deployment = await webDeployments.postWebdeploymentsDeployments({
    name: 'Shop',
    configuration: { id, version },
    allowAllDomains: true,
  });
  return deployment.id ?? '';
}

async function configOf({ sandbox }: Stage, deploymentId: string) {
  const answer = await fetch(`${sandbox.url}/webdeployments/v1/deployments/${deploymentId}/config.json`);
  return (await answer.json()) as { version: string; [field: string]: unknown };
}

const event = (token: string, content: object) => ({
  action: 'onMessage',
  token,
  message: { type: 'Event', events: [content] },
});
const typing = { eventType: 'Typing', typing: { type: 'On' } };
const clear = { eventType: 'Presence', presence: { type: 'Clear' } };

describe('a deployment of the API', () => {
  test('shows the values of its version in config.json', async () => {
    const stage = await openStage(AT_ONCE);
    const deploymentId = await deployed(stage);
    expect(await configOf(stage, deploymentId)).toMatchObject({
      version: '1',
      languages: ['de-de'],
      defaultLanguage: 'de-de',
      messenger: {
        enabled: true,
        styles: { primaryColor: '#0a5bd3' },
        launcherButton: { visibility: 'On' },
        apps: { conversations },
        fileUpload: { enableAttachments: false, modes: [{ fileTypes: ['image/gif'], maxFileSizeKB: 7 }] },
      },
    });
  });

  test('behaves in the channel as its version says', async () => {
    const stage = await openStage(AT_ONCE);
    await stage.sandbox.platform('PUT', '/webmessaging/settings', { session: { autoStarted: true } });
    const deploymentId = await deployed(stage);
    const token = randomUUID();
    const guest = await connectGuest(stage.sandbox, { deploymentId });
    const { body } = await guest.configure(token, { deploymentId });
    expect(body).toMatchObject({ newSession: true, durationSeconds: 900, autoStarted: true });
    expect(await guest.ask(event(token, typing))).toMatchObject({ code: 403 });
    const file = { action: 'onAttachment', token, fileName: 'a.png', fileType: 'image/png' };
    expect(await guest.ask(file)).toMatchObject({ code: 4000 });

    await stage.sandbox.platform('POST', '/webmessaging/sessions/disconnect', { token });
    await guest.until('the end', (frame) => JSON.stringify(frame.body).includes('"readOnly":"true"'));
    expect(await guest.say(token, 'Hello?')).toMatchObject({ code: 409 });
  });

  test('allows a guest to clear the conversation', async () => {
    const stage = await openStage(AT_ONCE);
    const deploymentId = await deployed(stage);
    const token = randomUUID();
    const guest = await connectGuest(stage.sandbox, { deploymentId });
    await guest.configure(token, { deploymentId });
    guest.send(event(token, clear));
    await guest.until('the clear', (frame) => frame.class === 'SessionClearedEvent');
  });

  test('follows the version that it is pinned to next, and not the draft', async () => {
    const stage = await openStage(AT_ONCE);
    const { webDeployments } = stage;
    const deploymentId = await deployed(stage);
    const deployment = await webDeployments.getWebdeploymentsDeployment(deploymentId);
    const { id = '' } = deployment.configuration;
    await webDeployments.putWebdeploymentsConfigurationVersionsDraft(id, configuration());
    await webDeployments.postWebdeploymentsConfigurationVersionsDraftPublish(id);
    expect(await configOf(stage, deploymentId)).toMatchObject({ version: '1', defaultLanguage: 'de-de' });

    await webDeployments.putWebdeploymentsDeployment(deploymentId, {
      ...deployment,
      configuration: { id, version: '2' },
    });
    expect(await configOf(stage, deploymentId)).toMatchObject({ version: '2', defaultLanguage: 'en-us' });
  });
});

describe('a deployment that the sandbox has or a test sets', () => {
  test('is one of the API, with its configuration, in no list unless a test set it', async () => {
    const stage = await openStage(AT_ONCE);
    const { webDeployments } = stage;
    const deployment = await webDeployments.getWebdeploymentsDeployment(DEFAULT_DEPLOYMENT_ID);
    expect(deployment).toMatchObject({ status: 'Active', allowAllDomains: true });
    const { id, version } = deployment.configuration;
    expect(await webDeployments.getWebdeploymentsConfigurationVersion(id, version)).toMatchObject({
      status: 'Active',
      messenger: { enabled: true, apps: { conversations: { conversationClear: { enabled: false } } } },
    });
    expect((await webDeployments.getWebdeploymentsDeployments()).total).toBe(0);
    const removal = webDeployments.deleteWebdeploymentsConfiguration(id);
    expect(await failureOf(removal)).toMatchObject({ status: 409 });

    const draft = await webDeployments.getWebdeploymentsConfigurationVersionsDraft(id);
    await webDeployments.putWebdeploymentsConfigurationVersionsDraft(id, { ...draft, ...strict });
    await webDeployments.postWebdeploymentsConfigurationVersionsDraftPublish(id);
    deployment.configuration = { id, version: '2' };
    await webDeployments.putWebdeploymentsDeployment(DEFAULT_DEPLOYMENT_ID, deployment);
    expect(await configOf(stage, DEFAULT_DEPLOYMENT_ID)).toMatchObject({ defaultLanguage: 'de-de' });
  });

  test('is refused for a tenant that does not exist', async () => {
    const { sandbox } = await openStage();
    const deployment = { id: 'deployment-7', tenant: 'unknown' };
    await expect(sandbox.platform('PUT', '/webmessaging/deployments', deployment)).rejects.toThrow(
      /umbrella/,
    );
  });

  test('keeps every field that a test gave it', async () => {
    const { sandbox, webDeployments } = await openStage({ webmessaging: { deployments: [] } });
    const deployment = {
      id: 'deployment-7',
      version: '7',
      status: 'Inactive',
      allowAllDomains: false,
      allowedDomains: ['shop.example'],
      languages: ['ja'],
      defaultLanguage: 'ja',
      messengerEnabled: true,
      conversationsEnabled: false,
      autoStart: true,
      conversationDisconnect: { enabled: true, type: 'Send' },
      conversationClear: true,
      showUserTypingIndicator: false,
      sessionDurationSeconds: 60,
      attachments: false,
      auth: { enabled: true, allowSessionUpgrade: true },
      journeyEvents: true,
    };
    await sandbox.platform('PUT', '/webmessaging/deployments', deployment);
    expect(await sandbox.platform('GET', '/webmessaging/deployments')).toEqual([
      { ...deployment, tenant: 'umbrella' },
    ]);
    expect((await webDeployments.getWebdeploymentsDeployments()).entities).toMatchObject([
      { id: 'deployment-7', configuration: { version: '7' } },
    ]);
  });
});
