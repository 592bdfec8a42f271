import type { z } from 'zod';
import type { accepted } from '../http/routes/answers.ts';
import type {
  conversationJob,
  conversationPage,
  conversationQuery,
} from '../http/routes/conversation-schemas.ts';
import type { deadLetterPage, deadLettersQuery } from '../http/routes/dead-letter-schemas.ts';
import type {
  cancelBody,
  detailedJob,
  job,
  jobPage,
  listQuery,
  outcome,
  retryBody,
} from '../http/routes/job-schemas.ts';
import type { login } from '../http/routes/login.ts';
import type { overview, overviewQuery, tenantStateSchema } from '../http/routes/overview-schemas.ts';
import type { searchPage, searchQuery } from '../http/routes/search-schemas.ts';
import type { series } from '../http/routes/series-schemas.ts';
import type {
  acted,
  bucket,
  pauseBody,
  reloaded,
  resumeBody,
  tenant,
  tenantList,
} from '../http/routes/tenant-schemas.ts';
import type { timeline } from '../http/routes/timeline-schemas.ts';
import type {
  attempt,
  attemptList,
  enabled,
  endpoint,
  endpointList,
  replayBody,
  replayed,
  testBody,
} from '../http/routes/webhook-schemas.ts';
import type { window } from '../http/routes/window-schemas.ts';
import type {
  AuditSyncInput,
  CardDeliveryInput,
  ConfigurationRolloutInput,
  DeploymentRolloutInput,
  EmbedGenerationInput,
  MessageTransmissionInput,
  ProducerInputs,
  RollbackInput,
} from '../jobs/inputs.ts';

/** A key of one tenant names the tenant. */
type OfKey<Input> = Input extends { tenantId: string }
  ? Omit<Input, 'tenantId'> & { tenantId?: string | undefined }
  : never;

export type MessageInput = OfKey<MessageTransmissionInput>;
export type CardInput = OfKey<CardDeliveryInput>;
export type EmbedInput = OfKey<EmbedGenerationInput>;
export type RolloutInput = OfKey<ConfigurationRolloutInput> | OfKey<RollbackInput>;
export type DeploymentInput = OfKey<DeploymentRolloutInput>;
export type SyncInput = OfKey<AuditSyncInput>;

/** A line of a batch: a job and its kind. */
export type BatchLine = {
  [Kind in keyof ProducerInputs]: { kind: Kind } & OfKey<ProducerInputs[Kind]>;
}[keyof ProducerInputs];

/** A job that Redis has. */
export type AcceptedJob = z.output<typeof accepted> & {
  /** An earlier request with the same idempotency key was accepted; this one changed nothing. */
  readonly isReplayed: boolean;
};

export type Job = z.output<typeof job>;
export type DetailedJob = z.output<typeof detailedJob>;
export type JobFilter = Omit<z.input<typeof listQuery>, 'cursor' | 'limit'> & {
  /** Jobs of one page; 100 by default. */
  readonly limit?: number | undefined;
};
export type JobPage = z.output<typeof jobPage>;
export type BulkInput = z.input<typeof cancelBody>;
/** Dead letters to send again. */
export type RetryInput = z.input<typeof retryBody>;
export type Timeline = z.output<typeof timeline>;
export type SearchInput = Omit<z.input<typeof searchQuery>, 'cursor'>;
export type SearchPage = z.output<typeof searchPage>;
export type FoundJob = SearchPage['found'][number];
export type ConversationJob = z.output<typeof conversationJob>;
export type ConversationPage = z.output<typeof conversationPage>;
export type ConversationFilter = Omit<z.input<typeof conversationQuery>, 'cursor' | 'limit'> & {
  /** Jobs of one page; 50 by default. */
  readonly limit?: number | undefined;
};
export type DeadLetterFilter = z.input<typeof deadLettersQuery>;
export type DeadLetterPage = z.output<typeof deadLetterPage>;
export type JobOutcome = z.output<typeof outcome>;

/** What a login may do, for a page in a browser. */
export type Login = z.output<typeof login>;
export type Overview = z.output<typeof overview>;
export type OverviewFilter = z.input<typeof overviewQuery>;
export type TenantState = z.output<typeof tenantStateSchema>;
export type Series = z.output<typeof series>;
/** The stretch of time of a chart. */
export type SeriesOver = Series['over'];

export type Tenant = z.output<typeof tenant>;
export type Bucket = z.output<typeof bucket>;
export type TenantWindow = z.output<typeof window>;
export type TenantList = z.output<typeof tenantList>;
export type PauseInput = z.input<typeof pauseBody>;
export type ResumeInput = NonNullable<z.input<typeof resumeBody>>;
export type ActedBuckets = z.output<typeof acted>;
export type ReloadedTenants = z.output<typeof reloaded>;

export type Endpoint = z.output<typeof endpoint>;
export type EndpointList = z.output<typeof endpointList>;
export type EnabledEndpoint = z.output<typeof enabled>;
export type ReplayInput = z.input<typeof replayBody>;
export type Replayed = z.output<typeof replayed>;
export type CallbackAttempt = z.output<typeof attempt>;
export type AttemptList = z.output<typeof attemptList>;
export type WebhookTestInput = z.input<typeof testBody>;
