import { z } from 'zod';
import { seen } from '../content/fields/declarations.ts';
import type { Issue } from '../core/issues.ts';
import { isRecord } from '../core/json.ts';
import { listOf } from '../core/shapes.ts';
import { conditions } from './conditions.ts';
import { defineJob } from './define.ts';
import { id, organizationIds, repeatIssues, tenantId, timestamp } from './fields.ts';

/** The action of a changed configuration (docs/guides.md#query-audit-records). */
const DEFAULT_ACTIONS = ['webchat:configuration:update'];

/** Most records per request in the dialect `guest`. */
export const GUEST_PAGE_SIZE = 100;
/** Most records per request in the dialect `platform`. */
const MAX_PAGE_SIZE = 500;

const action = seen.checkedByKind(
  'identifier',
  z
    .string()
    .regex(
      /^[a-zA-Z][\w:.-]{0,99}$/,
      'expected a name such as webchat:configuration:update, at most 100 characters',
    ),
);

/** What producers enqueue. */
export const AUDIT_SYNC_SCHEMA = z.strictObject({
  tenantId,
  organizationIds,
  actions: listOf(action, { min: 1, max: 50 }).default(DEFAULT_ACTIONS),
  /** Default: where the last run stopped. */
  from: timestamp.optional(),
  /** Default: now. */
  to: timestamp.optional(),
  /** At most 100 in the dialect `guest`. */
  pageSize: z.number().int().min(1).max(MAX_PAGE_SIZE).default(25),
  /**
   * In the dialect `platform`: how Genesys Cloud is asked, where it can be. The setting of the tenant
   * by default.
   */
  mode: z.enum(['async', 'realtime']).optional(),
  ...conditions,
  /**
   * A retry changes nothing at Genesys Cloud, so that a request with an unknown outcome is
   * repeated, also against the setting of the tenant.
   */
  onUnknownOutcome: conditions.onUnknownOutcome.default('resend'),
});

/** The same, or a step: a job for one organization, which another sync has started. */
const schema = AUDIT_SYNC_SCHEMA.extend({ syncId: id.optional() });

/** The audit records of a span of time, page by page (docs/guides.md#query-audit-records). */
export const auditSync = defineJob({
  kind: 'audit-sync',
  schema,
  // No event reports a step.
  eventOf: (payload) => (isStep(payload) ? null : 'audit'),
  nameOf: (payload) => (isStep(payload) ? 'audit-organization' : 'audit-sync'),
  isStep,
  bucket: 'platform',
  kindCode: 'a',
  haltsLane: false,
  successWord: () => 'synced',
  // One of a tenant at a time: each begins where the last one stopped. Steps have a lane of their own,
  // because their job keeps its place in the other one until they have ended.
  lane: (sync) => (isStep(sync) ? 'all steps of audit-syncs' : 'all audit-syncs'),
  violations: (input) =>
    isRecord(input)
      ? [
          ...repeatIssues(input['organizationIds'], 'organizationIds'),
          ...repeatIssues(input['actions'], 'actions'),
          ...spanIssues(input['from'], input['to']),
        ]
      : [],
});

export type AuditSync = z.output<typeof schema>;

/** Whether another sync has started it, for one organization of the dialect `platform`. */
function isStep(payload: object): boolean {
  return 'syncId' in payload && payload.syncId !== undefined;
}

/** @param from and `to` as they came in. The contract reports a value that is no time. */
function spanIssues(from: unknown, to: unknown): Issue[] {
  if (!timestamp.safeParse(from).success || !timestamp.safeParse(to).success) return [];
  const [start, end] = [from, to].map((time) => Date.parse(String(time)));
  if (start === undefined || end === undefined || start < end) return [];
  return [{ path: 'to', message: 'expected a time after that of from' }];
}
