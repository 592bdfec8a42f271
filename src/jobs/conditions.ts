import { z } from 'zod';
import { callback, id, priority, timestamp } from './fields.ts';

/** The conditions of delivery: fields of every kind that producers enqueue. */
export const conditions = {
  /** A second job with the same key, kind and tenant is a duplicate and not accepted. */
  idempotencyKey: id.optional(),
  /** The receiver of the outcome; the callback of the tenant by default. */
  callback: callback.optional(),
  /** Urgent jobs overtake the waiting ones of other conversations of their tenant. */
  priority: priority.optional(),
  /** The worker does not send the job after this time. */
  expiresAt: timestamp.optional(),
  /**
   * What the worker does when a request was sent and its answer is lost, so that the job may have
   * been delivered: send it again, or hold it as a dead letter. The setting of the tenant by
   * default.
   */
  onUnknownOutcome: z.enum(['resend', 'hold']).optional(),
};

const conditionsSchema = z.object(conditions);

export type Conditions = z.output<typeof conditionsSchema>;

/** The conditions of a job of any kind. @param data checked against its contract. */
export function conditionsOf(data: object): Conditions {
  return data;
}
