import { z } from 'zod';
import { seen } from '../content/fields/declarations.ts';
import type { Change, Tree } from '../content/json/tree.ts';
import { listOf } from '../core/shapes.ts';
import { id } from './fields.ts';
import { deploymentName } from './rollout-fields.ts';

/** What rollouts have with the dialect `platform` only (docs/platform.md#rollouts). */

/**
 * Fields that only the dialect `platform` has: which configuration the job is about. Without an id or
 * a name it is the one that the job is about otherwise (docs/platform.md#rollouts).
 */
export const ofPlatform = {
  configurationId: id.optional(),
  /** The worker finds the configuration by this name, or creates it. */
  configurationName: deploymentName.optional(),
  /** Leaves out the fields without a counterpart, and reports them. Otherwise the job is refused. */
  ignoreUnsupported: z.boolean().optional(),
};
/** Deployments of one job. */
export const MAX_PINS = 100;
/** A domain of pages, as browsers send it. */
const domain = seen.checkedByKind(
  'identifier',
  z
    .string()
    .regex(/^(?=.{1,253}$)[a-z\d*](?:[a-z\d.:-]*[a-z\d])?$/i, 'expected a domain such as www.example.com'),
);

/** Deployments that are pinned to the new version, each by its id or its name. */
export const deployments = listOf(id.or(deploymentName), { max: MAX_PINS });

/** Of a new deployment: the domains of its pages. */
export const allowedDomains = listOf(domain, { min: 1, max: MAX_PINS });

/** A version of a configuration of the dialect `platform`. */
const versionReference = z.strictObject({
  id,
  version: seen.checkedByKind('identifier', z.string().regex(/^\w{1,20}$/)),
});

/**
 * Fields of a step: the worker changes one configuration of one organization, which is the tenant of
 * the step, and the deployments that belong to the change.
 */
export const messengerFields = {
  type: z.literal('messenger'),
  organizationId: id,
  configurationId: id.optional(),
  configurationName: deploymentName.optional(),
  // rollout-issues.ts checks their values.
  settings: seen.tree('plain-text', z.custom<Tree>()),
  restore: seen.tree('plain-text', z.custom<readonly Change[]>()).optional(),
  /** The configuration of the source of a replication. */
  copy: seen.tree('plain-text', z.custom<Tree>()).optional(),
  /** Whether the result has a copy for other organizations. */
  givesCopy: z.boolean().default(false),
  overwriteExisting: z.boolean().default(false),
  /** Whether a missing configuration is created. */
  mayCreate: z.boolean().default(true),
  /** Deployments to pin, by id or name: to the new version, or to another one. */
  pins: listOf(
    z.strictObject({
      deployment: id.or(deploymentName),
      to: versionReference.optional(),
      /** Only while the deployment has this configuration. */
      whileAt: id.optional(),
    }),
    { max: MAX_PINS },
  ).default([]),
  /** The deployment that is created or changed. */
  deployment: z
    .strictObject({
      id: id.optional(),
      name: deploymentName.optional(),
      status: z.enum(['active', 'inactive']),
      allowedDomains: allowedDomains.optional(),
    })
    .optional(),
  dryRun: z.boolean().default(false),
};
