import { readWakes, type Wake } from '../redis/wakes.ts';
import type {
  Acceptance,
  Acquired,
  Admission,
  BucketRef,
  BucketStatus,
  BucketSurvey,
  Conclusion,
  LedgerEntry,
  Return,
  Verdict,
} from './decisions.ts';

/** Reads what the scripts reply. The header of each script has the meanings. */

export type AcceptReply = [sequences: number[], limits: (string | number)[], nowMs: number];

export type AdmitReply = [
  verdict: string,
  waitMs: number,
  reason: string,
  sequence: number,
  wakes: unknown,
  isLast?: 0 | 1,
];

export type ConcludeReply = [
  waitMs: number,
  parked: 0 | 1,
  wakes: unknown,
  existing: Conclusion['existing'] | '',
  isDown: 0 | 1,
  leftMs: number,
  noted: 0 | 1,
];

export type AcquireReply = [verdict: Acquired['verdict'], waitMs: number, wakes: unknown];
export type ReleaseReply = [outcomes: Released['outcome'][], wakes: unknown];
export type DueReply = [moved: number, nextMs: number, wakes: unknown];
export type ExpireReply = [found: number, wakes: unknown];
export type RevisitReply = [repaired: number, wakes: unknown];
export type ReconcileReply = [repaired: number, isEmpty: 0 | 1, wakes: unknown];

/** What became of a release. `running`: a request may be under way, and nothing was changed. */
export interface Released {
  readonly outcome: 'released' | 'running' | 'ended';
  readonly wakes: Wake[];
}

/** What became of each job of a batch. */
export interface ReleasedBatch extends Pick<Released, 'wakes'> {
  readonly outcomes: readonly Released['outcome'][];
}

/** What accept.lua replies in the place of a sequence number. */
const NOT_ACCEPTED = new Map<number, Verdict>([
  [0, 'duplicate'],
  [-1, 'expired'],
  [-2, 'refused'],
  [-3, 'moved'],
  [-4, 'too far'],
]);

export function readAcceptance([sequences, limited, nowMs]: AcceptReply): Acceptance {
  const limits = new Map<string, number>();
  for (let at = 0; at < limited.length; at += 2) limits.set(String(limited[at]), Number(limited[at + 1]));
  const verdicts = sequences.map((sequence) => NOT_ACCEPTED.get(sequence) ?? sequence);
  return { verdicts, limits, nowMs };
}

export function readAdmission(
  partition: number,
  [verdict, waitMs, reason, sequence, woken, isLast]: AdmitReply,
): Admission {
  const shared = { sequence, wakes: readWakes(partition, woken) };
  switch (verdict) {
    case 'go':
      return {
        ...shared,
        verdict,
        mayBeRepetition: reason !== '',
        workerDied: reason === 'died',
        isLastAttempt: isLast === 1,
      };
    case 'wait':
      return { ...shared, verdict, waitMs, reason };
    case 'park':
      return { ...shared, verdict, reason };
    case 'done':
      return { ...shared, verdict, entry: reason as LedgerEntry };
    case 'unknown':
      return { ...shared, verdict, workerDied: reason === 'died' };
    case 'prepare':
    case 'expired':
      return { ...shared, verdict };
    default:
      throw new TypeError(`admit.lua said ${verdict}`);
  }
}

export function readConclusion(
  partition: number,
  [waitMs, parked, woken, existing, isDown, leftMs, noted]: ConcludeReply,
): Conclusion & Return {
  return {
    waitMs,
    parked: parked === 1,
    wakes: readWakes(partition, woken),
    isDown: isDown === 1,
    isOver: leftMs === 0,
    isNoted: noted === 1,
    ...(existing !== '' && { existing }),
  };
}

export function readAcquired(partition: number, [verdict, waitMs, woken]: AcquireReply): Acquired {
  const wakes = readWakes(partition, woken);
  return verdict === 'wait' || verdict === 'later' ? { verdict, waitMs, wakes } : { verdict, wakes };
}

export function readReleased(partition: number, [outcomes, woken]: ReleaseReply): ReleasedBatch {
  return { outcomes, wakes: readWakes(partition, woken) };
}

export function readStatus(reply: readonly string[]): BucketStatus {
  const number = (index: number) => Number(reply[index] ?? 0);
  const intervalMs = number(0);
  return {
    ratePerSecond: intervalMs > 0 ? 1000 / intervalMs : 0,
    burst: number(1),
    level: number(2),
    pausedForMs: number(3),
    reason: reply[4] ?? '',
    failures: number(5),
    lanesWaiting: number(6),
    lanesReserved: number(7),
    lanesBusy: number(8),
    lastWaitMs: number(9),
  };
}

/** Values of one bucket in the reply of survey.lua. */
const SURVEY_SIZE = 9;

/** @param buckets in the order of the reply */
export function readSurvey(buckets: readonly BucketRef[], reply: readonly string[]): BucketSurvey[] {
  return buckets.map((bucket, index) => {
    const at = index * SURVEY_SIZE;
    const number = (place: number) => Number(reply[at + place] ?? 0);
    return {
      ...bucket,
      level: number(0),
      burst: number(1),
      pausedForMs: number(2),
      reason: reply[at + 3] ?? '',
      lanesRunnable: number(4),
      lanesThrottled: number(5),
      inFlight: number(6),
      oldestWaitingMs: number(7),
      oldestReadyMs: number(8),
    };
  });
}
