import { type Issue, rejectionCode } from '../core/issues.ts';
import { isRecord } from '../core/json.ts';
import type { JobKind } from '../jobs/catalog.ts';
import { prepare } from '../queues/prepare.ts';
import type { AcceptedEntry, DuplicateEntry, RefusedEntry } from '../queues/submit.ts';
import type { Door } from './door.ts';
import { withIdempotencyKey } from './idempotency.ts';
import { ProblemError } from './problem.ts';
import type { Answer, Call } from './routes/route.ts';
import { onlyTenantOf } from './scoped-tenants.ts';
import { startSending } from './sending.ts';
import { withTrace } from './trace.ts';

type AnyCall = Call<unknown, unknown, unknown>;

/**
 * Checks one job and puts it into its queue.
 * @throws {ProblemError} when the job is not valid, or its idempotency key belongs to another one.
 */
export async function acceptJob(door: Door, call: AnyCall, kind: JobKind, body: unknown): Promise<Answer> {
  const keyed = withTenant(withIdempotencyKey(body, call.headers), call);
  const sending = startSending(door.tracing, call.trace, kind);
  const input = withTrace(keyed, sending.trace);
  const entry = prepare({
    kind,
    index: 0,
    input,
    tenants: call.tenants,
    partitionOf: door.core.keys.partitionOf,
  });
  if (entry.issues) throw invalid(entry.issues);
  const [job] = entry.jobs;
  if (!job) throw new TypeError('an entry without jobs');
  const submitting = door.claims.during(job, () => door.intake.submit(kind, entry));
  const report = await sending.of(job, submitting);
  if (report.status === 'rejected') throw invalid(report.errors);
  if (report.status === 'refused') throw backlogFull(report);
  return answerTo(report, call);
}

/** A caller that waits this long meets a backlog that is shorter by some hundred jobs. */
export const BACKLOG_RETRY_SECONDS = 5;

export function backlogFull({ limit }: Pick<RefusedEntry, 'limit'>): ProblemError {
  return new ProblemError('BACKLOG_FULL', {
    retryAfterSeconds: BACKLOG_RETRY_SECONDS,
    extensions: { maxWaiting: limit },
  });
}

export function invalid(issues: readonly Issue[]): ProblemError {
  return new ProblemError(rejectionCode(issues), { issues });
}

/** Fills in the tenant of a key that has one tenant. */
export function withTenant(input: unknown, { key }: Pick<AnyCall, 'key'>): unknown {
  const tenantId = onlyTenantOf(key);
  if (tenantId === undefined || !isRecord(input) || input['tenantId'] !== undefined) return input;
  return { ...input, tenantId };
}

function answerTo(report: AcceptedEntry | DuplicateEntry, call: AnyCall): Answer {
  if (report.status === 'duplicate' && report.isDifferent) throw new ProblemError('IDEMPOTENCY_KEY_REUSED');
  const [id = ''] = report.jobIds;
  const links = linksOf(id, call);
  return {
    status: 202,
    headers: {
      location: links.self,
      ...(report.status === 'duplicate' && { 'idempotency-replayed': 'true' }),
    },
    body: { id, ids: report.jobIds, status: 'accepted', links },
  };
}

/** Where a caller goes on with a job. */
export function linksOf(
  jobId: string,
  call: Pick<AnyCall, 'link'>,
): Record<'self' | 'events' | 'cancel' | 'retry', string> {
  const self = call.link(`/v1/jobs/${encodeURIComponent(jobId)}`);
  return { self, events: `${self}/events`, cancel: self, retry: `${self}/retry` };
}
