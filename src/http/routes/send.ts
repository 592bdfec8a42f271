import type { z } from 'zod';
import { isRecord } from '../../core/json.ts';
import { AUDIT_SYNC_SCHEMA } from '../../jobs/audit-sync.ts';
import { CATALOG, type JobKind } from '../../jobs/catalog.ts';
import { ROLLOUT_SCHEMAS } from '../../jobs/config-rollout.ts';
import { acceptJob, invalid } from '../accept-job.ts';
import { API_SCHEMAS } from '../openapi-schemas.ts';
import { TRACE_HEADERS } from '../trace.ts';
import { accepted } from './answers.ts';
import { defineRoute, type Route } from './route.ts';
import * as samples from './samples.ts';

interface SendRoute {
  readonly url: string;
  readonly operationId: string;
  readonly kind: JobKind;
  readonly summary: string;
  readonly schema: z.ZodType;
  readonly examples: Readonly<Record<string, unknown>>;
  /** Types of the kind that this address takes; the first one when the body names no type. */
  readonly types?: readonly string[];
}

/** The contract of a kind, as the API document shows it: the key may name the tenant. */
function bodyOf(id: string, schema: { partial(mask: { tenantId: true }): z.ZodType }): z.ZodType {
  const body = schema.partial({ tenantId: true });
  API_SCHEMAS.add(body, { id });
  return body;
}

const rollout = bodyOf('Rollout', ROLLOUT_SCHEMAS['webchat-configuration'].partial({ type: true }));
const rollback = bodyOf('Rollback', ROLLOUT_SCHEMAS.rollback.partial({ type: true }));

const SEND_ROUTES: readonly SendRoute[] = [
  {
    url: '/v1/messages',
    operationId: 'sendMessage',
    kind: 'message-transmission',
    summary: 'Send a message of a guest to a conversation',
    schema: bodyOf('Message', CATALOG['message-transmission'].schema),
    examples: { message: samples.message },
  },
  {
    url: '/v1/cards',
    operationId: 'sendCard',
    kind: 'card-delivery',
    summary: 'Send a rich card to a conversation',
    schema: bodyOf('Card', CATALOG['card-delivery'].schema),
    examples: { card: samples.card },
  },
  {
    url: '/v1/embeds',
    operationId: 'generateEmbed',
    kind: 'embed-generation',
    summary: 'Generate the embed code of a widget',
    schema: bodyOf('Embed', CATALOG['embed-generation'].schema),
    examples: { embed: samples.embed },
  },
  {
    url: '/v1/rollouts',
    operationId: 'startRollout',
    kind: 'config-rollout',
    summary: 'Roll out a configuration to organizations, or roll one back',
    schema: rollout.or(rollback),
    examples: { rollout: samples.rollout, rollback: samples.rollback },
    types: ['webchat-configuration', 'rollback'],
  },
  {
    url: '/v1/deployments',
    operationId: 'deploy',
    kind: 'config-rollout',
    summary: 'Create or change a deployment',
    schema: bodyOf('Deployment', ROLLOUT_SCHEMAS.deployment.partial({ type: true })),
    examples: { deployment: samples.deployment },
    types: ['deployment'],
  },
  {
    url: '/v1/audit-syncs',
    operationId: 'syncAudit',
    kind: 'audit-sync',
    summary: 'Read audit records of organizations into the audit store',
    schema: bodyOf('AuditSync', AUDIT_SYNC_SCHEMA),
    examples: { sync: samples.auditSync },
  },
];

const DESCRIPTION = `The answer 202 says that Redis has the job; a worker sends it later. \`tenantId\` may be left out when the
key is bound to one tenant. With an \`Idempotency-Key\` the same request may be sent any number of times:
the answers after the first one have \`Idempotency-Replayed: true\`.`;

export const sendRoutes: readonly Route[] = SEND_ROUTES.map(({ url, operationId, kind, summary, ...rest }) =>
  defineRoute({
    method: 'POST',
    url,
    operationId,
    tag: 'Send',
    scope: 'send',
    summary,
    description: DESCRIPTION,
    requestHeaders: {
      'Idempotency-Key':
        '1 to 200 characters without white space, in double quotes or without. The ledger knows it for `LEDGER_TTL`.',
      ...TRACE_HEADERS,
    },
    body: { schema: rest.schema, isCheckedByHandler: true, examples: rest.examples },
    responses: {
      202: {
        description: 'Accepted, or accepted before with the same idempotency key.',
        schema: accepted,
        headers: {
          Location: 'The address of the job.',
          'Idempotency-Replayed':
            '`true` when an earlier request was accepted, and this one changed nothing.',
        },
        example: samples.acceptedJob,
      },
    },
    problems: [
      'JOB_INVALID',
      'CAPABILITY_UNAVAILABLE',
      'IDEMPOTENCY_KEY_INVALID',
      'IDEMPOTENCY_KEY_IN_USE',
      'IDEMPOTENCY_KEY_REUSED',
      'IDEMPOTENCY_KEYS_DIFFER',
      'BACKLOG_FULL',
      'REDIS_FULL',
    ],
    handler: async (door, call) => await acceptJob(door, call, kind, withType(call.body, rest.types)),
  }),
);

/** @throws {ProblemError} when the body is of a type that belongs to another address. */
function withType(body: unknown, types: readonly string[] | undefined): unknown {
  if (types === undefined || !isRecord(body)) return body;
  const { type } = body;
  if (type === undefined) return types.length === 1 ? { ...body, type: types[0] } : body;
  if (types.includes(type as string)) return body;
  throw invalid([{ path: 'type', message: `expected ${types.join(' or ')}, or no type` }]);
}
