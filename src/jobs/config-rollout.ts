import { z } from 'zod';
import { seen } from '../content/fields/declarations.ts';
import type { Change, Tree } from '../content/json/tree.ts';
import { preview } from '../core/issues.ts';
import { isRecord } from '../core/json.ts';
import { listOf } from '../core/shapes.ts';
import { conditions, trace } from './conditions.ts';
import { defineJob } from './define.ts';
import { id, MAX_ORGANIZATIONS, organizationIds, repeatIssues, tenantId, timestamp } from './fields.ts';
import { allowedDomains, deployments, MAX_PINS, messengerFields, ofPlatform } from './messenger-fields.ts';
import { configuration, deploymentName, language, launcher, widget } from './rollout-fields.ts';
import {
  deploymentIssues,
  messengerStepIssues,
  organizationStepIssues,
  webchatConfigurationIssues,
} from './rollout-issues.ts';

/**
 * A write carries the version that it follows, a deployment is looked up before it is created, and
 * all other requests read. So a request with an unknown outcome is repeated, also against the
 * setting of the tenant.
 */
const onUnknownOutcome = conditions.onUnknownOutcome.default('resend');
const asked = { ...conditions, onUnknownOutcome };

/** What the worker does when another writer changed the configuration meanwhile. */
const onConflict = z.enum(['merge', 'overwrite', 'abort']).default('merge');
const version = z.number().int().min(1);

/** One configuration for many organizations of a tenant (docs/guides.md#configurations). */
const webchatConfiguration = z.strictObject({
  tenantId,
  type: z.literal('webchat-configuration'),
  /** Genesys Cloud replicates the configuration of the first one to the others. */
  organizationIds,
  configuration,
  /** Asks Genesys Cloud to replicate the first organization's configuration to the others. */
  replicate: z.boolean().default(true),
  /** Whether the replication may replace the configurations of the others. */
  overwriteExisting: z.boolean().default(false),
  onConflict,
  /** Changes only organizations with this version. */
  ifVersion: version.optional(),
  /** Reads and compares, and writes nothing. */
  dryRun: z.boolean().default(false),
  ...ofPlatform,
  /** Deployments that are pinned to the new version, each by its id or its name. */
  deployments: deployments.optional(),
  ...asked,
});

/** Undoes the changes of an earlier rollout. */
const rollback = z.strictObject({
  tenantId,
  type: z.literal('rollback'),
  /** Id of that rollout's job. */
  rollback: id,
  onConflict,
  dryRun: z.boolean().default(false),
  ...asked,
});

/** Colors and launcher of one deployment (docs/guides.md#deployments). */
const deployment = z.strictObject({
  tenantId,
  type: z.literal('deployment'),
  /** The worker finds the deployment by this name, or creates it. */
  name: deploymentName.optional(),
  /** Of an existing deployment. With `name`, the worker also changes its name. */
  id: id.optional(),
  status: z.enum(['active', 'inactive']).default('active'),
  language: language.default('en-US'),
  launcher,
  widget,
  /** Refuses colors with a low contrast; otherwise the result reports them. */
  strict: z.boolean().default(false),
  ...ofPlatform,
  /** Of a new deployment: the domains of its pages; all by default. */
  allowedDomains: allowedDomains.optional(),
  ...asked,
});

/** The fields that a step takes from its parent job. */
const step = {
  tenantId,
  rolloutId: id,
  expiresAt: conditions.expiresAt,
  priority: conditions.priority,
  ...trace,
};

/**
 * A step: the worker changes the configuration of one organization. The runtime enqueues this step
 * and the next two.
 */
const organization = z.strictObject({
  ...step,
  type: z.literal('organization'),
  organizationId: id,
  // Either of the two. Their values may be nested without end, and zod recurses: rollout-issues.ts
  // checks them.
  settings: seen.tree('plain-text', z.custom<Tree>()).optional(),
  restore: seen.tree('plain-text', z.custom<readonly Change[]>()).optional(),
  onConflict,
  ifVersion: version.optional(),
  dryRun: z.boolean().default(false),
  onUnknownOutcome,
});

/** A step: Genesys Cloud replicates the configuration, and the worker polls until the end. */
const replication = z.strictObject({
  ...step,
  type: z.literal('replication'),
  sourceOrganizationId: id,
  targetOrganizationIds: organizationIds,
  overwriteExisting: z.boolean(),
  onUnknownOutcome: conditions.onUnknownOutcome,
});

/** A step: the worker looks up the audit records of the changes. */
const auditReadBack = z.strictObject({
  ...step,
  type: z.literal('audit-read-back'),
  since: timestamp,
  organizations: listOf(
    z.strictObject({
      organizationId: id,
      version,
      // Of the dialect `platform`: what the rollout changed there.
      configurationId: id.optional(),
      deploymentIds: listOf(id, { min: 1, max: MAX_PINS }).optional(),
    }),
    { min: 1, max: MAX_ORGANIZATIONS },
  ),
  onUnknownOutcome,
});

/** A step of the dialect `platform`: one configuration of one organization, which is its tenant. */
const messenger = z.strictObject({
  ...step,
  ...messengerFields,
  onConflict,
  ifVersion: version.optional(),
  onUnknownOutcome,
});

const byType = z.discriminatedUnion(
  'type',
  [webchatConfiguration, rollback, deployment, organization, replication, auditReadBack, messenger],
  {
    error: ({ code, input }) => (code === 'invalid_union' ? typeIssue(input) : undefined),
  },
);

/** What producers enqueue, by its type; the other types are steps. */
export const ROLLOUT_SCHEMAS = {
  'webchat-configuration': webchatConfiguration,
  rollback,
  deployment,
} as const;

/** The data of a handler; `type` distinguishes them. */
export type WebchatConfigurationRollout = z.output<typeof webchatConfiguration>;
export type Rollback = z.output<typeof rollback>;
export type DeploymentRollout = z.output<typeof deployment>;
export type OrganizationStep = z.output<typeof organization>;
export type ReplicationStep = z.output<typeof replication>;
export type AuditReadBackStep = z.output<typeof auditReadBack>;
export type MessengerStep = z.output<typeof messenger>;

/** Checked, with its type filled in. */
export type ConfigRollout = z.output<typeof byType>;

/** As producers write it: the fields show the type. */
export type ConfigRolloutInput = WithoutType<z.input<typeof byType>>;

type WithoutType<Input> = Input extends { type: string }
  ? Omit<Input, 'type'> & { type?: Input['type'] | undefined }
  : never;

const schema = z.preprocess(withType, byType) as unknown as z.ZodType<ConfigRollout, ConfigRolloutInput>;

/** A configuration for organizations, a deployment, or a rollback, and the steps of these. */
export const configRollout = defineJob({
  kind: 'config-rollout',
  schema,
  nameOf: typeIn,
  eventOf: (payload) => (STEPS.has(typeIn(payload)) ? null : (EVENTS[typeIn(payload)] ?? 'rollout')),
  isStep: (payload) => STEPS.has(typeIn(payload)),
  haltsLane: false,
  bucket: 'platform',
  kindCode: 'r',
  // The result has the word: `completed`, `partial`, `created`, `unchanged` and others.
  successWord: ({ status }) => String(status),
  privateResultFields: ['organizations', 'changes', 'payload', 'copy'],
  lane: laneOf,
  violations(input, policy) {
    if (!isRecord(input)) return [];
    switch (typeOf(input)) {
      case 'webchat-configuration':
        return webchatConfigurationIssues(input, policy);
      case 'deployment':
        return deploymentIssues(input);
      case 'organization':
        return organizationStepIssues(input);
      case 'messenger':
        return messengerStepIssues(input);
      case 'replication':
        return repeatIssues(input['targetOrganizationIds'], 'targetOrganizationIds');
      default:
        return [];
    }
  },
});

/** First words of the events of jobs that are no rollouts. */
const EVENTS: Readonly<Record<string, string>> = { deployment: 'deployment' };

/** No event reports a step. */
const STEPS: ReadonlySet<string> = new Set(['organization', 'replication', 'audit-read-back', 'messenger']);

/** The type of a checked job. Only the kind is known of a job whose payload is gone. */
function typeIn(payload: object): string {
  return 'type' in payload ? String(payload.type) : 'config-rollout';
}

/**
 * One job at a time changes an organization or a deployment. The rollouts of a tenant run one after
 * the other. Otherwise the replication of one rollout, which takes no lane of an organization,
 * could undo the changes of a later one.
 */
function laneOf(rollout: ConfigRollout): string | null {
  switch (rollout.type) {
    case 'organization':
      return `organization ${rollout.organizationId}`;
    case 'messenger':
      // Configurations have two names, an id and a name. So one step at a time changes any of them.
      return 'all messengers';
    case 'deployment':
      return `deployment ${rollout.id ?? rollout.name}`;
    case 'webchat-configuration':
    case 'rollback':
      return 'all rollouts';
    default:
      return null;
  }
}

function withType(input: unknown): unknown {
  return isRecord(input) ? { ...input, type: typeOf(input) } : input;
}

/** The `type` of the input, or the one that its fields imply. */
function typeOf(input: Readonly<Record<string, unknown>>): unknown {
  const has = (field: string) => Object.hasOwn(input, field) && input[field] !== undefined;
  if (has('type')) return input['type'];
  if (has('rollback')) return 'rollback';
  return has('configuration') || has('organizationIds') ? 'webchat-configuration' : 'deployment';
}

/** Only the runtime enqueues steps, so no producer can. */
function typeIssue(input: unknown): string {
  const came = preview(isRecord(input) ? input['type'] : input);
  return `expected webchat-configuration, rollback or deployment, or no type, got ${came}`;
}
