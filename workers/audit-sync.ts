import pLimit from 'p-limit';
import { z } from 'zod';
import type { Checkpoints } from '../src/audit/checkpoints.ts';
import { CodedError, type ErrorCode } from '../src/core/errors.ts';
import { done } from '../src/core/outcome.ts';
import type { AuditSync } from '../src/jobs/audit-sync.ts';
import type { Handler, JobContext } from '../src/runtime/handler.ts';
import { type CollectorOptions, createCollector } from './audit/collect.ts';
import { NOTHING, type Totals, totals, withWindow } from './audit/totals.ts';
import { isComplete, openWindow, type Window, window, withPage } from './audit/window.ts';

export interface AuditSyncOptions extends CollectorOptions {
  readonly checkpoints: Checkpoints;
  /** The time of Redis, which all workers share: the clock of this machine may be wrong. */
  readonly timeMs: () => Promise<number>;
  /** What is read once more each time, ms: records may come late. */
  readonly overlapMs: number;
}

/** How far a sync is. It saves this after each page. */
const savedState = z.object({
  /** When it began: it has read nothing that happened later. */
  begunAt: z.string(),
  totals,
  /** Those of the organizations that it reads now; all before them are in the totals. */
  windows: z.array(window),
});

type Progress = z.output<typeof savedState>;

type SyncJob = JobContext<AuditSync>;

/** Organizations whose progress is written down together. */
const BATCH = 25;
/** Organizations that are read at the same time by one job; each request has its token all the same. */
const ORGANIZATIONS_AT_ONCE = 4;

/**
 * Brings Genesys Cloud's own audit records into the audit store
 * (docs/guides.md#query-audit-records): every page of every organization, from where the last run
 * stopped. How far it is is written down after each page, so that a run that is interrupted goes on
 * there.
 */
export function auditSync(options: AuditSyncOptions): Handler<AuditSync> {
  const { checkpoints, timeMs, overlapMs } = options;
  const collectPage = createCollector(options);

  return async function sync(job) {
    let progress: Progress = job.steps.saved(savedState) ?? {
      begunAt: isoOf(await timeMs()),
      totals: NOTHING,
      windows: [],
    };
    while (progress.totals.organizations < job.data.organizationIds.length) {
      const windows = await readBatch(job, progress);
      for (const window of windows) await noteCheckpoint(job, progress, window);
      progress = { ...progress, totals: windows.reduce(withWindow, progress.totals), windows: [] };
      await job.steps.save({ ...progress, begun: true });
    }
    await refuseIfAllFailed(job, progress.totals);
    return done(progress.totals);
  };

  /** Reads the next organizations to their end. Nothing is under way any more when it returns, or throws. */
  async function readBatch(job: SyncJob, progress: Progress): Promise<Window[]> {
    const windows = progress.windows.length > 0 ? [...progress.windows] : await openWindows(job, progress);
    const limit = pLimit(ORGANIZATIONS_AT_ONCE);
    const save = () => job.steps.save({ ...progress, windows, begun: true });
    // The same windows for every attempt: with another end the pages would be others.
    await save();
    const readings = windows.map((_, index) => limit(() => readWindow(job, windows, index, save)));
    for (const result of await Promise.allSettled(readings)) {
      if (result.status === 'rejected') throw result.reason;
    }
    return windows;
  }

  async function openWindows({ data, tenant }: SyncJob, { begunAt, totals }: Progress): Promise<Window[]> {
    const { actions, from, to = begunAt } = data;
    const next = data.organizationIds.slice(totals.organizations, totals.organizations + BATCH);
    return await Promise.all(
      next.map(async (organizationId) => {
        const through = await checkpoints.through(tenant.id, { organizationId, actions });
        return openWindow({ organizationId, from, to, through: notAfter(begunAt, through), overlapMs });
      }),
    );
  }

  async function readWindow(
    job: SyncJob,
    windows: Window[],
    index: number,
    save: () => Promise<void>,
  ): Promise<void> {
    const { actions, pageSize } = job.data;
    for (;;) {
      const window = windows[index];
      if (!window || window.isEnded) return;
      const { organizationId, from, to, page } = window;
      const query = { organizationIds: [organizationId], actions, from, to, page, pageSize };
      windows[index] = await collectPage(job, query).then((read) => withPage(window, read), refused(window));
      await save();
    }
  }

  /** Up to when this organization has been read without a gap. */
  async function noteCheckpoint(
    { tenant, data }: SyncJob,
    { begunAt }: Progress,
    window: Window,
  ): Promise<void> {
    if (window.unread || !isComplete(window)) return;
    const { organizationId, to, answeredAt } = window;
    // What Genesys Cloud writes down later has a time behind that of its answer, whatever our clock says.
    const through = earliest(to, begunAt, answeredAt ?? begunAt);
    await checkpoints.advance(tenant.id, { organizationId, actions: data.actions }, through, begunAt);
  }
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** Undefined for a time in the future: only a wrong clock can have read that far. */
function notAfter(now: string, through: string | undefined): string | undefined {
  return through !== undefined && Date.parse(through) > Date.parse(now) ? undefined : through;
}

function earliest(...times: readonly string[]): string {
  return isoOf(Math.min(...times.map((time) => Date.parse(time))));
}

/** What is refused for one organization must not keep the others from being read. */
function refused(window: Window) {
  return (thrown: unknown): Window => {
    if (!(thrown instanceof CodedError) || thrown.disposition !== 'reject') throw thrown;
    const { code, message } = thrown;
    return { ...window, isEnded: true, error: { code, message } };
  };
}

/** Whoever retries it asks again. @throws {CodedError} the first refusal. */
async function refuseIfAllFailed(job: SyncJob, { organizations, failed, failures }: Totals): Promise<void> {
  const [first] = failures;
  if (!first || failed < organizations) return;
  await job.steps.save({});
  // Genesys Cloud has answered, which is what its bucket is to hear.
  throw new CodedError(first.error.code as ErrorCode, first.error.message, { status: 200 });
}
