import type { Allowance } from '../core/allowance.ts';
import { CATALOG, JOB_KINDS, type JobKind } from '../jobs/catalog.ts';
import type { Seal } from '../seal/seal.ts';
import type { QuietTimes } from '../tenants/quiet-hours.ts';
import type { JobRef } from './job-ref.ts';

/** How the scripts write jobs and lanes; job.lua and lane.lua describe it. */

/** @throws {TypeError} for a kind that takes no part in flow control. */
export function kindCodeOf(kind: JobKind): string {
  const { kindCode } = CATALOG[kind];
  if (kindCode === null) throw new TypeError(`${kind} takes no part in flow control`);
  return kindCode;
}

/** @param job as the scripts write it, `m-<id>`. */
export function kindOf(job: string): JobKind {
  const kind = JOB_KINDS.find((name) => CATALOG[name].kindCode === job.slice(0, 1));
  if (!kind) throw new TypeError(`no kind has the code ${job.slice(0, 1)}`);
  return kind;
}

/** @param job as the scripts write it, `m-<id>`. */
export function idOf(job: string): string {
  return job.slice(2);
}

/** The job as the scripts write it: kind code, `!` or `-`, id. */
export function jobOf({ kind, jobId, urgent }: Pick<JobRef, 'kind' | 'jobId' | 'urgent'>): string {
  return `${kindCodeOf(kind)}${urgent ? '!' : '-'}${jobId}`;
}

/** The job as the scripts may write it, for a caller that does not know whether it is urgent. */
export function possibleJobsOf(kind: JobKind, jobId: string): string[] {
  return [false, true].map((urgent) => jobOf({ kind, jobId, urgent }));
}

/** `<tenant>:<conversation>`. A job whose order does not matter has a lane of its own. */
export function laneOf({ tenantId, lane, jobId }: JobRef, seal: Seal): string {
  return lane === null ? `${tenantId}:#${jobId}` : laneNamed(tenantId, lane, seal);
}

/** The lane of a conversation. With PAYLOAD_KEYS the name of the conversation is a keyed digest. */
export function laneNamed(tenantId: string, lane: string, seal: Seal): string {
  return `${tenantId}:${seal.nameOf(tenantId, lane)}`;
}

/** The Lua table in which the scripts look kinds up, by kind code. */
export function kindTable(): string {
  const rows = JOB_KINDS.flatMap((kind) => {
    const { kindCode, bucket } = CATALOG[kind];
    return kindCode === null ? [] : [`${kindCode} = { queue = '${kind}', class = '${bucket}' }`];
  });
  return `local KINDS = { ${rows.join(', ')} }`;
}

/** Quiet hours as quiet_end_of of deferred.lua reads them. */
export function quietText(quiet: QuietTimes | undefined): string {
  if (!quiet) return '';
  const times = quiet.times.map(([fromMs, toMs]) => `${fromMs}-${toMs}`);
  return `${quiet.urgentPass ? '!' : ''}${times.join(' ')}`;
}

/** An allowance as note_allowance of bucket.lua reads it. @param nowMs by the clock of `sentAtMs` */
export function allowanceText(allowance: Allowance | undefined, nowMs: number): string {
  if (!allowance) return '';
  const { remaining, count, sentAtMs } = allowance;
  if (!count) return String(remaining);
  const age = sentAtMs === undefined ? [] : [Math.max(0, Math.ceil(nowMs - sentAtMs))];
  return [remaining, count.requests, count.allowed, count.resetMs, ...age].join(' ');
}
