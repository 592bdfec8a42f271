import type { AuditRecord } from '../audit/record.ts';
import type { Json } from '../core/json.ts';
import type { Outcome } from '../core/outcome.ts';
import { CATALOG } from '../jobs/catalog.ts';
import type { Envelope } from '../jobs/envelope.ts';
import type { Ending } from '../webhooks/event.ts';
import type { Run } from './run.ts';

/** How a job has ended. */
export interface EndedRun {
  readonly run: Run;
  readonly envelope: Envelope;
  readonly outcome: Outcome;
  readonly ending: Ending;
  readonly endedAtMs: number;
  /** An earlier attempt may have been delivered as well. */
  readonly mayBeRepetition?: boolean | undefined;
}

/** Fields of a payload that name what the job was about. */
const IDS = ['conversationId', 'guestId', 'widgetId', 'organizationId', 'rolloutId', 'idempotencyKey'];

/**
 * The audit record of a job's end (docs/guides.md#audit-record): the action, its subject, its size,
 * its duration and its result. It never has a text that a guest reads. It is undefined for
 * callbacks: their endpoints have a log of their own.
 *
 * Its id is made of the job's id and its ending, so a repeated record changes nothing.
 */
export function auditRecordOf(ended: EndedRun): AuditRecord | undefined {
  const { run, envelope, outcome, ending, endedAtMs, mayBeRepetition } = ended;
  const { kind, jobId, attemptsMade, acceptedAtMs } = run;
  const { payload, tenantId } = envelope;
  const { kindCode, nameOf, successWord } = CATALOG[kind];
  if (kindCode === null) return undefined;
  const status = outcome.kind === 'done' ? successWord(outcome.result) : ending;
  return {
    tenantId,
    id: `${kindCode}-${jobId}-${ending}`,
    source: 'own',
    occurredAt: new Date(endedAtMs).toISOString(),
    action: `${nameOf(payload)}.${status}`,
    status,
    details: {
      kind,
      jobId,
      ...idsIn(payload),
      payloadBytes: bytesOf(payload),
      latencyMs: endedAtMs - acceptedAtMs,
      attempts: attemptsMade + 1,
      ...(outcome.kind === 'done' && answerOf(outcome.result)),
      ...(outcome.kind === 'reject' && { error: errorOf(outcome.error) }),
      ...(mayBeRepetition && { mayBeRepetition }),
    },
  };
}

/**
 * Null for a payload that is nested too deep for JSON: the worker rejects such a job, and records
 * its end all the same.
 */
function bytesOf(payload: object): number | null {
  try {
    return Buffer.byteLength(JSON.stringify(payload));
  } catch {
    return null;
  }
}

function idsIn(payload: Envelope['payload']): Record<string, string> {
  return Object.fromEntries(
    IDS.flatMap((name) => {
      const value = payload[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

/** Fields of the results of all kinds that come from Genesys Cloud. */
const ANSWERS = [
  'messageId',
  'templateId',
  'requestMs',
  'deploymentId',
  'versionBefore',
  'versionAfter',
  'replicationId',
];

function answerOf(result: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(
    ANSWERS.flatMap((name) => {
      const value = result[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Longest reason in a record, in characters: some reasons name many fields. */
const MAX_MESSAGE = 500;

function errorOf({ code, message, status }: Extract<Outcome, { kind: 'reject' }>['error']): Json {
  return { code, message: message.slice(0, MAX_MESSAGE), ...(status !== undefined && { status }) };
}
