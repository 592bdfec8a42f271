import type { Rules, Trait } from './fault.ts';

/** What the sandbox, the receiver and gwm itself say after a run. Moments are ms since the epoch. */
export interface Facts {
  /** Jobs whose acceptance Redis confirmed, with the moment. */
  readonly accepted: ReadonlyMap<string, number>;
  /** When the sandbox accepted each job, once or more often. */
  readonly deliveries: ReadonlyMap<string, readonly number[]>;
  /** How often gwm says of a job that an earlier attempt may have been delivered too. */
  readonly doubts: ReadonlyMap<string, number>;
  /** Codes of the jobs that failed for good. */
  readonly deadLetters: ReadonlyMap<string, string>;
  readonly callbacks: ReadonlyMap<string, CallbackFacts>;
  /** Codes of callbacks that are dead letters. */
  readonly callbackDeadLetters: readonly string[];
  readonly forged: number;
  readonly outOfOrder: number;
  readonly rateLimited: number;
  /** Jobs of any kind that have not ended. */
  readonly stuck: number;
  /** Jobs that a worker left when it was told to end, so that another one ran them again. */
  readonly leftBehind: number;
  /** Requests whose answer came too late. */
  readonly lateAnswers: number;
  readonly faults: number;
  readonly faultEndedAtMs: number;
  /** When Redis lost data. */
  readonly lossesAtMs: readonly number[];
  /** What the fault itself checks. */
  readonly complaints: readonly string[];
}

export interface CallbackFacts {
  readonly timesById: ReadonlyMap<string, number>;
  readonly endings: ReadonlySet<string>;
  readonly atMs: number;
}

/** One row of docs/reliability.md. */
export interface Row {
  readonly name: string;
  readonly load: string;
  readonly faults: number;
  readonly accepted: number;
  /** Different jobs that the sandbox accepted. */
  readonly delivered: number;
  readonly lost: number;
  /** Jobs that Redis itself lost, as its settings allow. */
  readonly lostByDefinition: number;
  /** Deliveries beyond the first one of a job. */
  readonly doubled: number;
  /** Deliveries that gwm counts as unknown: it sent the job again, and says so. */
  readonly explained: number;
  readonly outOfOrder: number;
  readonly rateLimited: number;
  readonly deadLetters: number;
  readonly callbacksMissing: number;
  /** Callbacks that came again with the same `webhook-id`. */
  readonly callbacksDoubled: number;
  /** From the end of the fault to the end of the last job accepted before it. */
  readonly recoverySeconds: number;
  /** Why the row fails. Empty: it does not. */
  readonly failures: readonly string[];
}

/** Judges a run by the rules of its fault. */
export function judge(fault: Trait & { readonly name: string }, load: string, facts: Facts): Row {
  const { rules = {} } = fault;
  const lost = lostOf(facts, rules);
  const doubled = [...facts.deliveries].filter(([, moments]) => moments.length > 1);
  const missing = missingCallbacks(facts, new Set(lost.byDefinition), rules);
  const counts = {
    name: fault.name,
    load,
    faults: facts.faults,
    accepted: facts.accepted.size,
    delivered: facts.deliveries.size,
    lost: lost.lost.length,
    lostByDefinition: lost.byDefinition.length,
    doubled: doubled.reduce((sum, [, moments]) => sum + moments.length - 1, 0),
    explained: [...facts.doubts.values()].reduce((sum, times) => sum + times, 0),
    outOfOrder: facts.outOfOrder,
    rateLimited: facts.rateLimited,
    deadLetters: facts.deadLetters.size,
    callbacksMissing: missing.length,
    callbacksDoubled: doubledCallbacks(facts),
    recoverySeconds: recoverySecondsOf(facts),
  };
  const unexplained = doubled.filter(([id, moments]) => !isExplained(id, moments, facts, rules));
  const wrongEnds = [...facts.callbacks].filter(([, { endings }]) => endings.size > 1);
  const strange = [...facts.deadLetters.values()].filter(
    (code) => !rules.deadLetters?.includes(code as never),
  );
  const failures = [
    complaint(lost.lost, 'jobs were accepted and neither delivered nor failed'),
    complaint(unexplained, 'jobs were delivered again, and gwm does not say that this may be'),
    counts.outOfOrder > 0 && `${counts.outOfOrder} messages came out of order`,
    strange.length > 0 && `dead letters that the fault does not cause: ${tallied(strange)}`,
    complaint(missing, 'jobs have no callback'),
    complaint(wrongEnds, 'jobs have callbacks about two different ends'),
    facts.forged > 0 && `${facts.forged} callbacks have a wrong signature`,
    facts.stuck > 0 && `${facts.stuck} jobs do not end`,
    facts.callbackDeadLetters.length > 0 &&
      `callbacks are dead letters: ${tallied(facts.callbackDeadLetters)}`,
    facts.leftBehind > 0 && `${facts.leftBehind} jobs were left by a worker that ended in order`,
    rules.nothingTwice &&
      counts.doubled > facts.lateAnswers &&
      `${counts.doubled} deliveries were doubled, and ${facts.lateAnswers} answers were late`,
    rules.no429 && counts.rateLimited > 0 && `${counts.rateLimited} requests got a 429`,
    ...facts.complaints,
  ].filter((failure) => typeof failure === 'string');
  return { ...counts, failures };
}

function lostOf({ accepted, deliveries, deadLetters, lossesAtMs }: Facts, rules: Rules) {
  const lost: string[] = [];
  const byDefinition: string[] = [];
  for (const [id, atMs] of accepted) {
    if (deliveries.has(id) || deadLetters.has(id)) continue;
    (isForgotten(atMs, lossesAtMs, rules) ? byDefinition : lost).push(id);
  }
  return { lost, byDefinition };
}

/** Redis may have lost what happened at this moment. */
function isForgotten(atMs: number, lossesAtMs: readonly number[], { redisForgetsMs }: Rules): boolean {
  if (redisForgetsMs === undefined) return false;
  return lossesAtMs.some((lossAtMs) => atMs <= lossAtMs && atMs >= lossAtMs - redisForgetsMs);
}

function isExplained(
  id: string,
  moments: readonly number[],
  { doubts, lossesAtMs }: Facts,
  rules: Rules,
): boolean {
  const forgotten = moments.slice(0, -1).filter((atMs) => isForgotten(atMs, lossesAtMs, rules)).length;
  return moments.length - 1 <= (doubts.get(id) ?? 0) + forgotten;
}

/** Callbacks of an accepted job. Redis may have lost the job of a callback as well. */
function missingCallbacks(facts: Facts, forgotten: ReadonlySet<string>, rules: Rules): string[] {
  const { accepted, callbacks, deliveries, lossesAtMs } = facts;
  return [...accepted.keys()].filter((id) => {
    if (callbacks.has(id) || forgotten.has(id)) return false;
    return !(deliveries.get(id) ?? []).some((atMs) => isForgotten(atMs, lossesAtMs, rules));
  });
}

function doubledCallbacks({ callbacks }: Facts): number {
  const times = [...callbacks.values()].flatMap(({ timesById }) => [...timesById.values()]);
  return times.reduce((sum, each) => sum + each - 1, 0);
}

function recoverySecondsOf({ accepted, deliveries, callbacks, faultEndedAtMs }: Facts): number {
  let lastMs = faultEndedAtMs;
  for (const [id, atMs] of accepted) {
    if (atMs > faultEndedAtMs) continue;
    lastMs = Math.max(lastMs, deliveries.get(id)?.[0] ?? callbacks.get(id)?.atMs ?? 0);
  }
  return Math.round((lastMs - faultEndedAtMs) / 100) / 10;
}

function complaint(items: readonly unknown[], what: string): string | false {
  if (items.length === 0) return false;
  return `${items.length} ${what}, such as ${JSON.stringify(items.slice(0, 3))}`;
}

function tallied(codes: readonly string[]): string {
  return [...Map.groupBy(codes, (code) => code)].map(([code, each]) => `${each.length} × ${code}`).join(', ');
}
