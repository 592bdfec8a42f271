import { createCheckpoints } from '../src/audit/checkpoints.ts';
import type { AuditStore } from '../src/audit/store.ts';
import type { Config } from '../src/config/settings.ts';
import { fullJitter, scheduledWait } from '../src/core/backoff.ts';
import { attemptMs } from '../src/flow/flow.ts';
import type { JobKind } from '../src/jobs/catalog.ts';
import type { WebhookDelivery } from '../src/jobs/webhook-delivery.ts';
import { redisTimeMs } from '../src/redis/redis-time.ts';
import type { App } from '../src/runtime/app.ts';
import type { JobContext, RetryPolicy, Task } from '../src/runtime/handler.ts';
import type { Tenant } from '../src/tenants/tenant.ts';
import { endpointIdOf } from '../src/webhooks/endpoint-id.ts';
import { type CallbackRef, type DisabledFor, endpointSettings } from '../src/webhooks/endpoints.ts';
import { auditSync } from './audit-sync.ts';
import { byDialect } from './by-dialect.ts';
import { cardDelivery } from './card-delivery.ts';
import { configRollout } from './config-rollout.ts';
import { embedGeneration } from './embed-generation.ts';
import { messageTransmission } from './message-transmission.ts';
import { agentlessSender } from './platform/agentless.ts';
import { platformAudits } from './platform/audits.ts';
import { platformCards } from './platform/cards.ts';
import { platformRollout } from './platform/config-rollout.ts';
import { conversationSender } from './platform/conversation.ts';
import { platformEmbed } from './platform/embeds.ts';
import { explainingRefusals } from './platform/guest/explain-refusal.ts';
import { isOfGuestChannel, platformMessages, type Senders } from './platform/messages.ts';
import { openSender } from './platform/open.ts';
import { webmessagingSender } from './platform/webmessaging.ts';
import { webhookDelivery } from './webhook-delivery.ts';

/** Longest wait before another write after a 409, ms. */
const MAX_CONFLICT_WAIT_MS = 16_000;
/** Longest wait between two polls, in multiples of POLL_INTERVAL. */
const MAX_POLL_INTERVALS = 15;

/** The only place where kinds get their handlers. */
export function tasksOf(app: App): Record<JobKind, Task> {
  const { config, clock, tracing, genesys, endpoints, receivers, tenants, children, redis, keys, metrics } =
    app;
  const backoff = backoffPolicy(config);
  const pollBackoff = { baseMs: config.pollIntervalMs, maxMs: MAX_POLL_INTERVALS * config.pollIntervalMs };
  const conflicts = {
    genesys,
    maxConflicts: config.maxConflicts,
    conflictBackoff: { baseMs: config.conflictBackoffMs, maxMs: MAX_CONFLICT_WAIT_MS },
    onConflict: (tenant: string) => metrics.configurationConflicts.inc({ tenant }),
  };
  const audits = {
    genesys,
    store: countedStore(app),
    checkpoints: createCheckpoints({ client: redis, keys }),
    clock,
    timeMs: () => redisTimeMs(redis),
    overlapMs: config.auditOverlapMs,
    pollBackoff,
    queryTimeoutMs: config.auditQueryTimeoutMs,
  };
  const login = {
    prepare: (tenant: Tenant) => genesys.prepare(tenant),
    isPrepared: (tenant: Tenant) => genesys.isPrepared(tenant),
  };
  const senders = sendersOf(app);
  return {
    'message-transmission': {
      ...login,
      handler: byDialect({ guest: messageTransmission(genesys), platform: platformMessages(senders) }),
      savesFirst: isOfGuestChannel,
      retry: backoff,
    },
    'card-delivery': {
      ...login,
      handler: byDialect({ guest: cardDelivery(genesys), platform: platformCards(senders) }),
      retry: backoff,
    },
    'embed-generation': {
      ...login,
      handler: byDialect({
        guest: embedGeneration({ genesys, clock }),
        platform: platformEmbed({ genesys, clock }),
      }),
      retry: backoff,
    },
    'config-rollout': {
      ...login,
      handler: byDialect({
        guest: configRollout({
          ...conflicts,
          ...audits,
          children,
          timeoutMs: config.replicationTimeoutMs,
          readBackTimeoutMs: config.readBackTimeoutMs,
          onAcknowledged: (tenant, ms) =>
            metrics.configurationAcknowledgedSeconds.observe({ tenant }, ms / 1000),
          onActivated: (tenant, ms) => metrics.configurationActivatedSeconds.observe({ tenant }, ms / 1000),
        }),
        platform: platformRollout({
          ...conflicts,
          ...audits,
          children,
          settleMs: config.platformSettleTimeoutMs,
          readBackTimeoutMs: config.readBackTimeoutMs,
          tenants,
          partitionOf: keys.layout.homeOf,
        }),
      }),
      retry: backoff,
    },
    'audit-sync': {
      ...login,
      handler: byDialect({
        guest: auditSync(audits),
        platform: platformAudits({ ...audits, tenants, partitionOf: keys.layout.homeOf }),
      }),
      retry: backoff,
    },
    'webhook-delivery': {
      handler: webhookDelivery({
        endpoints,
        receivers,
        tenants,
        clock,
        tracing,
        retryUntilAborted: app.retryUntilAborted,
        timeoutMs: {
          callback: config.webhookTimeoutMs,
          cms: config.webhookTimeoutMs,
          analytics: config.analyticsTimeoutMs,
        },
        onDisabled: (caller, reason) => logDisabled(app, caller, reason),
        retry: webhookSchedule(config),
      }),
      retry: webhookSchedule(config),
      reschedulesForMs: webhookPatienceMs(config),
      attemptMs: endpointSettings(config).callMs,
      recheck: (
        { jobId, tenant, data }: Pick<JobContext<WebhookDelivery>, 'jobId' | 'tenant' | 'data'>,
        isParked: boolean,
      ) => endpoints.recheck({ tenantId: tenant.id, jobId, url: data.url }, isParked),
    },
  };
}

/** How messages of the dialect `platform` are sent, by their route. */
function sendersOf(app: App): Senders {
  const { genesys, files, clock, config } = app;
  return {
    open: openSender(genesys),
    agentless: agentlessSender(genesys),
    conversation: conversationSender({
      genesys,
      files,
      clock,
      pollBackoff: { baseMs: config.pollIntervalMs, maxMs: MAX_POLL_INTERVALS * config.pollIntervalMs },
    }),
    webmessaging: explainingRefusals(
      webmessagingSender({ ...app, channel: app.guests, attemptMs: attemptMs(config) }),
      genesys,
    ),
  };
}

/** The audit store, with a metric that counts new records. */
function countedStore({ store, metrics }: App): Pick<AuditStore, 'append'> {
  return {
    async append(records) {
      const counts = await store.append(records);
      metrics.auditStored.inc({ source: 'genesys' }, counts.added);
      return counts;
    },
  };
}

function backoffPolicy({ backoffBaseMs, backoffMaxMs }: Config): RetryPolicy {
  return { delayMs: (attempt) => fullJitter({ baseMs: backoffBaseMs, maxMs: backoffMaxMs }, attempt) };
}

function webhookSchedule({ webhookScheduleMs }: Config): RetryPolicy {
  return { delayMs: (attempt) => scheduledWait(webhookScheduleMs, attempt) };
}

/**
 * How long workers reschedule a callback that they cannot send at all, ms. It is the time of all
 * attempts, and at least a day.
 */
function webhookPatienceMs({ webhookScheduleMs }: Config): number {
  return Math.max(
    86_400_000,
    webhookScheduleMs.reduce((total, waitMs) => total + waitMs, 0),
  );
}

/**
 * Reports to the operator that this receiver gets no more callbacks. The log has only the host of
 * its address, because a path may be a secret.
 */
function logDisabled({ logger }: App, { tenantId, url }: CallbackRef, reason: DisabledFor): void {
  const endpointId = endpointIdOf(tenantId, url);
  const { host } = new URL(url);
  logger.error(
    { event: 'endpoint.disabled', tenantId, endpointId, host, reason },
    'a worker disabled an endpoint',
  );
}
