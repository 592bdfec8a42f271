import type {
  Acquired,
  Admission,
  BucketStatus,
  Conclusion,
  LedgerEntry,
  Return,
  Wake,
} from './decisions.ts';

/** What the scripts return, as the rest of the program knows it. */

export type AdmitReply = [
  verdict: string,
  waitMs: number,
  reason: string,
  ticket: number,
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
];

export type AcquireReply = [verdict: Acquired['verdict'], waitMs: number, wakes: unknown];
export type ReleaseReply = [outcome: 'released' | 'running' | 'ended', wakes: unknown];

/** Three values per job: queue, id, delay. */
export function readWakes(partition: number, reply: unknown): Wake[] {
  const values = reply as (string | number)[];
  const wakes: Wake[] = [];
  for (let at = 0; at < values.length; at += 3) {
    const [queue, jobId, delayMs] = values.slice(at, at + 3);
    wakes.push({ partition, queue: String(queue), jobId: String(jobId), delayMs: Number(delayMs) });
  }
  return wakes;
}

export function readAdmission(
  partition: number,
  [verdict, waitMs, reason, ticket, woken, isLast]: AdmitReply,
): Admission {
  const shared = { ticket, wakes: readWakes(partition, woken) };
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
  [waitMs, parked, woken, existing, isDown, leftMs]: ConcludeReply,
): Conclusion & Return {
  return {
    waitMs,
    parked: parked === 1,
    wakes: readWakes(partition, woken),
    isDown: isDown === 1,
    isOver: leftMs === 0,
    ...(existing !== '' && { existing }),
  };
}

export function readAcquired(partition: number, [verdict, waitMs, woken]: AcquireReply): Acquired {
  const wakes = readWakes(partition, woken);
  return verdict === 'wait' || verdict === 'later' ? { verdict, waitMs, wakes } : { verdict, wakes };
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
    lanesInLine: number(6),
    lanesWithSlot: number(7),
    lanesBusy: number(8),
    lastWaitMs: number(9),
  };
}
