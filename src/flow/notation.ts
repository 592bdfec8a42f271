import { CATALOG, JOB_KINDS, type JobKind } from '../jobs/catalog.ts';
import type { JobRef } from './job-ref.ts';

/** How jobs are written in lanes, and read by the scripts: `m-<id>`, see lane.lua. */

/** The code of a kind. */
export function kindCodeOf(kind: JobKind): string {
  const { kindCode } = CATALOG[kind];
  if (kindCode === null) throw new TypeError(`${kind} takes no part in flow control`);
  return kindCode;
}

/** The kind of a job as the scripts write it. */
export function kindOf(job: string): JobKind {
  const kind = JOB_KINDS.find((name) => CATALOG[name].kindCode === job.slice(0, 1));
  if (!kind) throw new TypeError(`no kind has the code ${job.slice(0, 1)}`);
  return kind;
}

export function jobOf({ kind, jobId, urgent }: JobRef): string {
  return `${kindCodeOf(kind)}${urgent ? '!' : '-'}${jobId}`;
}

/** `<tenant>:<conversation>`; a job whose order does not matter has a lane of its own. */
export function laneOf({ tenantId, lane, jobId }: JobRef): string {
  return `${tenantId}:${lane ?? `#${jobId}`}`;
}

/** The table that the scripts look kinds up in. */
export function kindTable(): string {
  const rows = JOB_KINDS.flatMap((kind) => {
    const { kindCode, bucket } = CATALOG[kind];
    return kindCode === null ? [] : [`${kindCode} = { queue = '${kind}', class = '${bucket}' }`];
  });
  return `local KINDS = { ${rows.join(', ')} }`;
}
