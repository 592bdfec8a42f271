import type { Checkpoints } from '../../../src/audit/checkpoints.ts';
import type { AuditStore } from '../../../src/audit/store.ts';
import { type BackoffPolicy, exponential } from '../../../src/core/backoff.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { CodedError } from '../../../src/core/errors.ts';
import { done, type Outcome, snooze } from '../../../src/core/outcome.ts';
import type { GenesysClient, RequestContext } from '../../../src/genesys/client.ts';
import {
  type AuditQuestion,
  type PlatformAuditPage,
  queryRealtime,
  readQuery,
  readResults,
  readServices,
  startQuery,
} from '../../../src/genesys/dialects/platform/audits.ts';
import type { AuditSync } from '../../../src/jobs/audit-sync.ts';
import type { JobContext } from '../../../src/runtime/handler.ts';
import { DEFAULT_MAX_INTERVAL_DAYS } from '../../../src/tenants/platform.ts';
import { NOTHING, withWindow } from '../../audit/totals.ts';
import { isComplete, openWindow } from '../../audit/window.ts';
import { requestContext } from '../../request-context.ts';
import { collect } from './collect.ts';
import { firstInterval } from './intervals.ts';
import { byService, common, resolveActions } from './names.ts';
import { type Progress, progress, withFailure, withPage } from './progress.ts';

export interface OrganizationSyncOptions {
  readonly genesys: GenesysClient;
  readonly store: Pick<AuditStore, 'append'>;
  readonly checkpoints: Checkpoints;
  readonly clock: Clock;
  /** The time of Redis, which all workers share. */
  readonly timeMs: () => Promise<number>;
  /** How much each sync reads once more, ms. */
  readonly overlapMs: number;
  /** The wait between two looks at a query. */
  readonly pollBackoff: BackoffPolicy;
  /** How long a query may take, ms. Then it counts as failed. */
  readonly queryTimeoutMs: number;
}

type SyncJob = JobContext<AuditSync>;

/** How far back realtime queries go, less a minute for clocks that differ, ms. */
const REALTIME_MS = 14 * 24 * 3_600_000 - 60_000;
/** A query is asked again this often. */
const MAX_FAILURES = 5;

/**
 * Copies the audit records of one organization into the audit store (docs/platform.md#audit).
 *
 *   names ──► for each service: ask ──► save its id ──► look, wait, look … ──► page, save, page, save …
 *                                 ▲                       │ Failed, Cancelled, too late
 *                                 └───────────────────────┘ from the last record in the store
 *
 * Between two looks the job waits in its queue. A worker that dies leaves the id of the query, and
 * the next one goes on looking.
 */
export function syncOrganization(options: OrganizationSyncOptions): (job: SyncJob) => Promise<Outcome> {
  const { genesys, store, checkpoints, clock, timeMs, overlapMs, pollBackoff, queryTimeoutMs } = options;

  return async function sync(job) {
    let current = job.steps.saved(progress) ?? (await begin(job));
    while (!current.window.isEnded) {
      const next = await (current.isRealtime ? realtimePage(job, current) : look(job, current));
      const { interval } = current;
      if (next.progress.interval !== interval) await noteCheckpoint(job, next.progress, interval.to);
      await job.steps.save({ ...next.progress, begun: true });
      if (next.waitMs !== undefined) return snooze(next.waitMs, next.reason ?? 'audit-query');
      current = next.progress;
    }
    if (isComplete(current.window)) await noteCheckpoint(job, current, current.window.to);
    return done(withWindow(NOTHING, current.window));
  };

  async function begin(job: SyncJob): Promise<Progress> {
    const { data, tenant } = job;
    const begunAt = isoOf(await timeMs());
    const stored = await checkpoints.through(tenant.id, { organizationId: tenant.id, actions: data.actions });
    // Only a wrong clock can have read into the future.
    const through = stored !== undefined && Date.parse(stored) > Date.parse(begunAt) ? undefined : stored;
    const { from, to = begunAt } = data;
    const window = openWindow({ organizationId: tenant.id, from, to, through, overlapMs });
    const wantsRealtime = (data.mode ?? tenant.platform.audit?.mode) === 'realtime';
    const isRecent = Date.parse(window.from) > Date.parse(begunAt) - REALTIME_MS;
    const named = await names(job, wantsRealtime && isRecent);
    const rest = { at: 0, query: null, cursor: null, page: 1, through: null, failures: 0 };
    const interval = firstInterval(window, maxDaysOf(job));
    return { begunAt, window, interval, ...named, ...rest };
  }

  /** Realtime queries have some services only. For others the whole sync asks asynchronously. */
  async function names(
    job: SyncJob,
    mayBeRealtime: boolean,
  ): Promise<Pick<Progress, 'isRealtime' | 'questions'>> {
    const { tenant, data } = job;
    for (const isRealtime of mayBeRealtime ? [true, false] : [false]) {
      const services = await genesys.call(tenant, readServices, { isRealtime }, requestContext(job));
      const resolved = resolveActions(data.actions, services);
      if (resolved.issue === undefined) return { isRealtime, questions: byService(resolved.wanted) };
      // The status reports to the bucket that Genesys Cloud answered.
      if (!isRealtime) throw new CodedError('JOB_INVALID', resolved.issue, { status: 200 });
    }
    throw new TypeError('the last names decide');
  }

  async function realtimePage(job: SyncJob, before: Progress): Promise<Next> {
    const request = { ...questionOf(before), pageNumber: before.page, pageSize: job.data.pageSize };
    const noted = noting(job);
    const answer = await genesys.call(job.tenant, queryRealtime, request, noted.context);
    const isLast =
      answer.pageCount === null
        ? answer.records.length + answer.unreadable === 0
        : before.page >= answer.pageCount;
    return { progress: await stored(job, noted.onto(before), answer, { cursor: null, isLast }) };
  }

  async function look(job: SyncJob, before: Progress): Promise<Next> {
    const { query } = before;
    if (query === null) return await ask(job, before);
    if (query.isReady) return await resultsPage(job, before, query.transactionId);
    const state = await genesys.call(job.tenant, readQuery, query, requestContext(job));
    switch (state) {
      case 'Succeeded':
        return { progress: { ...before, query: { ...query, isReady: true } } };
      case 'Queued':
      case 'Running': {
        if (clock.now() >= query.deadlineMs) return await failed(job, before, 'did not end in time');
        const polls = query.polls + 1;
        return wait({ ...before, query: { ...query, polls } }, exponential(pollBackoff, polls));
      }
      default:
        return await failed(job, before, `ended as ${state}`);
    }
  }

  async function ask(job: SyncJob, before: Progress): Promise<Next> {
    const noted = noting(job);
    const { transactionId } = await genesys.call(job.tenant, startQuery, questionOf(before), noted.context);
    const query = { transactionId, isReady: false, polls: 0, deadlineMs: clock.now() + queryTimeoutMs };
    return wait({ ...noted.onto(before), query }, exponential(pollBackoff, 1));
  }

  async function resultsPage(job: SyncJob, before: Progress, transactionId: string): Promise<Next> {
    const request = { transactionId, cursor: before.cursor, pageSize: job.data.pageSize };
    const answer = await genesys
      .call(job.tenant, readResults, request, requestContext(job))
      .catch((error: unknown) => {
        if (error instanceof CodedError && error.status === 404) return undefined;
        throw error;
      });
    if (!answer) return await failed(job, before, 'is no longer kept');
    const next = { cursor: answer.cursor, isLast: answer.cursor === null };
    return { progress: await stored(job, before, answer, next) };
  }

  async function stored(
    job: SyncJob,
    before: Progress,
    page: PlatformAuditPage,
    next: { readonly cursor: string | null; readonly isLast: boolean },
  ): Promise<Progress> {
    const wanted = before.questions[before.at]?.wanted ?? [];
    const counts = await collect(store, job.tenant.id, page, before.interval, wanted);
    const lastAt = page.records.at(-1)?.occurredAt ?? null;
    return withPage(before, { ...counts, ...next, lastAt }, maxDaysOf(job));
  }

  /** @throws {CodedError} GENESYS_REFUSED after too many. Then a retry asks afresh. */
  async function failed(job: SyncJob, before: Progress, how: string): Promise<Next> {
    const after = withFailure(before);
    if (after.failures < MAX_FAILURES)
      return wait(after, exponential(pollBackoff, after.failures + 1), 'query-failed');
    await job.steps.save({ ...after, failures: 0, begun: true });
    const message = `audit.query: the query ${how}, ${after.failures} times in a row`;
    throw new CodedError('GENESYS_REFUSED', message, { status: 200 });
  }

  /** Records up to when this organization has been read without a gap. @param to end of what is read */
  async function noteCheckpoint(
    { tenant, data }: SyncJob,
    { begunAt, window }: Progress,
    to: string,
  ): Promise<void> {
    const { unread, isCutOff, answeredAt } = window;
    if (unread || isCutOff) return;
    const through = isoOf(Math.min(...[to, begunAt, answeredAt ?? begunAt].map((time) => Date.parse(time))));
    const of = { organizationId: tenant.id, actions: data.actions };
    await checkpoints.advance(tenant.id, of, through, begunAt);
  }
}

/** The progress to save; with `waitMs` the job then waits. */
interface Next {
  readonly progress: Progress;
  readonly waitMs?: number;
  readonly reason?: string;
}

function wait(progress: Progress, waitMs: number, reason = 'audit-query'): Next {
  return { progress, waitMs, reason };
}

/** The longest interval of a query of this organization, days. */
function maxDaysOf({ tenant }: SyncJob): number {
  return tenant.platform.audit?.maxIntervalDays ?? DEFAULT_MAX_INTERVAL_DAYS;
}

/** The question that is asked now, from what of it is in the store. */
function questionOf({ questions, at, interval, through, isRealtime }: Progress): AuditQuestion {
  const { service, wanted } = questions[at] ?? { service: '', wanted: [] };
  return {
    service,
    entity: common(wanted, 'entity'),
    action: common(wanted, 'action'),
    // Pages of a realtime query are numbered, so that all of them are of the same interval.
    from: isRealtime ? interval.from : (through ?? interval.from),
    to: interval.to,
  };
}

/**
 * Notes the time of the first answer, by the clock of Genesys Cloud: a record that is written later
 * has a later time.
 */
function noting(job: SyncJob) {
  let atMs: number | undefined;
  const context: RequestContext = {
    ...requestContext(job),
    noteTime: (ms) => {
      atMs = ms;
    },
  };
  const onto = (before: Progress): Progress => {
    if (atMs === undefined || before.window.answeredAt !== null) return before;
    return { ...before, window: { ...before.window, answeredAt: isoOf(atMs) } };
  };
  return { context, onto };
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
