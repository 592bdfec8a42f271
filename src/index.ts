/** The library: what an upstream system imports to hand jobs over. */
export { BacklogFullError, OperatorError, RedisFullError } from './core/errors.ts';
export type { Issue } from './core/issues.ts';
export { JOB_KINDS, type JobData, type JobInput, type JobKind } from './jobs/catalog.ts';
export type {
  AuditSyncInput,
  CardDeliveryInput,
  ConfigurationRolloutInput,
  DeploymentRolloutInput,
  EmbedGenerationInput,
  MessageTransmissionInput,
  RollbackInput,
} from './jobs/inputs.ts';
export type { EnqueueManyOptions, EnqueueSummary } from './queues/enqueue-many.ts';
export type { Cancellation, JobView, Retrial } from './queues/jobs.ts';
export {
  createProducer,
  type EnqueueOptions,
  JobRejectedError,
  type Producer,
  type ProducerOptions,
} from './queues/producer.ts';
export type {
  AcceptedEntry,
  DuplicateEntry,
  EntryReport,
  RefusedEntry,
  RejectedEntry,
} from './queues/submit.ts';
export { loadTenants, type RegistryOptions, type TenantRegistry } from './tenants/registry.ts';
