import type { z } from 'zod';
import { auditSync } from './audit-sync.ts';
import { cardDelivery } from './card-delivery.ts';
import { configRollout } from './config-rollout.ts';
import { embedGeneration } from './embed-generation.ts';
import type { ProducerInputs } from './inputs.ts';
import { messageTransmission } from './message-transmission.ts';
import { webhookDelivery } from './webhook-delivery.ts';

/**
 * Every kind of job. Queues, handlers, the command line and all types of data derive from this
 * list.
 */
export const CATALOG = {
  'message-transmission': messageTransmission,
  'card-delivery': cardDelivery,
  'config-rollout': configRollout,
  'embed-generation': embedGeneration,
  'audit-sync': auditSync,
  'webhook-delivery': webhookDelivery,
} as const;

export type JobKind = keyof typeof CATALOG;

export const JOB_KINDS = Object.keys(CATALOG) as JobKind[];

/** The input of a producer for a kind. Only the runtime enqueues callbacks. */
export type JobInput<Kind extends JobKind> = Kind extends keyof ProducerInputs
  ? ProducerInputs[Kind]
  : z.input<(typeof CATALOG)[Kind]['schema']>;

/** The data of a handler: checked, with defaults. */
export type JobData<Kind extends JobKind> = z.output<(typeof CATALOG)[Kind]['schema']>;

export function isJobKind(name: string): name is JobKind {
  return Object.hasOwn(CATALOG, name);
}
