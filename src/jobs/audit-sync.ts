import { z } from 'zod';
import { seen } from '../content/fields/declarations.ts';
import type { Issue } from '../core/issues.ts';
import { isRecord } from '../core/json.ts';
import { listOf } from '../core/shapes.ts';
import { conditions } from './conditions.ts';
import { defineJob } from './define.ts';
import { organizationIds, repeatIssues, tenantId, timestamp } from './fields.ts';

/** The action of a changed configuration (docs/guides.md#query-audit-records). */
const DEFAULT_ACTIONS = ['webchat:configuration:update'];

const action = seen.checkedByKind(
  'identifier',
  z
    .string()
    .regex(
      /^[a-zA-Z][\w:.-]{0,99}$/,
      'expected a name such as webchat:configuration:update, at most 100 characters',
    ),
);

const schema = z.strictObject({
  tenantId,
  organizationIds,
  actions: listOf(action, { min: 1, max: 50 }).default(DEFAULT_ACTIONS),
  /** Default: where the last run stopped. */
  from: timestamp.optional(),
  /** Default: now. */
  to: timestamp.optional(),
  pageSize: z.number().int().min(1).max(100).default(25),
  ...conditions,
  /**
   * A retry changes nothing at Genesys Cloud, so that a request with an unknown outcome is
   * repeated, also against the setting of the tenant.
   */
  onUnknownOutcome: conditions.onUnknownOutcome.default('resend'),
});

/** The audit records of a span of time, page by page (docs/guides.md#query-audit-records). */
export const auditSync = defineJob({
  kind: 'audit-sync',
  schema,
  eventOf: () => 'audit',
  bucket: 'platform',
  kindCode: 'a',
  haltsLane: false,
  successWord: () => 'synced',
  // One of a tenant at a time: each begins where the last one stopped.
  lane: () => 'all audit-syncs',
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

/** @param from and `to` as they came in. The contract reports a value that is no time. */
function spanIssues(from: unknown, to: unknown): Issue[] {
  if (!timestamp.safeParse(from).success || !timestamp.safeParse(to).success) return [];
  const [start, end] = [from, to].map((time) => Date.parse(String(time)));
  if (start === undefined || end === undefined || start < end) return [];
  return [{ path: 'to', message: 'expected a time after that of from' }];
}
