import { z } from 'zod';
import { seen } from '../content/fields/declarations.ts';
import type { Issue } from '../core/issues.ts';
import { isTracestate, TRACEPARENT } from '../core/trace.ts';
import { callback, id, priority, timestamp } from './fields.ts';

const WANTED_TRACEPARENT =
  'expected the traceparent of W3C Trace Context in version 00: 00-<trace id>-<parent id>-<flags>';
const WANTED_TRACESTATE =
  'expected the tracestate of W3C Trace Context: 1 to 32 members, at most 512 characters';

/** The trace that a job belongs to. A step has that of its parent. */
export const trace = {
  /** Of W3C Trace Context, version 00. It is no content: another one makes no other job. */
  traceparent: seen.checkedByKind('identifier', z.string().regex(TRACEPARENT, WANTED_TRACEPARENT)).optional(),
  /** Beside `traceparent`: what tracing systems add. */
  tracestate: seen.checkedByKind('identifier', z.string().refine(isTracestate, WANTED_TRACESTATE)).optional(),
};

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
  ...trace,
};

/** Jobs to a guest may be scheduled. */
export const schedule = {
  /** The worker does not send the job before this time; it keeps its place in its conversation. */
  sendAt: timestamp.optional(),
};

/** How far ahead a job may be scheduled, ms. The clock of Redis counts. */
export const MAX_AHEAD_MS = 366 * 24 * 3_600_000;

const conditionsSchema = z.object({ ...conditions, ...schedule });

export type Conditions = z.output<typeof conditionsSchema>;

/** A job that expires before it may be sent. @param input as it came in; the schema reports another shape. */
export function scheduleIssues({ sendAt, expiresAt }: Readonly<Record<string, unknown>>): Issue[] {
  if (typeof sendAt !== 'string' || typeof expiresAt !== 'string') return [];
  // A time that cannot be read is NaN, and no comparison with it is true.
  if (!(Date.parse(expiresAt) <= Date.parse(sendAt))) return [];
  return [{ path: 'expiresAt', message: 'expected a time after sendAt, got one that is not later' }];
}

/** The conditions of a job of any kind. @param data checked against its contract. */
export function conditionsOf(data: object): Conditions {
  return data;
}
