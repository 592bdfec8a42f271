import type { AuditOutbox } from '../audit/outbox.ts';
import type { Clock } from '../core/clock.ts';
import type { Outcome } from '../core/outcome.ts';
import { type EndedJob, requestMsOf } from '../jobs/ended-job.ts';
import type { Envelope } from '../jobs/envelope.ts';
import type { CountedRun } from '../observe/count-runs.ts';
import type { Logger } from '../observe/logger.ts';
import { inSpan, type SpanStart, type Tracing } from '../observe/tracing.ts';
import type { Keys } from '../redis/keys.ts';
import { closeData } from '../seal/job-values.ts';
import { analyticsFor } from '../webhooks/analytics.ts';
import type { Endpoints } from '../webhooks/endpoints.ts';
import { callbackFor, type Notice } from '../webhooks/event.ts';
import { auditRecordOf } from './audit-record.ts';
import type { Execution } from './run.ts';
import { logRun } from './run-log.ts';

export interface ReportOptions {
  readonly logger: Logger;
  readonly keys: Keys;
  readonly endpoints: Pick<Endpoints, 'arrive'>;
  readonly outbox: AuditOutbox;
  readonly clock: Clock;
  /** Makes the spans of callbacks on their way into their queue. */
  readonly tracing: Tracing;
  /** Attempts that a callback may make. */
  readonly webhookAttempts: number;
  /** Called once for each end of a job, each failed attempt and each 429. Other waits do not count. */
  readonly onOutcome?: (run: CountedRun) => void;
}

export type Report = (execution: Execution, startedAtMs: number) => Promise<void>;

/**
 * Reports how a run ended. Each run has one log line. The end of the job also has a callback, an
 * analytics event, a post to a CMS and an audit record.
 *
 * The report comes before the job is settled: a crash in between repeats the report instead of
 * losing it. The ids of the webhook jobs make the repetition harmless. Throws when Redis refuses
 * them.
 */
export function createReport(options: ReportOptions): Report {
  const { logger, keys, endpoints, outbox, clock, tracing, webhookAttempts, onOutcome } = options;

  return async function report(execution: Execution, startedAtMs: number): Promise<void> {
    const { job, ended, endedBefore } = execution;
    const endedAtMs = ended?.endedAtMs ?? clock.now();
    if (ended) {
      await notify(ended, execution);
      if (!execution.isNoted) await audit(ended);
    }
    const counted = countedOf(execution, endedAtMs);
    if (counted) onOutcome?.(counted);
    const outcome = ended?.outcome ?? execution.outcome;
    logRun(logger, { job, outcome, startedAtMs, endedAtMs, endedBefore }, keys.seal);
  };

  async function notify(ended: EndedJob, { tenant, cmsPost }: Execution): Promise<void> {
    if (!tenant) return;
    await Promise.all([
      send(callbackFor(tenant, ended), webhookAttempts, ended),
      send(analyticsFor(tenant, ended), ANALYTICS_ATTEMPTS, ended),
      send(cmsPost, webhookAttempts, ended),
    ]);
  }

  async function audit(ended: EndedJob): Promise<void> {
    const record = auditRecordOf(ended);
    if (!record) return;
    await outbox.note(record).catch((error: unknown) => {
      // No audit record can hold this data, so another try would fail as well.
      if (!(error instanceof TypeError)) throw error;
      logger.error({ jobId: ended.jobId, reason: error.message }, 'an audit record could not be written');
    });
  }

  async function send(notice: Notice | undefined, attempts: number, { trace }: EndedJob): Promise<void> {
    if (!notice) return;
    if (!tracing.isOn || !trace) return await enqueue(notice, attempts);
    // The request to the receiver is a child of this span.
    await inSpan(tracing, { ...sendingOf(notice), parent: trace }, (span) =>
      enqueue({ ...notice, delivery: { ...notice.delivery, ...span.trace } }, attempts),
    );
  }

  async function enqueue({ jobId, delivery }: Notice, attempts: number): Promise<void> {
    const { tenantId, url } = delivery;
    const data: Envelope = { tenantId, payload: delivery };
    const options = JSON.stringify({ attempts });
    const sealed = closeData(keys.seal, { tenantId, jobId }, JSON.stringify(data));
    await endpoints.arrive({ tenantId, jobId, url, data: sealed, options });
  }
}

const ANALYTICS_ATTEMPTS = 1;

function sendingOf({ jobId, delivery }: Notice): SpanStart {
  return {
    name: 'send webhook-delivery',
    kind: 'producer',
    attributes: {
      'messaging.system': 'bullmq',
      'messaging.operation.type': 'send',
      'messaging.operation.name': 'send',
      'messaging.destination.name': 'webhook-delivery',
      'messaging.message.id': jobId,
      'gwm.tenant.id': delivery.tenantId,
      'gwm.purpose': delivery.purpose,
    },
  };
}

/**
 * Undefined when there is nothing to count: a wait, or an end that was counted before.
 */
function countedOf(execution: Execution, endedAtMs: number): CountedRun | undefined {
  const { job, ended, tenant, endedBefore } = execution;
  const outcome = ended?.ending ?? unfinishedOf(execution.outcome);
  if (!outcome || endedBefore) return undefined;
  const latencyMs = endedAtMs - job.acceptedAtMs;
  const requestMs = ended && requestMsOf(ended);
  return { kind: job.kind, tenantId: tenant?.id, outcome, latencyMs, requestMs, atMs: endedAtMs };
}

/** The word for a run that did not end its job. */
function unfinishedOf(outcome: Outcome): 'retry' | 'throttled' | undefined {
  if (!('error' in outcome)) return undefined;
  return outcome.error?.code === 'RATE_LIMITED' ? 'throttled' : 'retry';
}
