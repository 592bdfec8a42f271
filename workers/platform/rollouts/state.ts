import { z } from 'zod';
import type { Tree } from '../../../src/content/json/tree.ts';
import type { CodedError } from '../../../src/core/errors.ts';
import type { Outcome } from '../../../src/core/outcome.ts';
import type { MessengerStep } from '../../../src/jobs/config-rollout.ts';
import type { JobContext } from '../../../src/runtime/handler.ts';

/**
 * What the step of a messenger saves between two runs, and before each write. After the death of a
 * worker the next run looks what became of the write.
 */

const tree = z.custom<Tree>((value) => typeof value === 'object' && value !== null);
const reference = z.object({ id: z.string(), version: z.string() });

/** A draft as the step has seen it, or has written it. */
const draft = z.object({ dateModified: z.string().nullable(), fields: tree });

/** A request that was sent without an answer so far. */
const sent = z.object({ sentAtMs: z.number() });

const deployment = z.object({
  id: z.string(),
  name: z.string(),
  /** The version that it was pinned to. */
  before: reference,
  /** Where it belongs; null: to the new version. */
  to: reference.nullable(),
  /** The configuration that it must still have; null: any. */
  whileAt: z.string().nullable(),
});

export const stateShape = z.object({
  /** The deployments to pin, as they were; null: not looked up yet. */
  pins: z.array(deployment).nullable(),
  /** Of a rollout of a deployment: as it was; `missing` if it must be created; null: not looked up yet. */
  deployment: z.union([deployment, z.literal('missing')]).nullable(),
  configurationId: z.string().nullable(),
  isCreated: z.boolean(),
  creation: sent.nullable(),
  /** The newest version before the step wrote, 0 for a draft alone; null: not read yet. */
  newest: z.number().nullable(),
  /** The fields that the step started from, and those that it wants instead. */
  base: tree.nullable(),
  wanted: tree.nullable(),
  /** The draft that the step saw or wrote last: another one is that of another administrator. */
  draft: draft.nullable(),
  /** `none`: nothing to write. `sent`: no answer says whether the draft was written. */
  write: z.enum(['none', 'due', 'sent', 'written', 'settled']),
  publication: sent.nullable(),
  /** The version that the deployments are pinned to. */
  version: z.number().nullable(),
  isPublished: z.boolean(),
  /** Versions that the step has published: a foreign change may need one more. */
  publications: z.number(),
  /** The newest version before the first of them, 0 for a draft alone. */
  versionBefore: z.number(),
  pinned: z.array(z.string()),
  /** Deployments that have another configuration by now. */
  left: z.array(z.string()),
  deploymentCreation: sent.nullable(),
  deploymentId: z.string().nullable(),
  deploymentStatus: z.enum(['created', 'updated', 'unchanged']),
  /** The deployment of the job is active, or inactive as the job wants. */
  isDeploymentSettled: z.boolean(),
  conflicts: z.number(),
  /** Fields that another administrator set meanwhile, and that the step set again. */
  conflictFields: z.array(z.string()),
  /** All fields that another administrator set meanwhile. */
  foreignFields: z.array(z.string()),
  /** Unpublished changes of the draft that the step did not take over. */
  discardedFields: z.array(z.string()),
  latencyMs: z.number().nullable(),
  /** What the step waits for, since when, and how often it has looked. */
  waiting: z.object({ reason: z.string(), sinceMs: z.number(), looks: z.number() }).nullable(),
});

export type State = Readonly<z.output<typeof stateShape>>;
export type PinnedDeployment = z.output<typeof deployment>;

export const FRESH: State = {
  pins: null,
  deployment: null,
  configurationId: null,
  isCreated: false,
  creation: null,
  newest: null,
  base: null,
  wanted: null,
  draft: null,
  write: 'due',
  publication: null,
  version: null,
  isPublished: false,
  publications: 0,
  versionBefore: 0,
  pinned: [],
  left: [],
  deploymentCreation: null,
  deploymentId: null,
  deploymentStatus: 'unchanged',
  isDeploymentSettled: false,
  conflicts: 0,
  conflictFields: [],
  foreignFields: [],
  discardedFields: [],
  latencyMs: null,
  waiting: null,
};

export type MessengerJob = JobContext<MessengerStep>;

/**
 * What an act of the step leads to: the next state; a wait until Genesys Cloud has caught up; a
 * conflict with another administrator, after which the act comes again; or the end.
 */
export type Next =
  | { readonly kind: 'on'; readonly state: State }
  | { readonly kind: 'wait'; readonly state: State; readonly reason: string; readonly error?: CodedError }
  | { readonly kind: 'conflict'; readonly state: State }
  | { readonly kind: 'end'; readonly outcome: Outcome };

export type Act = (job: MessengerJob, state: State) => Promise<Next>;

export function on(state: State): Next {
  return { kind: 'on', state };
}

/** @param error thrown if the wait is in vain; CHANGE_PENDING by default. */
export function wait(state: State, reason: string, error?: CodedError): Next {
  return { kind: 'wait', state, reason, ...(error && { error }) };
}
