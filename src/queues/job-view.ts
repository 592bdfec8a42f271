import type { Job } from 'bullmq';
import { traceOf } from '../core/trace.ts';
import { type JobRef, jobRefOf } from '../flow/job-ref.ts';
import { CATALOG, type JobKind } from '../jobs/catalog.ts';
import { envelope } from '../jobs/envelope.ts';
import { shownLane, shownResult } from '../jobs/shown/job.ts';
import { shownReason } from '../jobs/shown/reasons.ts';
import { readData } from '../jobs/stored-data.ts';
import { isDamage } from './lenient-backend.ts';

export const JOB_STATES = [
  'waiting',
  'active',
  'delayed',
  'waiting-children',
  'completed',
  'failed',
] as const;
export type JobState = (typeof JOB_STATES)[number];

/** `prioritized`: another program gave it a priority of BullMQ. `unknown`: it is in no list of BullMQ. */
export const SHOWN_STATES = [...JOB_STATES, 'prioritized', 'unknown'] as const;
export type ShownState = (typeof SHOWN_STATES)[number];

/** One job, without the content that its caller wrote: see src/jobs/shown. */
export interface JobView {
  readonly jobId: string;
  readonly kind: JobKind;
  /** The operation, for a kind with several; else the kind. */
  readonly name: string;
  readonly state: ShownState;
  readonly tenantId: string | null;
  readonly lane: string | null;
  /** Null when the job is damaged and its time cannot be read. */
  readonly acceptedAt: string | null;
  /** The moment before which no worker sends it; null for a job that is not scheduled. */
  readonly sendAt: string | null;
  readonly attemptsMade: number;
  /** The trace that its caller named (W3C Trace Context). */
  readonly traceparent: string | null;
  /** Progress of its steps; null when it has started no step. */
  readonly steps: StepCounts | null;
  /** The result of a delivered job. */
  readonly result: unknown;
  /**
   * Code and reason of a dead letter. JOB_DAMAGED when Redis holds no readable job: a worker will
   * make it a dead letter.
   */
  readonly failedReason: string | null;
}

export interface StepCounts {
  readonly pending: number;
  readonly done: number;
  readonly failed: number;
}

/** Undefined for kinds without flow control, and for data that cannot be read. */
export function placeIn(kind: JobKind, job: Job): JobRef | undefined {
  const data = readData(kind, job.data);
  if (CATALOG[kind].kindCode === null || !data || job.id === undefined) return undefined;
  return jobRefOf(kind, data.tenantId, job.id, data.payload);
}

/** Null for data that cannot be read. */
export function tenantIdOf({ data }: Job): string | null {
  const opened = envelope.safeParse(data);
  return opened.success ? opened.data.tenantId : null;
}

/** @param state when it is known. */
export async function viewOf(kind: JobKind, job: Job, state?: string): Promise<JobView> {
  const [known, steps] = await Promise.all([state ?? job.getState(), stepsOf(job)]);
  const { data: opened } = envelope.safeParse(job.data);
  const place = placeIn(kind, job);
  return {
    jobId: job.id ?? '',
    kind,
    name: job.name,
    state: SHOWN_STATES.find((name) => name === known) ?? 'unknown',
    tenantId: opened?.tenantId ?? null,
    lane: shownLane(place?.lane ?? null),
    acceptedAt: timeOf(job.timestamp),
    sendAt: timeOf(place?.sendAtMs),
    attemptsMade: job.attemptsMade,
    traceparent: traceOf(opened?.payload['traceparent'], undefined)?.traceparent ?? null,
    steps,
    result: shownResult(job.returnvalue),
    failedReason: reasonShown(job, known),
  };
}

/** BullMQ keeps the reason of the last failed attempt, also of a job that waits or was delivered. */
function reasonShown({ failedReason }: Job, state: string): string | null {
  if (!failedReason || (state !== 'failed' && !isDamage(failedReason))) return null;
  return shownReason(failedReason);
}

/** Undefined when no code begins the reason. */
export function codeIn(reason: string | undefined): string | undefined {
  return /^([A-Z][A-Z_]+):/.exec(reason ?? '')?.[1];
}

export function timeOf(ms: number | undefined): string | null {
  return ms !== undefined && Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}

export async function stepsOf(job: Job): Promise<StepCounts | null> {
  const { processed = 0, unprocessed = 0, ignored = 0 } = await job.getDependenciesCount();
  if (processed + unprocessed + ignored === 0) return null;
  return { pending: unprocessed, done: processed, failed: ignored };
}
