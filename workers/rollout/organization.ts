import { z } from 'zod';
import { DEFAULTS, withSettings } from '../../src/content/configuration/webchat-configuration.ts';
import {
  applyChanges,
  changesBetween,
  equalTrees,
  mergeTrees,
  overlapping,
  type Tree,
} from '../../src/content/json/tree.ts';
import { fullJitter } from '../../src/core/backoff.ts';
import { CodedError, toCodedError } from '../../src/core/errors.ts';
import { done, type Outcome, snooze } from '../../src/core/outcome.ts';
import { guest } from '../../src/genesys/dialects/guest/guest.ts';
import type { OrganizationStep } from '../../src/jobs/config-rollout.ts';
import type { Handler, JobContext } from '../../src/runtime/handler.ts';
import { requestContext } from '../request-context.ts';
import type { ConflictPolicy } from './conflict-policy.ts';

/** What the step saves between two runs. */
const savedState = z.object({
  /** 409s so far, and one more for a version other than the one that the producer named. */
  conflicts: z.number().default(0),
  /** Fields that another program set meanwhile, and that this rollout set again. */
  conflictFields: z.array(z.string()).default([]),
  /** The configuration that the step found before it wrote last. */
  seen: z
    .object({
      version: z.number(),
      configuration: z.custom<Tree>((tree) => typeof tree === 'object' && tree !== null),
    })
    .optional(),
  /** No answer says whether that write was accepted. */
  isSent: z.boolean().optional(),
});

type Progress = z.output<typeof savedState>;

/** A configuration as the step read it. */
type Reading = NonNullable<Progress['seen']>;

type OrganizationJob = JobContext<OrganizationStep>;

/**
 * Brings one organization to its new configuration (docs/guides.md#write-a-configuration). The step
 * writes with `If-Match`, so it overwrites no change that it has not seen.
 *
 *                         equal                              ┌──────────► done: unchanged, or updated
 *   read ──► compare ─────┴── differs ──► save (seen, isSent) ──► write ──► 2xx ──► done: updated
 *    ▲                                                             │
 *    │   409: conflicts + 1, not sent, wait                        │
 *    ├─────────────────────────────────────────────────────────────┤
 *    │   no answer: isSent stays                                    │
 *    └──────────────────────────────────────────────────────────────┘
 *
 * After a write without an answer the next run reads the configuration. If it holds what the step
 * wanted, the write was accepted. When the job ends before it can read, its result is `unknown`.
 */
export function organizationStep(options: ConflictPolicy): Handler<OrganizationStep> {
  const { genesys, maxConflicts, conflictBackoff, onConflict } = options;

  return async function update(job) {
    try {
      return await bringAbout(job);
    } catch (thrown) {
      return await concludeFailure(job, toCodedError(thrown), thrown);
    }
  };

  async function bringAbout(job: OrganizationJob): Promise<Outcome> {
    const { data, tenant } = job;
    const current = await genesys.call(tenant, guest.readConfiguration, data, requestContext(job));
    const before = progressOf(job);
    if (before.isSent && !mayBeWritten(data, before, current))
      await job.steps.save({ ...before, isSent: false });
    const progress = compared(data, before, current);
    const wanted = wantedBy(data, current.configuration);
    if (equalTrees(wanted, current.configuration)) return nothingToSend(data, progress, current);
    if (data.dryRun) return done({ ...reportOf(data, progress, current), status: 'dry-run' });
    return await write(job, progress, current, wanted);
  }

  /**
   * A write without an answer must not be reported as failed: with the result `unknown` a rollback
   * can undo it. After any other failure for good the saved state goes, so a retry starts afresh.
   */
  async function concludeFailure(job: OrganizationJob, error: CodedError, thrown: unknown): Promise<Outcome> {
    const { seen, isSent, ...progress } = progressOf(job);
    const isOver = error.disposition === 'reject' || (error.disposition === 'retry' && job.isLastAttempt);
    if (thrown instanceof CodedError && isOver) {
      if (seen && isSent) {
        const reason = `OUTCOME_UNKNOWN: the write may have been accepted; ${error.code}: ${error.message}`;
        return done({
          ...reportOf(job.data, progress, seen),
          status: 'unknown',
          versionAfter: null,
          error: reason,
        });
      }
      await job.steps.save({});
    }
    throw thrown;
  }

  async function write(
    job: OrganizationJob,
    progress: Progress,
    current: Reading,
    configuration: Tree,
  ): Promise<Outcome> {
    const { data, tenant } = job;
    const { version } = current;
    const { organizationId } = data;
    await job.steps.save({ ...progress, seen: current, isSent: true, begun: true });
    let startedMs = performance.now();
    const token = async () => {
      await job.requests.token();
      startedMs = performance.now();
    };
    const request = { organizationId, version, configuration };
    const answer = await genesys
      .call(tenant, guest.writeConfiguration, request, { ...requestContext(job), token })
      .catch(async (error: unknown) => {
        if (isRefusal(error))
          await job.steps.save({ ...progress, seen: current, isSent: false, begun: true });
        throw error;
      });
    if (answer.status === 'written') {
      const latencyMs = Math.round(performance.now() - startedMs);
      const versionAfter = answer.version ?? version + 1;
      return done({ ...reportOf(data, progress, current), status: 'updated', versionAfter, latencyMs });
    }
    const conflicts = progress.conflicts + 1;
    await job.steps.save({ ...progress, conflicts, seen: current, isSent: false, begun: true });
    if (data.onConflict === 'abort') throw changedMeanwhile(version, answer.version);
    if (conflicts > maxConflicts) throw changedMeanwhile(version, answer.version, conflicts);
    onConflict(tenant.id);
    return snooze(fullJitter(conflictBackoff, conflicts), 'conflict');
  }
}

/** Whether it is certain that Genesys Cloud wrote nothing. */
function isRefusal(error: unknown): boolean {
  const { status = 500 } = error instanceof CodedError ? error : {};
  return status < 500 && status !== 408;
}

function progressOf({ steps }: OrganizationJob): Progress {
  return steps.saved(savedState) ?? { conflicts: 0, conflictFields: [] };
}

/** The configuration that the organization should have, when it has `configuration` now. */
function wantedBy({ settings, restore, onConflict }: OrganizationStep, configuration: Tree): Tree {
  if (restore) return applyChanges(configuration, restore);
  if (onConflict === 'overwrite') return mergeTrees(DEFAULTS, settings ?? {});
  return withSettings(configuration, settings ?? {});
}

/** The progress after the step has compared a reading with an earlier one, or with `ifVersion`. */
function compared(data: OrganizationStep, progress: Progress, current: Reading): Progress {
  const { seen } = progress;
  if (!seen) {
    if (data.ifVersion === undefined || data.ifVersion === current.version) return progress;
    if (data.onConflict === 'abort') throw changedMeanwhile(data.ifVersion, current.version);
    return { ...progress, conflicts: 1 };
  }
  if (seen.version === current.version) return progress;
  const isOurs = isOurWrite(data, progress, current);
  if (data.onConflict === 'abort' && !isOurs) throw changedMeanwhile(seen.version, current.version);
  const theirs = changesBetween(seen.configuration, current.configuration);
  // Fields that others set and this step sets again. Its own write without an answer leaves no such
  // field.
  const ours = changesBetween(current.configuration, wantedBy(data, current.configuration));
  const fields = overlapping(theirs, ours).map((path) => path.join('.'));
  // A 409 was counted when it came.
  const conflicts = progress.isSent && !isOurs ? progress.conflicts + 1 : progress.conflicts;
  return { ...progress, conflicts, conflictFields: [...new Set([...progress.conflictFields, ...fields])] };
}

/** Whether the configuration is the one that this step wrote without an answer. */
function isOurWrite(data: OrganizationStep, { seen, isSent }: Progress, current: Reading): boolean {
  if (!seen || !isSent) return false;
  return equalTrees(wantedBy(data, seen.configuration), current.configuration);
}

/**
 * Whether a write without an answer may have been accepted: its version comes after the one that
 * was seen.
 */
function mayBeWritten(data: OrganizationStep, progress: Progress, current: Reading): boolean {
  const versions = current.version - (progress.seen?.version ?? current.version);
  return versions > 1 || (versions === 1 && isOurWrite(data, progress, current));
}

/**
 * The organization has all that it should have: from the start, or by a write without an answer.
 */
function nothingToSend(data: OrganizationStep, progress: Progress, current: Reading): Outcome {
  if (!progress.isSent || !progress.seen) {
    return done({ ...reportOf(data, progress, current), status: 'unchanged', changes: [] });
  }
  const versionAfter = current.version;
  return done({
    ...reportOf(data, progress, progress.seen),
    status: 'updated',
    versionAfter,
    latencyMs: null,
  });
}

/** The result of an organization whose configuration was `before`. */
function reportOf(data: OrganizationStep, progress: Progress, before: Reading) {
  const changes = changesBetween(before.configuration, wantedBy(data, before.configuration));
  return {
    organizationId: data.organizationId,
    versionBefore: before.version,
    versionAfter: before.version,
    conflictsResolved: progress.conflicts,
    conflictFields: [...progress.conflictFields],
    latencyMs: null,
    changes,
  };
}

function changedMeanwhile(expected: number, found: number | null, conflicts?: number): CodedError {
  const there = found === null ? 'another one' : `version ${found}`;
  const often = conflicts === undefined ? '' : `, ${conflicts} times in a row`;
  const message = `configuration.write: version ${expected} was expected, and ${there} was found${often}`;
  // The status reports to the bucket that Genesys Cloud answered.
  return new CodedError('CONFLICT', message, { status: 409 });
}
