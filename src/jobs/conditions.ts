import { z } from 'zod';
import { callback, id, priority, timestamp } from './fields.ts';

/** The conditions under which a job is delivered: fields that every kind which producers enqueue has. */
export const conditions = {
  /** A second job with the same key, kind and tenant is a duplicate and not accepted. */
  idempotencyKey: id.optional(),
  /** Where to report how it ended; else the tenant's. */
  callback: callback.optional(),
  /** Urgent jobs overtake the waiting ones of other conversations of their tenant. */
  priority: priority.optional(),
  /** Not sent after this time. */
  expiresAt: timestamp.optional(),
  /**
   * What to do when a request was sent and no answer says what became of it, so that the job may have been delivered: send
   * it again, or hold it as a dead letter. Else what the tenant says.
   */
  onUnknownOutcome: z.enum(['resend', 'hold']).optional(),
};

const conditionsSchema = z.object(conditions);

export type Conditions = z.output<typeof conditionsSchema>;

/** The conditions of a job of any kind. @param data checked against its contract. */
export function conditionsOf(data: object): Conditions {
  return data;
}
