import { z } from 'zod';
import { seen } from '../../src/content/fields/declarations.ts';
import type { JobKind } from '../../src/jobs/catalog.ts';

/**
 * The results of handlers, with the fields that hold text of people. Each completed job of a test
 * is checked against these schemas, and so is the masking of results. A handler therefore cannot
 * return a field that the masking does not know.
 */

const number = z.number().nullable();
const word = z.string().nullable();
const id = seen.identifier(z.string().nullable());
const written = seen.checkedByKind('plain-text', z.string().nullable());
const tree = seen.tree('plain-text', z.unknown());

const change = z.strictObject({ path: z.array(written), from: tree.optional(), to: tree.optional() });
const failure = z.strictObject({
  organizationId: id,
  error: z.union([written, z.strictObject({ code: word, message: z.string() })]),
});

const organization = {
  organizationId: id,
  status: word,
  versionBefore: number,
  versionAfter: number,
  conflictsResolved: number,
  conflictFields: z.array(written),
  latencyMs: number,
  changes: z.array(change),
  error: written.optional(),
  // With the dialect platform.
  configurationId: id.optional(),
  isCreated: z.boolean().optional(),
  foreignFields: z.array(written).optional(),
  discardedFields: z.array(written).optional(),
  deployments: z
    .array(
      z.strictObject({
        deploymentId: id,
        name: written,
        before: z.strictObject({ id, version: word }),
        after: z.strictObject({ id, version: word }),
        isPinned: z.boolean(),
      }),
    )
    .optional(),
  stripped: z.array(written).optional(),
};

/** The result of a step of the dialect platform, which its rollout takes apart. */
const messengerStep = {
  ...organization,
  deploymentId: id.optional(),
  deploymentStatus: word.optional(),
  name: written.optional(),
  copy: tree.optional(),
};

const step = z
  .strictObject({
    status: word,
    error: written,
    replicationId: id,
    acknowledgedMs: number,
    activationLatencyMs: number,
    failedCount: number,
    failedOrganizations: z.array(failure),
    overwriteExisting: z.boolean(),
    found: number,
    missing: number,
    missingOrganizations: z.array(id),
    stripped: z.array(written),
  })
  .partial();

const summary = z.strictObject({
  status: word,
  updated: number,
  unchanged: number,
  failed: number,
  conflictsResolved: number,
  failures: z.array(failure),
  replication: step,
  audit: step,
  organizations: z.array(z.strictObject(organization).partial()),
  dryRun: z.boolean().optional(),
  payload: tree.optional(),
  concurrency: word.optional(),
  ignored: z.array(written).optional(),
});

const deployment = z.strictObject({
  name: written,
  warnings: z.array(written),
  deploymentId: id,
  status: word,
  // With the dialect platform.
  configurationId: id.optional(),
  versionAfter: number.optional(),
  concurrency: word.optional(),
  ignored: z.array(written).optional(),
});

const totals = z.strictObject({
  organizations: number,
  read: number,
  added: number,
  known: number,
  outOfRange: number,
  unreadable: number,
  failed: number,
  failures: z.array(failure),
  gaps: z.array(z.strictObject({ organizationId: id, from: word, to: word })),
});

export const RESULTS: Readonly<Record<JobKind, z.ZodType>> = {
  'message-transmission': z.strictObject({ messageId: id, requestMs: number, conversationId: id.optional() }),
  'card-delivery': z.strictObject({
    messageId: id,
    templateId: id,
    requestMs: number,
    conversationId: id.optional(),
  }),
  'config-rollout': z.union([summary, z.strictObject(messengerStep), step, deployment]),
  'embed-generation': z.strictObject({
    widgetId: id,
    generatedAt: word,
    payloadBytes: number,
    requestMs: number,
    // A public page may show this text.
    scriptTag: z.string(),
    // With the dialect platform.
    attributesTag: z.string().optional(),
    environment: word.optional(),
    missingLanguages: z.array(id).optional(),
    notApplied: z.array(word).optional(),
  }),
  'audit-sync': totals,
  'webhook-delivery': z.strictObject({ status: number, requestMs: number }),
};
