import type { Clock } from '../src/core/clock.ts';
import { CodedError } from '../src/core/errors.ts';
import { done, type Outcome, park, snooze } from '../src/core/outcome.ts';
import { parkMs } from '../src/flow/parking.ts';
import type { WebhookDelivery } from '../src/jobs/webhook-delivery.ts';
import type { GuardedTransports } from '../src/outbound/guarded-transports.ts';
import type { Handler } from '../src/runtime/handler.ts';
import { insist } from '../src/runtime/insist.ts';
import type { TenantRegistry } from '../src/tenants/registry.ts';
import type { Tenant } from '../src/tenants/tenant.ts';
import { type Attempt, failureOf } from '../src/webhooks/attempt.ts';
import { type Delivery, deliver } from '../src/webhooks/deliver.ts';
import type { Caller, DisabledFor, Endpoints } from '../src/webhooks/endpoints.ts';
import { requestOf } from '../src/webhooks/request.ts';
import { secretsOf } from '../src/webhooks/secrets.ts';

export interface WebhookDeliveryOptions {
  readonly endpoints: Endpoints;
  readonly receivers: GuardedTransports;
  readonly tenants: TenantRegistry;
  readonly clock: Clock;
  /** Longest wait for an answer, ms, by what is sent. */
  readonly timeoutMs: Readonly<Record<WebhookDelivery['purpose'], number>>;
  /** Told when an endpoint was disabled: its operator must hear of it by another way. */
  readonly onDisabled: (caller: Caller, reason: DisabledFor) => void;
}

/** Delivers one callback (Standard Webhooks), one analytics event, or one embed code to a CMS, once its endpoint has a place for it. */
export function webhookDelivery(options: WebhookDeliveryOptions): Handler<WebhookDelivery> {
  const { endpoints, receivers, tenants, clock, onDisabled } = options;

  return async function deliverCallback({ tenant, data, jobId, signal }) {
    const request = requestOf(data, secretsOf(tenant, tenants));
    const caller = { tenantId: tenant.id, jobId, url: data.url };
    const entrance = await endpoints.enter(caller);
    switch (entrance.verdict) {
      case 'wait':
        return snooze(entrance.waitMs, 'endpoint');
      case 'park':
        return park(parkMs({}), 'endpoint');
      case 'delivered':
        return delivered(entrance.attempt);
      case 'disabled':
        throw new CodedError('WEBHOOK_ENDPOINT_DISABLED', DISABLED[entrance.reason]);
      case 'go':
        return outcomeOf(await call(tenant, data.purpose, request, caller, signal));
    }
  };

  /** One attempt, and its place given back. */
  async function call(
    tenant: Tenant,
    purpose: WebhookDelivery['purpose'],
    request: Delivery,
    caller: Caller,
    signal: AbortSignal,
  ): Promise<Attempt> {
    const transport = receivers.of(tenant.receivers);
    const attempt = await deliver(request, {
      transport,
      clock,
      timeoutMs: options.timeoutMs[purpose],
      signal,
    });
    const disabledFor = await insist(() => endpoints.leave(caller, attempt), signal);
    if (disabledFor) onDisabled(caller, disabledFor);
    return attempt;
  }
}

const DISABLED: Readonly<Record<DisabledFor, string>> = {
  gone: 'the endpoint is disabled since its receiver answered 410',
  failing: 'the endpoint is disabled since nothing but failed for days',
};

function outcomeOf(attempt: Attempt): Outcome {
  const failure = failureOf(attempt);
  if (failure) throw failure;
  return delivered(attempt);
}

function delivered({ status = 0, latencyMs }: Attempt): Outcome {
  return done({ status, requestMs: latencyMs });
}
