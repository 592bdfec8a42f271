import type { Entry, JobEntry, QuietEntry } from './journal.ts';
import { ATTEMPT_MS } from './world.ts';

/** The state of one job at one point of the journal. */
interface Known {
  readonly id: string;
  readonly lane: string;
  sequence: number;
  /** The outcome. Undefined before. */
  end: string | undefined;
  /** The job failed, and its lane waits for an operator. */
  isHalting: boolean;
  /** The request, as long as it may be under way. An orphan is a request of a dead worker. */
  request: { readonly atMs: number; isOrphan: boolean } | undefined;
  /** The outcome of an earlier request is unknown, so each later request may be a repetition. */
  isSuspect: boolean;
}

/**
 * Reads a journal and finds broken laws.
 *
 * - Order: a job goes after the end of all jobs in front of it in its lane. A lane has one request
 *   at a time.
 * - Once: an ended job does not go again. A job that may have been delivered goes again only if its
 *   first attempt is certainly over, and its admission marks it as a possible repetition. If its
 *   job says hold, it never goes again.
 * - Age: no job goes after its expiry.
 * - Schedule: no job goes before its moment, or in the quiet hours of its tenant.
 * - Pause: no job goes during a pause of Genesys Cloud or an operator.
 *
 * @returns the broken laws, in sentences.
 */
export function brokenLaws(journal: readonly Entry[], bucketOf: (tenantId: string) => string): string[] {
  const jobs = new Map<string, Known>();
  const pausedUntil = new Map<string, number>();
  const quiet = new Map<string, Quiet>();
  const broken: string[] = [];

  for (const entry of journal) {
    if (entry.what === 'quiet') {
      quiet.set(entry.tenantId, entry);
      continue;
    }
    if (!('id' in entry)) {
      const bucket = bucketOf(entry.tenantId);
      const before = entry.what === 'resumed' ? 0 : (pausedUntil.get(bucket) ?? 0);
      pausedUntil.set(bucket, Math.max(before, entry.untilMs));
      continue;
    }
    const job = jobs.get(entry.id) ?? newcomer(entry);
    jobs.set(entry.id, job);
    if (entry.what === 'went') {
      const untilMs = pausedUntil.get(bucketOf(entry.tenantId)) ?? 0;
      if (entry.atMs < untilMs)
        broken.push(`${entry.id} went ${untilMs - entry.atMs} ms before the pause was over`);
      const { expiresAtMs = Number.POSITIVE_INFINITY } = entry.spec;
      if (entry.atMs >= expiresAtMs) broken.push(`${entry.id} went although it had expired`);
      broken.push(...tooEarly(entry, quiet.get(entry.tenantId)));
      broken.push(...repetitions(entry, job), ...overtakings(entry, jobs));
    }
    learn(entry, job);
  }
  return broken;
}

type Quiet = Pick<QuietEntry, 'times' | 'urgentPass'>;

function tooEarly({ id, atMs, spec }: JobEntry, quiet: Quiet | undefined): string[] {
  const broken: string[] = [];
  if (atMs < (spec.sendAtMs ?? 0))
    broken.push(`${id} went ${(spec.sendAtMs ?? 0) - atMs} ms before its time`);
  if (!quiet || (spec.urgent && quiet.urgentPass)) return broken;
  const isQuiet = quiet.times.some(([fromMs, toMs]) => fromMs <= atMs && atMs < toMs);
  return isQuiet ? [...broken, `${id} went in quiet hours`] : broken;
}

function newcomer({ id, lane, sequence }: JobEntry): Known {
  return { id, lane, sequence, end: undefined, isHalting: false, request: undefined, isSuspect: false };
}

function repetitions(
  { id, atMs, mayBeRepetition, spec }: JobEntry,
  { end, request, isSuspect }: Known,
): string[] {
  const broken: string[] = [];
  if (end !== undefined) broken.push(`${id} went although it had ended: ${end}`);
  if (request && !request.isOrphan) broken.push(`${id} went while it was under way`);
  if (request && atMs < request.atMs + ATTEMPT_MS)
    broken.push(`${id} went before its first attempt was certainly over`);
  if (request && spec.onUnknownOutcome === 'hold') broken.push(`${id} went again although it was to be held`);
  if (mayBeRepetition !== isSuspect) {
    broken.push(`${id} ${mayBeRepetition ? 'was said to be' : 'was not said to be'} a possible repetition`);
  }
  return broken;
}

function overtakings({ id, lane, sequence, atMs }: JobEntry, jobs: ReadonlyMap<string, Known>): string[] {
  const broken: string[] = [];
  for (const other of jobs.values()) {
    if (other.lane !== lane || other.id === id) continue;
    const isInFront = other.sequence > 0 && other.sequence < sequence;
    if (isInFront && other.isHalting) broken.push(`${id} went although ${other.id} had halted its lane`);
    else if (isInFront && other.end === undefined) broken.push(`${id} overtook ${other.id}`);
    if (other.request && (!other.request.isOrphan || atMs < other.request.atMs + ATTEMPT_MS)) {
      broken.push(`${id} went while ${other.id} was under way`);
    }
  }
  return broken;
}

function learn(entry: JobEntry, job: Known): void {
  switch (entry.what) {
    case 'accepted':
      // A removed job may be accepted once more, if flow control has not looked at it since.
      job.end = undefined;
      job.sequence = entry.sequence;
      return;
    case 'went':
      job.sequence = entry.sequence;
      job.request = { atMs: entry.atMs, isOrphan: false };
      return;
    case 'died':
      if (job.request) job.request.isOrphan = true;
      job.isSuspect ||= job.request !== undefined;
      return;
    case 'rescheduled':
      job.request = undefined;
      return;
    case 'ended':
      job.end = entry.how;
      job.request = undefined;
      job.sequence = entry.sequence;
      job.isHalting =
        entry.sequence > 0 && entry.how?.startsWith('failed') === true && entry.spec.onFailure === 'halt';
      return;
    case 'cancelled':
      // An operator cancels a dead letter, so that its lane goes on.
      job.isHalting = false;
      job.end ??= 'cancelled';
      return;
    case 'removed':
      job.end ??= 'removed';
      return;
    case 'redriven':
      job.end = undefined;
      job.isSuspect = false;
      // The job is still the head of the lane that it halted. Otherwise it gets a new sequence
      // number.
      if (!job.isHalting) job.sequence = 0;
      job.isHalting = false;
      return;
  }
}
