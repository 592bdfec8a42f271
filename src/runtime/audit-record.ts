import type { AuditRecord } from '../audit/record.ts';
import type { CodedError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { CATALOG } from '../jobs/catalog.ts';
import { type EndedJob, ID_FIELDS, idsOf, latencyMsOf, resultOf } from '../jobs/ended-job.ts';

/**
 * The audit record of a job's end (docs/guides.md#audit-record): the action, its subject, its size,
 * its duration and its result. It never has a text that a guest reads. It is undefined for
 * callbacks: their endpoints have a log of their own. It is also undefined for a job without a
 * readable tenant.
 *
 * Its id is made of the job's id and its ending, so a repeated record changes nothing.
 */
export function auditRecordOf(job: EndedJob): AuditRecord | undefined {
  const { kind, jobId, tenantId, ending, status, outcome } = job;
  const { kindCode } = CATALOG[kind];
  if (kindCode === null || tenantId === undefined) return undefined;
  return {
    tenantId,
    id: `${kindCode}-${jobId}-${ending}`,
    source: 'own',
    occurredAt: new Date(job.endedAtMs).toISOString(),
    action: `${job.name}.${status}`,
    status,
    details: {
      kind,
      jobId,
      ...idsOf(job, ID_FIELDS),
      payloadBytes: job.payloadBytes,
      latencyMs: latencyMsOf(job),
      attempts: job.attempts,
      ...answerOf(resultOf(job)),
      ...(outcome.kind === 'reject' && { error: errorOf(outcome.error) }),
      ...(job.trace && { traceparent: job.trace.traceparent }),
      ...(job.correlationId !== undefined && { correlationId: job.correlationId }),
      ...(job.mayBeRepetition && { mayBeRepetition: true }),
    },
  };
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

function errorOf({ code, message, status }: CodedError): Json {
  return { code, message: message.slice(0, MAX_MESSAGE), ...(status !== undefined && { status }) };
}
