/** A client of the HTTP API for programs without Redis. It needs `fetch` alone. See docs/client.md. */
import { type BatchOptions, type BatchResult, sendBatch } from './batch.ts';
import { type EventResults, type JobCloudEvent, sendEvents } from './events.ts';
import { type JobRoutes, jobRoutes } from './jobs.ts';
import { type OverviewRoutes, overviewRoutes } from './overview.ts';
import { createCaller } from './routes.ts';
import { createSender, type Sender } from './send.ts';
import { type TenantRoutes, tenantRoutes } from './tenants.ts';
import { type CallOptions, type ClientOptions, createTransport } from './transport.ts';
import type {
  BatchLine,
  CardInput,
  DeploymentInput,
  EmbedInput,
  MessageInput,
  RolloutInput,
  SyncInput,
} from './types.ts';
import { type WebhookRoutes, webhookRoutes } from './webhooks.ts';

export { ApiError, type ApiErrorCode, type ApiFieldError, ConnectionError } from './api-error.ts';
export type { BatchOptions, BatchResult } from './batch.ts';
export type { EventResult, EventResults, JobCloudEvent } from './events.ts';
export type { JobEvent } from './follow-job.ts';
export type { FollowOptions } from './follow-stream.ts';
export type { BulkProgress, JobRoutes } from './jobs.ts';
export type { OverviewRoutes } from './overview.ts';
export type { Sender } from './send.ts';
export type { TenantRoutes } from './tenants.ts';
export type { CallOptions, ClientOptions } from './transport.ts';
export type * from './types.ts';
export type { WebhookRoutes } from './webhooks.ts';

/** Every call throws an `ApiError` when the server refuses, and a `ConnectionError` without an answer. */
export interface Client {
  readonly messages: Sender<MessageInput>;
  readonly cards: Sender<CardInput>;
  readonly embeds: Sender<EmbedInput>;
  readonly rollouts: Sender<RolloutInput>;
  readonly deployments: Sender<DeploymentInput>;
  readonly auditSyncs: Sender<SyncInput>;
  /** Sends any number of jobs of any kind, and yields the result of each line in their order. */
  batch(
    lines: AsyncIterable<BatchLine> | Iterable<BatchLine>,
    options?: BatchOptions,
  ): AsyncGenerator<BatchResult, void, undefined>;
  readonly events: {
    /** Sends one CloudEvent, or up to 1,000. */
    send(events: JobCloudEvent | readonly JobCloudEvent[], options?: CallOptions): Promise<EventResults>;
  };
  readonly jobs: JobRoutes;
  readonly overview: OverviewRoutes;
  readonly tenants: TenantRoutes;
  readonly webhooks: WebhookRoutes;
}

export function createClient(options: ClientOptions): Client {
  const transport = createTransport(options);
  const caller = createCaller(transport);
  return {
    messages: createSender(transport, '/v1/messages'),
    cards: createSender(transport, '/v1/cards'),
    embeds: createSender(transport, '/v1/embeds'),
    rollouts: createSender(transport, '/v1/rollouts'),
    deployments: createSender(transport, '/v1/deployments'),
    auditSyncs: createSender(transport, '/v1/audit-syncs'),
    batch: (lines, batchOptions) => sendBatch(transport, lines, batchOptions),
    events: { send: (events, callOptions) => sendEvents(transport, events, callOptions) },
    jobs: jobRoutes(transport, caller),
    overview: overviewRoutes(transport, caller),
    tenants: tenantRoutes(caller),
    webhooks: webhookRoutes(caller),
  };
}
