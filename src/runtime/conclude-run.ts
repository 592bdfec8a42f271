import { isKeyed } from '../core/ids.ts';
import { type FinalOutcome, isFinal, type Outcome, park, reject, snooze } from '../core/outcome.ts';
import type { FailedAttempt } from '../flow/decisions.ts';
import type { Flow } from '../flow/flow.ts';
import { isLimited } from '../flow/job-ref.ts';
import { isMarked, markEntry, readEntry, sealOfEntry, writeEntry } from '../flow/ledger.ts';
import { parkMs } from '../flow/parking.ts';
import { CATALOG } from '../jobs/catalog.ts';
import { contentDigest } from '../jobs/content-digest.ts';
import type { Wake } from '../redis/wakes.ts';
import type { Seal } from '../seal/seal.ts';
import { mayExpire } from './age.ts';
import { uncounted } from './fail-run.ts';
import type { RetryUntilAborted } from './retry-until-aborted.ts';
import type { Opened, RunEnd } from './stages.ts';

export interface ConcludeOptions {
  readonly flow: Flow;
  readonly retryUntilAborted: RetryUntilAborted;
  readonly wake: (wakes: readonly Wake[]) => Promise<void>;
  readonly seal: Seal;
  readonly partitionOf: (tenantId: string) => number;
  /** The audit record of the end that the run came to, as JSON. */
  readonly record?: string | undefined;
}

interface Conclusion extends Pick<RunEnd, 'outcome' | 'endedBefore' | 'mayBeRepetition'> {
  /** The audit record of the end is in the outbox. */
  readonly isNoted?: boolean;
}

/** The end of a run that ends its job. */
interface Ended extends Pick<RunEnd, 'bucketReport' | 'mayBeRepetition'> {
  readonly outcome: FinalOutcome;
}

/** The end of a run that does not end its job: another run follows. */
interface Unfinished extends RunEnd {
  readonly outcome: Exclude<Outcome, FinalOutcome>;
}

/**
 * Reports to flow control how the run ended, and wakes the jobs whose turn has come.
 * @param elapsedMs how long ago the run began, ms.
 * @returns the outcome that flow control keeps: another run may have ended the job first.
 */
export async function concludeRun(
  opened: Opened,
  runEnd: RunEnd,
  elapsedMs: number,
  options: ConcludeOptions,
): Promise<Conclusion> {
  const { outcome } = runEnd;
  if (runEnd.isDecided || !isLimited(opened.run.kind)) return { outcome };
  if (isFinal(outcome)) return await end(opened, { ...runEnd, outcome }, options);
  const attempt = { retryForMs: opened.retryForMs, elapsedMs };
  return await reschedule(opened, { ...runEnd, outcome }, attempt, options);
}

/** Records the end of the job. The first recorded outcome is the one that counts. */
async function end(
  opened: Opened,
  { outcome, bucketReport, mayBeRepetition }: Ended,
  options: ConcludeOptions,
): Promise<Conclusion> {
  const { run, ref, tenant } = opened;
  const { flow, retryUntilAborted, wake } = options;
  const entrySeal = sealOfEntry(options.seal, ref);
  const entry = writeEntry(outcome, digestOf(opened), entrySeal);
  const ending = {
    entry: mayBeRepetition ? markEntry(entry) : entry,
    onFailure: CATALOG[run.kind].haltsLane ? (tenant?.onFailure ?? 'skip') : 'skip',
    expires: mayExpire(ref, tenant),
    record: options.record,
  } as const;
  const record = () => flow.conclude(ref, run.number, ending, bucketReport);
  const { wakes, existing, isNoted } = await retryUntilAborted(record, run.signal);
  await wake(run.hasLock() ? wakes : [...wakes, ofOtherRun(opened, options)]);
  if (existing === 'running') return { outcome: snooze(0, 'superseded') };
  if (!existing) return { outcome, isNoted };
  if (existing === markEntry(entry)) return { outcome, mayBeRepetition: true };
  const mark = isMarked(existing) && { mayBeRepetition: true };
  return { outcome: readEntry(existing, entrySeal), endedBefore: true, ...mark };
}

/** Reschedules the job, or ends it when its time for retries is over. */
async function reschedule(
  opened: Opened,
  runEnd: Unfinished,
  attempt: FailedAttempt,
  options: ConcludeOptions,
): Promise<Conclusion> {
  const { run, ref } = opened;
  const { outcome, bucketReport } = runEnd;
  const delayMs = outcome.kind === 'await' ? parkMs({}) : outcome.delayMs;
  const failure = {
    error: 'error' in outcome ? outcome.error : undefined,
    attempt: outcome.kind === 'retry' ? attempt : undefined,
  };
  const record = () => options.flow.reschedule(ref, run.number, delayMs, bucketReport, failure);
  const { waitMs, parked, wakes, isDown, isOver } = await options.retryUntilAborted(record, run.signal);
  await options.wake(wakes);
  if (outcome.kind === 'retry' && isOver && !runEnd.isAdmitted) {
    const ended = { outcome: reject(outcome.error) };
    return await end(opened, ended, { ...options, record: undefined });
  }
  // The last step to end wakes the job.
  if (outcome.kind === 'await') return { outcome };
  const isOutage = isDown && bucketReport?.verdict === 'unavailable';
  const next = isOutage && outcome.kind === 'retry' ? uncounted(outcome) : outcome;
  if (!parked) return { outcome: { ...next, delayMs: waitMs } };
  return {
    outcome: { ...park(parkMs({}), 'waiting'), ...('error' in outcome && { error: outcome.error }) },
  };
}

/** Wakes the job itself: another worker may have it now, and wait for the end of this run. */
function ofOtherRun({ ref }: Opened, { partitionOf }: ConcludeOptions): Wake {
  return { partition: partitionOf(ref.tenantId), queue: ref.kind, jobId: ref.jobId, delayMs: 0 };
}

/**
 * Flow control compares digests only for jobs with an idempotency key: others have no duplicates.
 */
function digestOf({ run, envelope }: Opened): string | undefined {
  return isKeyed(run.jobId) ? contentDigest(envelope.payload) : undefined;
}
