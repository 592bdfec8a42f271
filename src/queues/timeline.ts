import type { ErrorCode } from '../core/errors.ts';
import type { JobNote } from '../flow/notes.ts';
import type { AttemptView } from './attempts.ts';
import type { CallbackAttempts } from './job-callbacks.ts';
import type { TimelineEvent, TimelineWord } from './timeline-events.ts';
import { sentenceOf } from './timeline-words.ts';

/** What Redis knows of the life of a job. Moments are ms since the epoch. */
export interface TimelineFacts {
  readonly state: string;
  readonly acceptedAtMs: number;
  /** Before this moment workers do not send it. */
  readonly sendAtMs: number | null;
  /** When its last run began. */
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** How often workers have started it. */
  readonly runs: number;
  /** The code of a dead letter. */
  readonly endCode: ErrorCode | null;
  readonly attempts: readonly AttemptView[];
  readonly notes: readonly JobNote[];
  /** The job before it in its conversation, if it ended after this one was accepted. */
  readonly before: { readonly sequence: number; readonly jobId: string; readonly endedAtMs: number } | null;
  readonly callbacks: readonly CallbackAttempts[];
}

type Event = Omit<TimelineEvent, 'sentence' | 'at'> & { readonly atMs: number };

/** The life of a job, by time. */
export function timelineOf(facts: TimelineFacts): TimelineEvent[] {
  const events = [
    { event: 'accepted', atMs: facts.acceptedAtMs } as const,
    ...waits(facts),
    ...facts.notes.map(ofNote),
    ...attempts(facts),
    ...running(facts),
    ...end(facts),
    ...facts.callbacks.flatMap(ofCallback),
  ];
  return events
    .filter(({ atMs }) => Number.isFinite(atMs))
    .sort((one, other) => one.atMs - other.atMs)
    .map(shown);
}

function shown({ atMs, ...event }: Event): TimelineEvent {
  return { at: timeOf(atMs), ...event, sentence: sentenceOf(event) };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** A shorter time is the way through Redis, and no wait, ms. */
const SHORTEST_WAIT_MS = 100;

/** From its acceptance to its first run: for the job before it, for its `sendAt`, then for its turn. */
function waits(facts: TimelineFacts): Event[] {
  const { acceptedAtMs, sendAtMs, before } = facts;
  const firstRunMs = firstRunOf(facts);
  if (firstRunMs === null) return [];
  const freeAtMs = before ? Math.min(before.endedAtMs, firstRunMs) : acceptedAtMs;
  const turnAtMs = Math.max(freeAtMs, Math.min(sendAtMs ?? 0, firstRunMs));
  const spans: Event[] = [];
  if (before) {
    const { sequence, jobId } = before;
    const behind = { sequence, jobId };
    spans.push({ event: 'waited', atMs: acceptedAtMs, until: timeOf(freeAtMs), reason: 'order', behind });
  }
  spans.push(
    { event: 'waited', atMs: freeAtMs, until: timeOf(turnAtMs), reason: 'scheduled' },
    { event: 'waited', atMs: turnAtMs, until: timeOf(firstRunMs), reason: 'turn' },
  );
  return spans.filter(({ atMs, until }) => Date.parse(until ?? '') - atMs >= SHORTEST_WAIT_MS);
}

/** Null when Redis does not know it any more. */
function firstRunOf({ runs, startedAtMs, attempts, notes }: TimelineFacts): number | null {
  const [first] = attempts;
  const known = [
    runs === 1 ? startedAtMs : null,
    first?.number === 1 && first.startedAt !== null ? Date.parse(first.startedAt) : null,
    notes[0]?.firstMs ?? null,
  ].filter((moment) => moment !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function ofNote({ word, about, status, times, firstMs, lastMs, untilMs }: JobNote): Event {
  const often = times > 1 ? { times, lastAt: timeOf(lastMs) } : {};
  const until = untilMs === null ? {} : { until: timeOf(untilMs) };
  if (word === 'wait') return { event: 'put-off', atMs: firstMs, reason: about, ...until, ...often };
  if (word === 'died') return { event: 'worker-died', atMs: firstMs, ...often };
  if (word === 'redriven') return { event: 'redriven', atMs: firstMs, ...often };
  const answer = status === null ? {} : { status };
  return { event: 'postponed', atMs: firstMs, code: about, ...answer, ...until, ...often };
}

/** Ends that a worker found, and for which it sent nothing. */
const ENDS: Readonly<Partial<Record<ErrorCode, TimelineWord>>> = {
  JOB_CANCELLED: 'cancelled',
  JOB_EXPIRED: 'expired',
};

function attempts({ attempts, acceptedAtMs }: TimelineFacts): Event[] {
  return attempts.flatMap(({ number, startedAt, endedAt, code, status }): Event[] => {
    const endedAtMs = endedAt === null ? acceptedAtMs : Date.parse(endedAt);
    if (code === null) {
      const startedAtMs = startedAt === null ? endedAtMs : Date.parse(startedAt);
      return [{ event: 'sent', atMs: startedAtMs, number }];
    }
    const word = ENDS[code];
    if (word) return [{ event: word, atMs: endedAtMs, code }];
    return [{ event: 'attempt-failed', atMs: endedAtMs, number, code, ...(status !== null && { status }) }];
  });
}

function running({ state, startedAtMs }: TimelineFacts): Event[] {
  return state === 'active' && startedAtMs !== null ? [{ event: 'running', atMs: startedAtMs }] : [];
}

function end({ state, endedAtMs, endCode }: TimelineFacts): Event[] {
  if (endedAtMs === null) return [];
  if (state === 'completed') return [{ event: 'delivered', atMs: endedAtMs }];
  // The trace of its last run says so.
  if (state !== 'failed' || (endCode !== null && ENDS[endCode])) return [];
  const code = endCode ?? undefined;
  return [{ event: endCode === 'OUTCOME_UNKNOWN' ? 'held' : 'failed', atMs: endedAtMs, code }];
}

function ofCallback({ id, attempts }: CallbackAttempts): Event[] {
  return attempts.map((attempt) => {
    const atMs = Date.parse(attempt.at);
    if (attempt.outcome === 'replayed') return { event: 'callback-replayed', atMs, callbackId: id };
    const { outcome, status } = attempt;
    const event = outcome === 'delivered' ? 'callback-taken' : 'callback-failed';
    const reason = outcome === 'delivered' ? {} : { reason: outcome };
    return { event, atMs, callbackId: id, ...reason, ...(status !== undefined && { status }) } as const;
  });
}
