import pLimit from 'p-limit';
import type { Checkpoints } from '../src/audit/checkpoints.ts';
import type { Clock } from '../src/core/clock.ts';
import { CodedError, type ErrorCode, toCodedError } from '../src/core/errors.ts';
import { done, type JobResult } from '../src/core/outcome.ts';
import type { AuditSync } from '../src/jobs/audit-sync.ts';
import type { Handler, Run } from '../src/runtime/handler.ts';
import { type CollectorOptions, createCollector } from './audit/collect.ts';
import { isComplete, openWindow, type Window, withPage } from './audit/window.ts';

export interface AuditSyncOptions extends CollectorOptions {
  readonly checkpoints: Checkpoints;
  readonly clock: Clock;
  /** What is read once more each time, ms: records may come late. */
  readonly overlapMs: number;
}

/** Organizations that are read at the same time by one job; each request has its token all the same. */
const ORGANIZATIONS_AT_ONCE = 4;
/** Gaps and failures that a result names. */
const NAMED = 20;

/**
 * Brings Genesys Cloud's own audit records into the audit store (guide 001, step 4): every page of every organization, from
 * where the last run stopped. How far it is is written down after each page, so that a run that is interrupted goes on there.
 */
export function auditSync(options: AuditSyncOptions): Handler<AuditSync> {
  const { checkpoints, clock, overlapMs } = options;
  const collectPage = createCollector(options);

  return async function sync(run) {
    const windows = windowsOf(run) ?? (await openWindows(run));
    await readAll(run, windows);
    for (const window of windows) await noteProgress(run, window);
    refuseIfAllFailed(windows);
    return done(summaryOf(windows));
  };

  async function openWindows({ data, tenant, save }: Run<AuditSync>): Promise<Window[]> {
    const { organizationIds, actions, from } = data;
    const to = data.to ?? new Date(clock.now()).toISOString();
    const windows = await Promise.all(
      organizationIds.map(async (organizationId) => {
        const through = await checkpoints.through(tenant.id, { organizationId, actions });
        return openWindow({ organizationId, from, to, through, overlapMs });
      }),
    );
    // The same window for every attempt: with another end the pages would be others.
    await save({ windows });
    return windows;
  }

  /** Reads what has not been read. Nothing is under way any more when it returns, or throws. */
  async function readAll(run: Run<AuditSync>, windows: Window[]): Promise<void> {
    const limit = pLimit(ORGANIZATIONS_AT_ONCE);
    const readings = windows.map((_, index) => limit(() => readWindow(run, windows, index)));
    const results = await Promise.allSettled(readings);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  async function readWindow(run: Run<AuditSync>, windows: Window[], index: number): Promise<void> {
    const { actions, pageSize } = run.data;
    for (;;) {
      const window = windows[index];
      if (!window || window.isEnded) return;
      const { organizationId, from, to, page } = window;
      const query = { organizationIds: [organizationId], actions, from, to, page, pageSize };
      windows[index] = await collectPage(run, query).then((read) => withPage(window, read), failed(window));
      await run.save({ windows });
    }
  }

  /** Up to where this organization has been read without a gap. */
  async function noteProgress({ tenant, data }: Run<AuditSync>, window: Window): Promise<void> {
    if (window.unread || !isComplete(window)) return;
    const { organizationId, to } = window;
    await checkpoints.advance(tenant.id, { organizationId, actions: data.actions }, to);
  }
}

function windowsOf({ saved }: Run<AuditSync>): Window[] | undefined {
  return saved?.['windows'] as Window[] | undefined;
}

/** What is refused for one organization must not keep the others from being read. */
function failed(window: Window) {
  return (thrown: unknown): Window => {
    const { code, message, disposition } = toCodedError(thrown);
    if (!(thrown instanceof CodedError) || disposition !== 'reject') throw thrown;
    return { ...window, isEnded: true, error: { code, message } };
  };
}

function refuseIfAllFailed(windows: readonly Window[]): void {
  const [first] = windows;
  if (!first?.error || windows.some(({ error }) => error === null)) return;
  // Genesys Cloud has answered, which is what its bucket is to hear.
  throw new CodedError(first.error.code as ErrorCode, first.error.message, { status: 200 });
}

function summaryOf(windows: readonly Window[]): JobResult {
  const sum = (name: 'read' | 'added' | 'known' | 'outOfRange' | 'unreadable') =>
    windows.reduce((total, window) => total + window[name], 0);
  const failures = windows.filter(({ error }) => error !== null);
  const gaps = windows.flatMap(gapsIn);
  return {
    organizations: windows.length,
    read: sum('read'),
    added: sum('added'),
    known: sum('known'),
    outOfRange: sum('outOfRange'),
    unreadable: sum('unreadable'),
    gaps: gaps.slice(0, NAMED),
    failed: failures.length,
    failures: failures.slice(0, NAMED).map(({ organizationId, error }) => ({ organizationId, error })),
  };
}

/** Times of which not everything was read: before the window, or in it. */
function gapsIn(window: Window) {
  const { organizationId, from, to, unread, error } = window;
  return [
    ...(unread ? [{ organizationId, ...unread }] : []),
    ...(error === null && !isComplete(window) ? [{ organizationId, from, to }] : []),
  ];
}
