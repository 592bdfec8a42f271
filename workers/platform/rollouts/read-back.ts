import { z } from 'zod';
import type { Checkpoints } from '../../../src/audit/checkpoints.ts';
import type { AuditRecord } from '../../../src/audit/record.ts';
import { exponential } from '../../../src/core/backoff.ts';
import { CodedError } from '../../../src/core/errors.ts';
import { isRecord } from '../../../src/core/json.ts';
import { done, snooze } from '../../../src/core/outcome.ts';
import type { AuditSync } from '../../../src/jobs/audit-sync.ts';
import type { AuditReadBackStep } from '../../../src/jobs/config-rollout.ts';
import type { Saved } from '../../../src/jobs/envelope.ts';
import type { Handler, JobContext } from '../../../src/runtime/handler.ts';
import { type OrganizationSyncOptions, syncOrganization } from '../audit/organization.ts';
import { progress } from '../audit/progress.ts';

export interface PlatformReadBackOptions extends OrganizationSyncOptions {
  /** How long records may take to appear, ms. */
  readonly readBackTimeoutMs: number;
}

/** What the step saves between two runs. */
const savedState = z.object({
  /** Configurations and deployments whose record is there. */
  found: z.array(z.string()),
  /** Looks that have ended. */
  looks: z.number(),
  deadlineMs: z.number(),
  /** How far the look under way is. */
  look: progress.nullable(),
});

type State = z.output<typeof savedState>;
type ReadBackJob = JobContext<AuditReadBackStep>;

/** A look reads one span of time again and again, so it neither has nor moves a checkpoint. */
const NO_CHECKPOINTS: Checkpoints = { through: async () => undefined, advance: async () => {} };
const PAGE_SIZE = 500;

/**
 * Reads the audit records of what a rollout changed in one organization into the audit store
 * (docs/platform.md#rollouts). Each look is a sync of that time. The step looks until each entity
 * that the rollout changed has a record, or `readBackTimeoutMs` is over. The names of actions are not
 * published, so any record of the entity since the rollout counts.
 */
export function platformReadBack(options: PlatformReadBackOptions): Handler<AuditReadBackStep> {
  const { clock, pollBackoff, readBackTimeoutMs } = options;

  return async function readBack(job) {
    let state: State = job.steps.saved(savedState) ?? {
      found: [],
      looks: 0,
      deadlineMs: clock.now() + readBackTimeoutMs,
      look: null,
    };
    const save = (changes: Partial<State>) => {
      state = { ...state, ...changes };
      return job.steps.save({ ...state, begun: true });
    };
    const sync = syncOrganization({
      ...options,
      checkpoints: NO_CHECKPOINTS,
      store: {
        async append(records) {
          const counts = await options.store.append(records);
          state = { ...state, found: [...new Set([...state.found, ...entitiesIn(records)])] };
          return counts;
        },
      },
    });
    const steps = {
      ...job.steps,
      saved: <Kept>(schema: z.ZodType<Kept>) => (state.look === null ? undefined : schema.parse(state.look)),
      save: (look: Saved) => save({ look: look as unknown as State['look'] }),
    };
    const outcome = await sync({ ...job, data: lookOf(job.data), steps }).catch(withoutPermission);
    if (outcome === 'not-permitted') return done({ status: outcome });
    if (outcome.kind !== 'done') return outcome;
    const missing = changedIn(job).filter((id) => !state.found.includes(id));
    if (missing.length === 0) return done({ status: 'found' });
    if (clock.now() >= state.deadlineMs) return done({ status: 'missing', missing: missing.length });
    await save({ look: null, looks: state.looks + 1 });
    const leftMs = Math.max(0, state.deadlineMs - clock.now());
    return snooze(Math.min(leftMs, exponential(pollBackoff, state.looks)), 'audit-records-missing');
  };
}

/** A rollout needs no permission to read audit records. Without it there is nothing to look for. */
function withoutPermission(error: unknown): 'not-permitted' {
  if (error instanceof CodedError && error.code === 'PERMISSION_MISSING') return 'not-permitted';
  throw error;
}

function lookOf({ tenantId, since, organizations: [changed] }: AuditReadBackStep): AuditSync {
  return {
    tenantId,
    organizationIds: [tenantId],
    actions: [
      ...(changed?.configurationId !== undefined ? ['webchat:configuration'] : []),
      ...(changed?.deploymentIds !== undefined ? ['webchat:deployment'] : []),
    ],
    from: since,
    pageSize: PAGE_SIZE,
    onUnknownOutcome: 'resend',
  };
}

function changedIn({ data: { organizations } }: ReadBackJob): string[] {
  return organizations.flatMap(({ configurationId, deploymentIds = [] }) => [
    ...(configurationId !== undefined ? [configurationId] : []),
    ...deploymentIds,
  ]);
}

function entitiesIn(records: readonly AuditRecord[]): string[] {
  return records.flatMap(({ details }) => {
    const entity = details['entity'];
    return isRecord(entity) && typeof entity['id'] === 'string' ? [entity['id']] : [];
  });
}
