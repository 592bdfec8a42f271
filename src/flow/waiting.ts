import type { Facts, QueueState, Waiting } from './wait-reason.ts';

/** A reason with its sentence. `untilMs`: before this moment no worker sends the job, ms since the epoch. */
type Explanation = Omit<Waiting, 'until'> & { readonly untilMs?: number | null };
type Rule = (facts: Facts, queue: QueueState) => Explanation | undefined;

/** Puts what Redis knows into one reason. The first rule that applies counts. */
export function waitingOf(facts: Facts, queue: QueueState): Waiting {
  for (const rule of RULES) {
    const found = rule(facts, queue);
    if (!found) continue;
    const { untilMs = null, ...rest } = found;
    return { ...rest, until: untilMs === null ? null : new Date(untilMs).toISOString() };
  }
  return { ...none('Its turn has come. A worker takes it next.'), until: null };
}

const RULES: readonly Rule[] = [
  ended,
  (_facts, { state, pendingSteps = 0 }) =>
    state === 'waiting-children'
      ? { reason: 'steps', sentence: `It waits for the jobs that it began; ${pendingSteps} have not ended.` }
      : undefined,
  (_facts, { state }) => (state === 'active' ? none('A worker runs it now.') : undefined),
  ({ entry }) =>
    /^(sent|failed|expired|cancelled|removed)\b/.test(entry)
      ? none(`It has ended (${entry.split(' ', 1)[0]}). A worker settles it next.`)
      : undefined,
  behindOthers,
  scheduled,
  held,
  unconfigured,
  inQuietHours,
  paused,
  interrupted,
  nextAttempt,
  circuit,
  reserved,
  queued,
];

function ended(
  { entry, isHead, isHalted }: Facts,
  { state, failedCode }: QueueState,
): Explanation | undefined {
  if (state === undefined) return none('BullMQ does not have the job.');
  if (state === 'completed') return none('It has ended: it was delivered.');
  if (state !== 'failed') return undefined;
  if (failedCode === 'OUTCOME_UNKNOWN' || entry.includes('OUTCOME_UNKNOWN')) {
    return {
      reason: 'held',
      sentence: 'It may have been delivered, so it is held until an operator retries or cancels it.',
    };
  }
  if (isHead && isHalted) {
    return {
      reason: 'halted',
      sentence: 'It failed, and halts its conversation until an operator retries or cancels it.',
    };
  }
  return none(`It is a dead letter${failedCode ? ` (${failedCode})` : ''}.`);
}

function behindOthers(facts: Facts): Explanation | undefined {
  const { isHead, head, sequence, isHalted, headSendAtMs, sendAtMs } = facts;
  if (isHead || !head || sequence === 0) return undefined;
  const number = `number ${head.sequence} of its conversation (job ${head.jobId})`;
  if (!isHalted) {
    const untilMs = latest(headSendAtMs, sendAtMs, facts.quietUntilMs);
    const start = headSendAtMs === null ? '' : `, which is not sent before ${at(headSendAtMs)}`;
    return {
      reason: 'order',
      behind: head,
      untilMs,
      sentence: `It is number ${sequence}, and waits for ${number} to end${start}.`,
    };
  }
  return {
    reason: 'halted',
    behind: head,
    sentence: `Its conversation is halted: ${number} failed, and an operator has to retry or cancel that job.`,
  };
}

function scheduled({ sendAtMs, quietUntilMs }: Facts): Explanation | undefined {
  if (sendAtMs === null) return undefined;
  const quiet =
    quietUntilMs === null
      ? ''
      : ` Then the quiet hours of its tenant hold it back until ${at(quietUntilMs)}.`;
  return {
    reason: 'scheduled',
    untilMs: latest(sendAtMs, quietUntilMs),
    sentence: `It is scheduled for ${at(sendAtMs)}.${quiet}`,
  };
}

function held({ heldFor }: Facts): Explanation | undefined {
  if (heldFor === null) return undefined;
  return {
    reason: 'moving',
    sentence: `Its tenant moves here from partition ${heldFor}, and the older jobs there have not all ended.`,
  };
}

function unconfigured(facts: Facts): Explanation | undefined {
  if (facts.isConfigured) return undefined;
  return {
    reason: 'unconfigured',
    untilMs: dueOf(facts),
    sentence: 'No worker has configured its tenant: the tenant is not in TENANTS_FILE, or no worker runs.',
  };
}

/** A pause that ends later is the reason. */
function inQuietHours(facts: Facts): Explanation | undefined {
  const { quietUntilMs, pausedUntilMs } = facts;
  if (quietUntilMs === null || (pausedUntilMs ?? 0) > quietUntilMs) return undefined;
  return {
    reason: 'quiet-hours',
    untilMs: latest(quietUntilMs, dueOf(facts), overOf(facts)),
    sentence: `Its tenant has quiet hours until ${at(quietUntilMs)}.`,
  };
}

function paused(facts: Facts): Explanation | undefined {
  const { nowMs, pausedUntilMs, pausedFor, reservedAtMs } = facts;
  if (pausedUntilMs === null || pausedUntilMs <= nowMs) return undefined;
  const untilMs = Math.max(pausedUntilMs, reservedAtMs ?? 0, dueOf(facts) ?? 0, overOf(facts) ?? 0);
  const isCircuit = pausedFor === 'circuit-open';
  const until = new Date(pausedUntilMs).toISOString();
  return {
    reason: isCircuit ? 'circuit-open' : 'paused',
    untilMs,
    pausedFor,
    sentence: isCircuit
      ? `The circuit of its tenant is open, because requests failed. One job tries again at ${until}.`
      : `Its tenant is paused until ${until} (${pausedFor}).`,
  };
}

/** The worker may have died, or it gave the job up, with the request under way. */
function interrupted(facts: Facts): Explanation | undefined {
  const overAtMs = overOf(facts);
  if (overAtMs === null) return undefined;
  const until = new Date(overAtMs).toISOString();
  return {
    reason: 'retry',
    untilMs: overAtMs,
    sentence: `Its worker may have died with the request under way. Another worker goes on at ${until}.`,
  };
}

function nextAttempt(facts: Facts, { failedCode }: QueueState): Explanation | undefined {
  const untilMs = dueOf(facts);
  if (untilMs === null) return undefined;
  const why = failedCode ? `The last attempt failed (${failedCode}). ` : '';
  return {
    reason: 'retry',
    untilMs,
    sentence: `${why}The next attempt is due at ${new Date(untilMs).toISOString()}.`,
  };
}

function circuit({ mayTry, pausedFor }: Facts): Explanation | undefined {
  if (mayTry) return undefined;
  return {
    reason: 'circuit-open',
    ...(pausedFor !== '' && { pausedFor }),
    sentence: 'The circuit of its tenant is open. Another job tries now, and this one waits for the answer.',
  };
}

function reserved({ nowMs, reservedAtMs }: Facts): Explanation | undefined {
  if (reservedAtMs === null || reservedAtMs <= nowMs) return undefined;
  const until = new Date(reservedAtMs).toISOString();
  return {
    reason: 'rate',
    untilMs: reservedAtMs,
    sentence: `The rate limit of its tenant lets it go at ${until}.`,
  };
}

function queued(facts: Facts): Explanation | undefined {
  const { lanesBefore, lanesWaiting, isBelowLimit, underWay, inFlight } = facts;
  if (lanesBefore === null) return undefined;
  const position = lanesBefore + 1;
  const place = `place ${position} of ${lanesWaiting} in the wait queue of its tenant`;
  if (isBelowLimit) return { reason: 'queue', position, sentence: `It has ${place}.` };
  return {
    reason: 'concurrency',
    position,
    sentence: `${underWay} requests of its tenant are under way, and ${inFlight ?? underWay} may be. It has ${place}.`,
  };
}

/** The last of these moments; null when there is none. */
function latest(...moments: readonly (number | null)[]): number | null {
  const known = moments.filter((moment) => moment !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function at(moment: number): string {
  return new Date(moment).toISOString();
}

/** When its next attempt is due; null when that moment is not to come. */
function dueOf({ nowMs, entry }: Facts): number | null {
  const dueMs = Number(/^again ([\d.]+)/.exec(entry)?.[1]);
  return dueMs > nowMs ? dueMs : null;
}

/** When the request of an earlier run is certainly over; null when that moment is not to come. */
function overOf({ nowMs, entry, requestMs }: Facts): number | null {
  const overAtMs = Number(/^running \d+ ([\d.]+)/.exec(entry)?.[1]) + requestMs;
  return overAtMs > nowMs ? overAtMs : null;
}

function none(sentence: string): Explanation {
  return { reason: 'none', sentence };
}
