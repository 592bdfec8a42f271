import { randomUUID } from 'node:crypto';
import type { Config } from '../config/settings.ts';
import { systemClock } from '../core/clock.ts';
import { messageOf, OperatorError } from '../core/errors.ts';
import { createGuardedTransports } from '../outbound/guarded-transports.ts';
import { wayOut } from '../outbound/way-out.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { Attempt } from './attempt.ts';
import { type Delivery, deliver, MAX_ANSWER_BYTES } from './deliver.ts';
import { requestOf } from './request.ts';
import { secretsOf } from './secrets.ts';

export interface TestSend {
  readonly tenant: Tenant;
  /** Allowed by the tenant's rules for receivers. */
  readonly url: string;
  readonly tenants: TenantRegistry;
  readonly config: Pick<Config, 'connectTimeoutMs' | 'webhookTimeoutMs'> & Parameters<typeof wayOut>[0];
}

/**
 * Sends one signed `webhook.test` event to a receiver, as a worker does.
 * @throws {OperatorError} when the tenant has no secret, or it cannot be read.
 */
export async function sendTest({ tenant, url, tenants, config }: TestSend): Promise<Attempt> {
  const delivery = signedTest(tenant, url, tenants);
  const { connectTimeoutMs, webhookTimeoutMs } = config;
  const receivers = createGuardedTransports({
    connectTimeoutMs,
    requestTimeoutMs: webhookTimeoutMs,
    maxAnswerBytes: MAX_ANSWER_BYTES,
    ...wayOut(config),
  });
  try {
    return await deliver(delivery, {
      transport: receivers.of(tenant.receivers),
      clock: systemClock,
      timeoutMs: webhookTimeoutMs,
    });
  } finally {
    await receivers.close();
  }
}

function signedTest({ id: tenantId, ...tenant }: Tenant, url: string, tenants: TenantRegistry): Delivery {
  const event = { type: 'webhook.test', timestamp: new Date().toISOString(), data: { tenantId } };
  const messageId = `test-${randomUUID()}`;
  try {
    return requestOf({ tenantId, purpose: 'callback', url, messageId, event }, secretsOf(tenant, tenants));
  } catch (error) {
    throw new OperatorError(messageOf(error), 'settings');
  }
}
