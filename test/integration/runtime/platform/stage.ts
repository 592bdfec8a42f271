import type { JobInput, JobKind } from '../../../../src/jobs/catalog.ts';
import type { Producer } from '../../../../src/queues/producer.ts';
import type { StoredMessage } from '../../../../src/sandbox/platform/messages/conversations.ts';
import { DEFAULT_OPEN_INTEGRATION_ID } from '../../../../src/sandbox/platform/messages/settings.ts';
import { loadTenants } from '../../../../src/tenants/registry.ts';
import type { EndedJob, System, TenantSpec } from '../../../support/system.ts';

/** The integration of Open Messaging that every tenant of the sandbox has. */
export const INTEGRATION = DEFAULT_OPEN_INTEGRATION_ID;

/** The settings of every route that a tenant of the sandbox can have without more. */
export const ROUTES = {
  open: { integrationId: INTEGRATION },
  agentless: { fromAddress: '+15550001', toAddressMessengerType: 'sms' },
} as const;

/** A tenant of the dialect `platform`. */
export function tenantOf(id: string, route: string, more: Partial<TenantSpec> = {}): TenantSpec {
  return { id, dialect: 'platform', platform: { ...ROUTES, route } as never, ...more };
}

/** A producer that knows the tenants file, as a producer needs it for routes. */
export function producerOf({ config, environment, openProducer }: System): Producer {
  const tenants = loadTenants({ file: config.tenantsFile, environment, requireSecrets: false });
  return openProducer({ tenants });
}

/** A conversation as the control interface of the sandbox shows it. */
export interface Thread {
  conversationId: string;
  organizationAddress: string;
  customerAddress: string;
  repeatedMessageIds: number;
  outOfOrder: number;
  messages: StoredMessage[];
}

/** All conversations of a tenant, the oldest first. */
export async function threadsOf({ sandbox }: System, tenant: string): Promise<Thread[]> {
  return (await sandbox.platform('GET', `/messages?tenant=${tenant}`)) as Thread[];
}

/** Every message of a tenant, by conversation. */
export async function messagesOf(system: System, tenant: string): Promise<StoredMessage[]> {
  return (await threadsOf(system, tenant)).flatMap(({ messages }) => messages);
}

/** Enqueues a job, and waits for the end of all jobs that it became. */
export async function run<Kind extends JobKind>(
  system: System,
  producer: Producer,
  kind: Kind,
  data: JobInput<Kind> & { tenantId: string },
): Promise<(EndedJob & { readonly jobId: string })[]> {
  const { jobIds } = await producer.enqueue(kind, data);
  const { tenantId } = data;
  return await Promise.all(
    jobIds.map(async (jobId) => ({ jobId, ...(await system.ended(jobId, { kind, tenantId })) })),
  );
}

/** A live conversation with an agent. */
export async function startConversation({ sandbox }: System, tenant: string, guest = 'guest-1') {
  const started = await sandbox.platform('POST', '/conversations', { tenant, customerAddress: guest });
  const { conversationId, communicationId } = started as Record<string, string>;
  return { conversationId: conversationId ?? '', communicationId: communicationId ?? '' };
}
