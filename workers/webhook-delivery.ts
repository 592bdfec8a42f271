import type { Clock } from '../src/core/clock.ts';
import { CodedError } from '../src/core/errors.ts';
import { done } from '../src/core/outcome.ts';
import type { WebhookDelivery } from '../src/jobs/webhook-delivery.ts';
import type { Transport } from '../src/outbound/transport.ts';
import type { Handler } from '../src/runtime/handler.ts';
import type { TenantRegistry } from '../src/tenants/registry.ts';
import { deliver } from '../src/webhooks/deliver.ts';

export interface WebhookDeliveryOptions {
  readonly transport: Transport;
  readonly tenants: TenantRegistry;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** Delivers one signed callback (Standard Webhooks), or one embed code to a CMS, signed where the tenant has a secret. */
export function webhookDelivery({
  transport,
  tenants,
  clock,
  timeoutMs,
}: WebhookDeliveryOptions): Handler<WebhookDelivery> {
  return async function deliverCallback({ tenant, data, signal }) {
    const reference = tenant.callback?.secret;
    if (!reference && data.purpose === 'callback') {
      throw new CodedError('WEBHOOK_SECRET_MISSING', `tenant ${tenant.id} has no callback.secret`);
    }
    const secret = reference && tenants.secret(reference);
    const receipt = await deliver(data, secret, { transport, clock, timeoutMs, signal });
    return done({ status: receipt.status, requestMs: receipt.latencyMs });
  };
}
