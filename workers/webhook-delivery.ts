import type { Clock } from '../src/core/clock.ts';
import { CodedError } from '../src/core/errors.ts';
import { done, type Outcome, park, reject, snooze, retry as toRetry } from '../src/core/outcome.ts';
import type { WebhookDelivery } from '../src/jobs/webhook-delivery.ts';
import type { GuardedTransports } from '../src/outbound/guarded-transports.ts';
import type { Handler, JobContext, RetryPolicy } from '../src/runtime/handler.ts';
import type { RetryUntilAborted } from '../src/runtime/retry-until-aborted.ts';
import type { TenantRegistry } from '../src/tenants/registry.ts';
import { type Attempt, failureOf } from '../src/webhooks/attempt.ts';
import { type Delivery, deliver } from '../src/webhooks/deliver.ts';
import type { Call, Caller, DisabledFor, Endpoints, Entrance } from '../src/webhooks/endpoints.ts';
import { requestOf } from '../src/webhooks/request.ts';
import { secretsOf } from '../src/webhooks/secrets.ts';

export interface WebhookDeliveryOptions {
  readonly endpoints: Endpoints;
  readonly receivers: GuardedTransports;
  readonly tenants: TenantRegistry;
  readonly clock: Clock;
  readonly retryUntilAborted: RetryUntilAborted;
  /** From a failed attempt to the next. */
  readonly retry: RetryPolicy;
  /** Longest wait for an answer, ms, by what is sent. */
  readonly timeoutMs: Readonly<Record<WebhookDelivery['purpose'], number>>;
  /** Told when an endpoint was disabled: its operator must hear of it by another way. */
  readonly onDisabled: (caller: Caller, reason: DisabledFor) => void;
}

/** Delivers one callback (Standard Webhooks), one analytics event, or one embed code to a CMS, once its endpoint has a place for it. */
export function webhookDelivery(options: WebhookDeliveryOptions): Handler<WebhookDelivery> {
  const { endpoints, receivers, tenants, clock, retry, onDisabled } = options;

  return async function deliverCallback(job) {
    const { tenant, data, jobId, run } = job;
    const request = requestOf(data, secretsOf(tenant, tenants));
    // Nothing is begun by a worker that has lost the job.
    await job.requests.token();
    const call = { tenantId: tenant.id, jobId, url: data.url, run };
    const entrance = await enter(call);
    switch (entrance.verdict) {
      case 'wait':
        return snooze(entrance.waitMs, 'endpoint');
      case 'park':
        return park(PARKED_MS, 'endpoint');
      case 'delivered':
        return delivered(entrance.attempt);
      case 'disabled':
        throw new CodedError('WEBHOOK_ENDPOINT_DISABLED', DISABLED[entrance.reason]);
      case 'go':
        return await send(job, request, call, entrance.calls + 1);
    }
  };

  /** A place is for the time of one call: one that was given before an outage of Redis is asked for again. */
  async function enter(call: Call): Promise<Entrance> {
    for (let times = 1; ; times++) {
      const askedMs = performance.now();
      const entrance = await endpoints.enter(call);
      const isFresh = performance.now() - askedMs < FRESH_MS;
      if (entrance.verdict !== 'go' || isFresh || times === ASK_AT_MOST) return entrance;
    }
  }

  /** One attempt, and its place given back. @param number which attempt it is, from 1. */
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
      signal: ending,
    });
    const failure = failureOf(attempt);
    const againInMs = Math.max(retry.delayMs(number), attempt.retryAfterMs ?? 0);
    const disabledFor = await options.retryUntilAborted(
      () => endpoints.leave(call, attempt, againInMs),
      ending,
    );
    if (disabledFor) onDisabled(call, disabledFor);
    if (!failure) return delivered(attempt);
    if (attempt.outcome === 'abandoned') return snooze(0, 'given-up');
    const isLast = failure.disposition === 'reject' || number >= attempts;
    return isLast ? reject(failure) : toRetry(failure, againInMs);
  }
}

/** How old the word may be that the endpoint may be called, ms. */
const FRESH_MS = 1000;
/** A Redis that is slow all the time must not keep callbacks for ever. */
const ASK_AT_MOST = 3;
/** A callback that is parked is woken when its turn comes; it looks for itself after so long, ms. */
const PARKED_MS = 3_600_000;

const DISABLED: Readonly<Record<DisabledFor, string>> = {
  gone: 'the endpoint is disabled since its receiver answered 410',
  failing: 'the endpoint is disabled since nothing but failed for days',
};

function delivered({ status = 0, latencyMs }: Attempt): Outcome {
  return done({ status, requestMs: latencyMs });
}
