import type { Clock } from '../src/core/clock.ts';
import { CodedError } from '../src/core/errors.ts';
import { done, type Outcome, park, reject, snooze, retry as toRetry } from '../src/core/outcome.ts';
import type { WebhookDelivery } from '../src/jobs/webhook-delivery.ts';
import type { Attributes, Tracing } from '../src/observe/tracing.ts';
import type { GuardedTransports } from '../src/outbound/guarded-transports.ts';
import type { Handler, JobContext, RetryPolicy } from '../src/runtime/handler.ts';
import type { RetryUntilAborted } from '../src/runtime/retry-until-aborted.ts';
import type { TenantRegistry } from '../src/tenants/registry.ts';
import { type Attempt, failureOf } from '../src/webhooks/attempt.ts';
import { type Delivery, deliver } from '../src/webhooks/deliver.ts';
import { endpointIdOf } from '../src/webhooks/endpoint-id.ts';
import type { Call, CallbackRef, DisabledFor, Endpoints, EnterDecision } from '../src/webhooks/endpoints.ts';
import { requestOf } from '../src/webhooks/request.ts';
import { secretsOf } from '../src/webhooks/secrets.ts';

export interface WebhookDeliveryOptions {
  readonly endpoints: Endpoints;
  readonly receivers: GuardedTransports;
  readonly tenants: TenantRegistry;
  readonly clock: Clock;
  readonly tracing: Tracing;
  readonly retryUntilAborted: RetryUntilAborted;
  /** Delays between attempts. */
  readonly retry: RetryPolicy;
  /** Longest wait for an answer, ms, by purpose. */
  readonly timeoutMs: Readonly<Record<WebhookDelivery['purpose'], number>>;
  /** Called when an attempt has disabled an endpoint. It must inform the operator. */
  readonly onDisabled: (callback: CallbackRef, reason: DisabledFor) => void;
}

/**
 * Delivers one callback (Standard Webhooks), one analytics event, or one embed code to a CMS. It
 * sends when its endpoint gives it a permit.
 */
export function webhookDelivery(options: WebhookDeliveryOptions): Handler<WebhookDelivery> {
  const { endpoints, receivers, tenants, clock, tracing, retry, onDisabled } = options;

  return async function deliverCallback(job) {
    const { tenant, data, jobId, run } = job;
    const request = requestOf(data, secretsOf(tenant, tenants));
    // Throws if this worker has lost the job.
    await job.requests.token();
    const call = { tenantId: tenant.id, jobId, url: data.url, run };
    const decision = await enter(call);
    switch (decision.verdict) {
      case 'wait':
        return snooze(decision.waitMs, 'endpoint');
      case 'park':
        return park(PARKED_MS, 'endpoint');
      case 'delivered':
        return delivered(decision.attempt);
      case 'disabled':
        throw new CodedError('WEBHOOK_ENDPOINT_DISABLED', DISABLED[decision.reason]);
      case 'go':
        return await send(job, request, call, decision.calls + 1);
    }
  };

  /**
   * Asks for a permit. A permit expires after the time of one call. If the reply came late, part of
   * that time is over, so the worker asks again.
   */
  async function enter(call: Call): Promise<EnterDecision> {
    for (let times = 1; ; times++) {
      const askedMs = performance.now();
      const decision = await endpoints.enter(call);
      const isFresh = performance.now() - askedMs < FRESH_MS;
      if (decision.verdict !== 'go' || isFresh || times === ASK_AT_MOST) return decision;
    }
  }

  /** Sends one attempt and releases the permit. @param number of the attempt, from 1. */
  async function send(
    { tenant, data, attempts, ending }: JobContext<WebhookDelivery>,
    request: Delivery,
    call: Call,
    number: number,
  ): Promise<Outcome> {
    const attempt = await deliver(request, {
      transport: receivers.of(tenant.receivers),
      clock,
      timeoutMs: options.timeoutMs[data.purpose],
      tracing,
      ...(tracing.isOn && { attributes: attributesOf(data, number) }),
      signal: ending,
    });
    const failure = failureOf(attempt);
    const againInMs = Math.max(retry.delayMs(number), attempt.retryAfterMs ?? 0);
    const disabledFor = await options.retryUntilAborted(() => endpoints.leave(call, attempt), ending);
    if (disabledFor) onDisabled(call, disabledFor);
    if (!failure) return delivered(attempt);
    if (attempt.outcome === 'abandoned') return snooze(0, 'given-up');
    const isLast = failure.disposition === 'reject' || number >= attempts;
    return isLast ? reject(failure) : toRetry(failure, againInMs);
  }
}

/** Longest time from the question to a reply with a permit, ms. */
const FRESH_MS = 1000;
/** Without this limit, callbacks would wait for ever when Redis is always slow. */
const ASK_AT_MOST = 3;
/** Scripts wake a parked callback. It runs by itself after this time, ms, if the wake was lost. */
const PARKED_MS = 3_600_000;

const DISABLED: Readonly<Record<DisabledFor, string>> = {
  gone: 'the endpoint is disabled: its receiver answered 410',
  failing: 'the endpoint is disabled: all its calls failed for days',
};

/** The address is not in it: producers choose it, and its path may be a secret. */
function attributesOf({ tenantId, url, purpose }: WebhookDelivery, attempt: number): Attributes {
  return {
    'gwm.tenant.id': tenantId,
    'gwm.purpose': purpose,
    'gwm.endpoint.id': endpointIdOf(tenantId, url),
    'gwm.attempt': attempt,
  };
}

function delivered({ status = 0, latencyMs }: Attempt): Outcome {
  return done({ status, requestMs: latencyMs });
}
