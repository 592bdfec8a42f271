import type { AuditOutbox } from '../audit/outbox.ts';
import type { Clock } from '../core/clock.ts';
import type { CodedError, ErrorCode } from '../core/errors.ts';
import type { JobResult, Outcome } from '../core/outcome.ts';
import { CATALOG, type JobKind } from '../jobs/catalog.ts';
import type { Envelope } from '../jobs/envelope.ts';
import type { CountedRun, RunOutcome } from '../observe/count-runs.ts';
import type { Logger } from '../observe/logger.ts';
import { jobOptions } from '../queues/job-options.ts';
import type { Queues } from '../queues/queues.ts';
import { analyticsFor } from '../webhooks/analytics.ts';
import { cmsPostFor } from '../webhooks/cms.ts';
import { callbackFor, type EndedJob, type Ending, type Notice } from '../webhooks/event.ts';
import { auditRecordOf } from './audit-record.ts';
import type { Execution, Run } from './run.ts';

export interface ReportOptions {
  readonly logger: Logger;
  readonly queues: Queues;
  readonly outbox: AuditOutbox;
  readonly clock: Clock;
  /** Attempts that a callback may make. */
  readonly webhookAttempts: number;
  /** Called once for each outcome. A wait for a turn is no outcome. */
  readonly onOutcome?: (run: CountedRun) => void;
}

export type Report = (run: Run, execution: Execution, startedAtMs: number) => Promise<void>;

/**
 * Reports how a run ended. Each run has one log line. The end of the job also has a callback, an
 * analytics event, a post to a CMS and an audit record.
 *
 * The report comes before the job is settled: a crash in between repeats the report instead of
 * losing it. The ids of the webhook jobs make the repetition harmless. Throws when Redis refuses
 * them.
 */
export function createReport(options: ReportOptions): Report {
  const { logger, queues, outbox, clock, webhookAttempts, onOutcome } = options;

  return async function report(run: Run, execution: Execution, startedAtMs: number): Promise<void> {
    const endedAtMs = clock.now();
    const ending = endingOf(execution.outcome);
    if (ending) {
      await notify(run, execution, ending, endedAtMs);
      await audit(run, execution, ending, endedAtMs);
    }
    const counted = countedOf(run, execution, endedAtMs);
    if (counted) onOutcome?.(counted);
    logOutcome(logger, run, execution, startedAtMs, endedAtMs);
  };

  async function notify(
    run: Run,
    { envelope, tenant, outcome, sequence, mayBeRepetition }: Execution,
    ending: Ending,
    endedAtMs: number,
  ): Promise<void> {
    if (!envelope || !tenant) return;
    const { eventOf, successWord } = CATALOG[run.kind];
    const noun = eventOf(envelope.payload);
    if (noun === null) return;
    const word = outcome.kind === 'done' ? successWord(outcome.result) : ending;
    const ended: EndedJob = {
      jobId: run.jobId,
      noun,
      ending,
      word,
      endedAt: new Date(endedAtMs),
      data: {
        ...idsOf(envelope.payload),
        status: word,
        sequence,
        attempts: run.attemptsMade + 1,
        latencyMs: endedAtMs - run.acceptedAtMs,
        ...(outcome.kind === 'done' && toldOf(run.kind, outcome.result)),
        ...(outcome.kind === 'reject' && { error: errorOf(outcome.error) }),
        ...(mayBeRepetition && { mayBeRepetition }),
      },
      callback: envelope.payload['callback'] as { url: string; events?: Ending[] } | undefined,
    };
    await add(callbackFor(tenant, ended), webhookAttempts);
    await add(analyticsFor(tenant, ended), ANALYTICS_ATTEMPTS);
    if (outcome.kind !== 'done') return;
    await add(cmsPostFor(run.jobId, envelope.payload, outcome.result), webhookAttempts);
  }

  async function audit(
    run: Run,
    { envelope, outcome, mayBeRepetition }: Execution,
    ending: Ending,
    endedAtMs: number,
  ): Promise<void> {
    const record = envelope && auditRecordOf({ run, envelope, outcome, ending, endedAtMs, mayBeRepetition });
    if (!record) return;
    await outbox.note(record).catch((error: unknown) => {
      // No audit record can hold this data, so another try would fail as well.
      if (!(error instanceof TypeError)) throw error;
      logger.error({ jobId: run.jobId, reason: error.message }, 'an audit record could not be written');
    });
  }

  async function add(notice: Notice | undefined, attempts: number): Promise<void> {
    if (!notice) return;
    const { jobId, delivery } = notice;
    const data: Envelope = { tenantId: delivery.tenantId, payload: delivery };
    await queues
      .of('webhook-delivery', delivery.tenantId)
      .add('webhook-delivery', data, jobOptions(jobId, { attempts }));
  }
}

const ANALYTICS_ATTEMPTS = 1;

/** How the job ended, in the words of callbacks; undefined while it goes on. */
function endingOf(outcome: Outcome): Ending | undefined {
  if (outcome.kind === 'done') return 'delivered';
  if (outcome.kind !== 'reject') return undefined;
  return ENDINGS[outcome.error.code] ?? 'failed';
}

/** Codes whose ending is not `failed`. */
const ENDINGS: Readonly<Partial<Record<ErrorCode, Ending>>> = {
  JOB_EXPIRED: 'expired',
  OUTCOME_UNKNOWN: 'held',
};

/**
 * Undefined when there is nothing to count: a wait for a turn, or an end that was counted before.
 */
function countedOf(
  { kind, acceptedAtMs }: Run,
  { outcome, tenant, replayed }: Execution,
  endedAtMs: number,
): CountedRun | undefined {
  const word: RunOutcome | undefined = endingOf(outcome) ?? ('error' in outcome ? 'retry' : undefined);
  if (!word || replayed) return undefined;
  return { kind, tenantId: tenant?.id, outcome: word, latencyMs: endedAtMs - acceptedAtMs };
}

/** Ids from the payloads of all kinds. No other part of a payload leaves this process. */
function idsOf(payload: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names = ['conversationId', 'guestId', 'widgetId', 'idempotencyKey'];
  const template = payload['template'] as { readonly id?: unknown } | undefined;
  return {
    ...Object.fromEntries(
      names.flatMap((name) => (payload[name] === undefined ? [] : [[name, payload[name]]])),
    ),
    ...(template?.id !== undefined && { templateId: template.id }),
  };
}

/** A result without its private result fields. */
function toldOf(kind: JobKind, result: JobResult): JobResult {
  const { privateResultFields } = CATALOG[kind];
  return Object.fromEntries(Object.entries(result).filter(([name]) => !privateResultFields.includes(name)));
}

function errorOf(error: CodedError): Record<string, unknown> {
  const { code, message, details, status } = error;
  return { code, message, ...(status !== undefined && { status }), ...(details.length > 0 && { details }) };
}

/** Where an unexpected error happened. Its text is left out: it may quote data of the job. */
function stackOf(cause: unknown): string[] {
  const stack = cause instanceof Error ? (cause.stack ?? '') : '';
  return stack
    .split('\n')
    .filter((line) => /^ +at /.test(line))
    .map((line) => line.trim());
}

const LEVELS = { done: 'info', snooze: 'debug', await: 'debug', retry: 'warn', reject: 'error' } as const;

/** Ends that are no errors: an operator cancelled the job, or its own limits ended it. */
const LEVELS_BY_CODE: Readonly<Partial<Record<ErrorCode, 'info' | 'warn'>>> = {
  JOB_CANCELLED: 'info',
  JOB_EXPIRED: 'warn',
};

function levelOf(outcome: Outcome): (typeof LEVELS)[Outcome['kind']] {
  if (!('error' in outcome) || outcome.error === undefined) return LEVELS[outcome.kind];
  if (outcome.kind === 'snooze') return 'warn';
  return LEVELS_BY_CODE[outcome.error.code] ?? LEVELS[outcome.kind];
}

/**
 * Writes one wide line per run. A wait for a token is routine; refused credentials are a warning.
 */
function logOutcome(
  logger: Logger,
  run: Run,
  { envelope, outcome, sequence, mayBeRepetition, replayed }: Execution,
  startedAtMs: number,
  endedAtMs: number,
): void {
  const error = 'error' in outcome ? outcome.error : undefined;
  logger[levelOf(outcome)](
    {
      event: `job.${outcome.kind}`,
      kind: run.kind,
      jobId: run.jobId,
      tenantId: envelope?.tenantId,
      conversationId: envelope?.payload['conversationId'],
      widgetId: envelope?.payload['widgetId'],
      sequence,
      ...(mayBeRepetition && { mayBeRepetition }),
      ...(replayed && { replayed }),
      attempt: run.attemptsMade + 1,
      durationMs: endedAtMs - startedAtMs,
      latencyMs: endedAtMs - run.acceptedAtMs,
      ...('delayMs' in outcome && { delayMs: outcome.delayMs }),
      ...(outcome.kind === 'snooze' && { reason: outcome.reason }),
      ...(outcome.kind === 'done' && { result: toldOf(run.kind, outcome.result) }),
      ...(error && { error: errorOf(error) }),
      ...(error?.code === 'INTERNAL' && { at: stackOf(error.cause) }),
    },
    `${run.kind} ${outcome.kind}${error ? `: ${error.message}` : ''}`,
  );
}
