import { DEFAULT_OPEN_INTEGRATION_ID } from '../../src/sandbox/platform/messages/settings.ts';
import { type Stage, TENANT } from './sdk.ts';

/** The integration that every tenant of the sandbox has. */
export const INTEGRATION = DEFAULT_OPEN_INTEGRATION_ID;

/** The channel of a guest's message. */
export function channel(messageId: string, time = '2026-03-01T12:00:00.000Z') {
  return { from: { id: 'guest-1', idType: 'Opaque', nickname: 'Ada' }, time, messageId };
}

/** A whole configuration, with a value for every group that clients change. */
export function configuration(name = 'Shop') {
  return {
    name,
    description: 'The messenger of the shop',
    languages: ['en-us', 'de-de'],
    defaultLanguage: 'en-us',
    headlessMode: { enabled: false },
    customI18nLabels: [
      {
        language: 'en-us',
        localizedLabels: [{ key: 'MessengerHomeHeaderTitle', value: 'Welcome' }],
      },
    ],
    messenger: {
      enabled: true,
      styles: { primaryColor: '#0a5bd3' },
      launcherButton: { visibility: 'On' },
      fileUpload: { enableAttachments: true, modes: [{ fileTypes: ['image/png'], maxFileSizeKB: 10240 }] },
      homeScreen: { enabled: true, logoUrl: 'https://cdn.example/logo.png' },
      apps: { conversations: { enabled: true, markdown: { enabled: true } } },
    },
    position: { alignment: 'Right', sideSpace: 20, bottomSpace: 30 },
  };
}

/** A configuration that is visible, active and published as version 1. */
export async function publishedConfiguration({ sandbox }: Stage, id = 'configuration-1'): Promise<string> {
  await sandbox.platform('PUT', '/configurations', {
    tenant: TENANT,
    id,
    configuration: configuration(),
  });
  return id;
}

/** A deployment that is visible and active. */
export async function activeDeployment(stage: Stage, id = 'deployment-1'): Promise<string> {
  const configurationId = await publishedConfiguration(stage);
  await stage.sandbox.platform('PUT', '/deployments', {
    tenant: TENANT,
    id,
    deployment: { name: 'Shop', configuration: { id: configurationId, version: '1' }, allowAllDomains: true },
  });
  return id;
}

/** A live conversation with an agent. */
export async function liveConversation(
  { sandbox }: Stage,
  addresses: object = {},
): Promise<{ conversationId: string; communicationId: string }> {
  const start = { tenant: TENANT, customerAddress: 'guest-1', ...addresses };
  return (await sandbox.platform('POST', '/conversations', start)) as {
    conversationId: string;
    communicationId: string;
  };
}

/** Audit records, one a second, as the platform writes them. */
export async function auditRecords({ sandbox }: Stage, count: number): Promise<void> {
  const records = Array.from({ length: count }, (_, index) => ({
    id: `record-${index + 1}`,
    eventDate: new Date(Date.parse('2026-02-28T00:00:00Z') + index * 1000).toISOString(),
    serviceName: 'WebDeployments',
    action: index % 2 === 0 ? 'Create' : 'Update',
    entityType: 'Deployment',
    entity: { id: `deployment-${index % 3}`, name: 'Shop' },
    user: { id: 'user-1', name: 'Grace Hopper' },
    initiatingAction: { transactionId: `transaction-${index % 2}` },
  }));
  await sandbox.platform('POST', '/audits', { tenant: TENANT, records });
}

/** The interval of those records. */
export const INTERVAL = '2026-02-28T00:00:00Z/2026-03-01T00:00:00Z';
