import pLimit from 'p-limit';
import { z } from 'zod';
import type { Checkpoints } from '../src/audit/checkpoints.ts';
import { CodedError, type ErrorCode } from '../src/core/errors.ts';
import { done } from '../src/core/outcome.ts';
import { type AuditSync, GUEST_PAGE_SIZE } from '../src/jobs/audit-sync.ts';
import type { Handler, JobContext } from '../src/runtime/handler.ts';
import { type CollectorOptions, createCollector } from './audit/collect.ts';
import { NOTHING, type Totals, totals, withWindow } from './audit/totals.ts';
import { isComplete, openWindow, type Window, window, withPage } from './audit/window.ts';

export interface AuditSyncOptions extends CollectorOptions {
  readonly checkpoints: Checkpoints;
  /** The time of Redis, which all workers share: the clock of this machine may be wrong. */
  readonly timeMs: () => Promise<number>;
  /** How much each sync reads once more, ms: records may come late. */
  readonly overlapMs: number;
}

/** How far a sync is. It saves this after each page. */
const savedState = z.object({
  /** When it began: it has read nothing that happened later. */
  begunAt: z.string(),
  totals,
  /** The windows of the organizations that it reads now. The totals count those before them. */
  windows: z.array(window),
});

type Progress = z.output<typeof savedState>;

type SyncJob = JobContext<AuditSync>;

/** Organizations whose progress is saved together. */
const BATCH = 25;
/** Organizations that one job reads at the same time. Each request still takes its token. */
const ORGANIZATIONS_AT_ONCE = 4;

/**
 * Copies Genesys Cloud's own audit records into the audit store
 * (docs/guides.md#query-audit-records): every page of every organization, from where the last sync
 * stopped. The job saves its progress after each page, so the next run of an interrupted job goes
 * on there.
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

  /**
   * Reads the next organizations to their end. When it returns or throws, no request is under way.
   */
  async function readBatch(job: SyncJob, progress: Progress): Promise<Window[]> {
    const windows = progress.windows.length > 0 ? [...progress.windows] : await openWindows(job, progress);
    const limit = pLimit(ORGANIZATIONS_AT_ONCE);
    const save = () => job.steps.save({ ...progress, windows, begun: true });
    // Every attempt reads the same windows: with another end the pages would differ.
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
      const query = {
        organizationIds: [organizationId],
        actions,
        from,
        to,
        page,
        pageSize: Math.min(pageSize, GUEST_PAGE_SIZE),
      };
      windows[index] = await collectPage(job, query).then((read) => withPage(window, read), refused(window));
      await save();
    }
  }

  /** Records up to when this organization has been read without a gap. */
  async function noteCheckpoint(
    { tenant, data }: SyncJob,
    { begunAt }: Progress,
    window: Window,
  ): Promise<void> {
    if (window.unread || !isComplete(window)) return;
    const { organizationId, to, answeredAt } = window;
    // A record that Genesys Cloud writes later has a later time than its answer, whatever our clock
    // says.
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

/** A refusal for one organization must not keep the others from being read. */
function refused(window: Window) {
  return (thrown: unknown): Window => {
    if (!(thrown instanceof CodedError) || thrown.disposition !== 'reject') throw thrown;
    const { code, message } = thrown;
    return { ...window, isEnded: true, error: { code, message } };
  };
}

/**
 * Fails the job when every organization was refused. It clears the saved state, so a retry asks
 * again. @throws {CodedError} the first refusal.
 */
async function refuseIfAllFailed(job: SyncJob, { organizations, failed, failures }: Totals): Promise<void> {
  const [first] = failures;
  if (!first || failed < organizations) return;
  await job.steps.save({});
  // The status reports to the bucket that Genesys Cloud answered.
  throw new CodedError(first.error.code as ErrorCode, first.error.message, { status: 200 });
}
