import type { ErrorCode } from '../core/errors.ts';
import { isRecord } from '../core/json.ts';
import type { FinalOutcome, JobResult } from '../core/outcome.ts';
import { type Trace, traceOf } from '../core/trace.ts';
import { CATALOG, type JobKind } from './catalog.ts';
import type { Envelope } from './envelope.ts';
import type { CALLBACK_EVENTS } from './fields.ts';

/** How a job ended, in the words of callbacks. */
export type Ending = (typeof CALLBACK_EVENTS)[number];

/** Ids that producers choose, from the payloads of all kinds. */
export type JobIds = Readonly<Partial<Record<IdName, string>>>;

export type IdName = (typeof ID_FIELDS)[number] | 'templateId';

/** Fields of a payload that name what the job is about. A card also has the id of its template. */
export const ID_FIELDS = [
  'conversationId',
  'guestId',
  'widgetId',
  'organizationId',
  'rolloutId',
  'idempotencyKey',
] as const;

/** The facts about a job that a report may name while the job goes on. */
export interface JobFacts {
  readonly kind: JobKind;
  readonly jobId: string;
  /** Undefined when the data of the job was too damaged to read. */
  readonly tenantId: string | undefined;
  readonly ids: JobIds;
  /** Attempts with the current one. */
  readonly attempts: number;
  /**
   * When the producer handed the job over, ms since the epoch. A scheduled job counts from its `sendAt`, or
   * from its end if that came first.
   */
  readonly acceptedAtMs: number;
  /** Sequence number of the job in its lane; undefined when the run did not ask flow control. */
  readonly sequence?: number | undefined;
  /** The trace that the producer named. */
  readonly trace?: Trace | undefined;
  /** An earlier attempt may have been delivered as well. */
  readonly mayBeRepetition?: boolean | undefined;
  /** The id by which Genesys Cloud finds the last request of the run in its own logs. */
  readonly correlationId?: string | undefined;
}

/**
 * How one job ended. The callback, the analytics event, the audit record, the count and the log
 * line all derive from this value. It has no text of a message and no private field of a result.
 */
export interface EndedJob extends JobFacts {
  /** What the job did: its kind, unless the kind does several things. @see JobDefinition.nameOf */
  readonly name: string;
  /** First word of its events, such as `message`; null: no event reports it. */
  readonly noun: string | null;
  /** The callback that the job names. */
  readonly callback?: Callback | undefined;
  /** Size of the payload as JSON; null when it is nested too deep for JSON. */
  readonly payloadBytes: number | null;
  readonly outcome: FinalOutcome;
  readonly ending: Ending;
  /** The ending, or the kind's own word for a success, such as `generated`. */
  readonly status: string;
  readonly endedAtMs: number;
}

interface Callback {
  readonly url: string;
  readonly events?: readonly Ending[] | undefined;
}

/** The sources of {@link JobFacts}. */
export interface FactSources extends Omit<JobFacts, 'tenantId' | 'ids' | 'trace'> {
  readonly envelope: Pick<Envelope, 'tenantId' | 'payload'> | undefined;
}

export function jobFactsOf({ envelope, ...facts }: FactSources): JobFacts {
  const payload = envelope?.payload ?? {};
  // The payload of a job that breaks its contract may hold any value.
  const trace = traceOf(payload['traceparent'], payload['tracestate']);
  return { ...facts, tenantId: envelope?.tenantId, ids: idsIn(payload), ...(trace && { trace }) };
}

/** Describes the end of a job, whether a run ended it or the reconciler. */
export function endedJobOf(sources: FactSources, outcome: FinalOutcome, endedAtMs: number): EndedJob {
  const { kind, envelope } = sources;
  const payload = envelope?.payload ?? {};
  const { nameOf, eventOf, successWord } = CATALOG[kind];
  const ending = endingOf(outcome);
  return {
    ...jobFactsOf(sources),
    name: nameOf(payload),
    noun: eventOf(payload),
    callback: payload['callback'] as Callback | undefined,
    payloadBytes: bytesOf(payload),
    outcome: withoutPrivateFields(kind, outcome),
    ending,
    status: outcome.kind === 'done' ? successWord(outcome.result) : ending,
    endedAtMs,
  };
}

/** Time from the acceptance of a job to its end, ms. */
export function latencyMsOf({ acceptedAtMs, endedAtMs }: EndedJob): number {
  return endedAtMs - acceptedAtMs;
}

/** Duration of the request that delivered the job, ms; undefined when its result has none. */
export function requestMsOf(job: Pick<EndedJob, 'outcome'>): number | undefined {
  const { requestMs } = resultOf(job);
  return typeof requestMs === 'number' ? requestMs : undefined;
}

/** The ids that a report names, of those that the job has. */
export function idsOf({ ids }: Pick<JobFacts, 'ids'>, names: readonly IdName[]): JobIds {
  return Object.fromEntries(names.flatMap((name) => (ids[name] === undefined ? [] : [[name, ids[name]]])));
}

/** The result of a success; without fields for a failure. */
export function resultOf({ outcome }: Pick<EndedJob, 'outcome'>): JobResult {
  return outcome.kind === 'done' ? outcome.result : {};
}

function endingOf(outcome: FinalOutcome): Ending {
  return outcome.kind === 'done' ? 'delivered' : (ENDINGS[outcome.error.code] ?? 'failed');
}

/** Codes whose ending is not `failed`. */
const ENDINGS: Readonly<Partial<Record<ErrorCode, Ending>>> = {
  JOB_EXPIRED: 'expired',
  OUTCOME_UNKNOWN: 'held',
};

/**
 * No worker has checked the payload of a job that breaks its contract, so a field may hold any
 * value.
 */
function idsIn(payload: Envelope['payload']): JobIds {
  const { template } = payload;
  const ids = ID_FIELDS.map((name) => [name, payload[name]] as const);
  const all = [...ids, ['templateId', isRecord(template) ? template['id'] : undefined] as const];
  return Object.fromEntries(all.filter(([, id]) => typeof id === 'string'));
}

/** A worker also rejects a payload that is nested too deep for JSON, and reports its end. */
function bytesOf(payload: object): number | null {
  try {
    return Buffer.byteLength(JSON.stringify(payload));
  } catch {
    return null;
  }
}

function withoutPrivateFields(kind: JobKind, outcome: FinalOutcome): FinalOutcome {
  const { privateResultFields } = CATALOG[kind];
  if (outcome.kind === 'reject' || privateResultFields.length === 0) return outcome;
  const fields = Object.entries(outcome.result).filter(([name]) => !privateResultFields.includes(name));
  return { kind: 'done', result: Object.fromEntries(fields) };
}
