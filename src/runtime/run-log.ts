import { type CodedError, type ErrorCode, errorFields } from '../core/errors.ts';
import type { JobResult, Outcome } from '../core/outcome.ts';
import type { JobFacts } from '../jobs/ended-job.ts';
import { shownResult } from '../jobs/shown/job.ts';
import { shownReason } from '../jobs/shown/reasons.ts';
import type { Logger } from '../observe/logger.ts';
import type { Seal } from '../seal/seal.ts';

/** The run that a log line is about. */
export interface LoggedRun {
  readonly job: JobFacts;
  /** Without the private fields of a result. */
  readonly outcome: Outcome;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly endedBefore?: boolean | undefined;
}

/**
 * Writes one wide line per run. A wait for a token is routine; refused credentials are a warning.
 */
export function logRun(
  logger: Logger,
  { job, outcome, startedAtMs, endedAtMs, endedBefore }: LoggedRun,
  seal: Seal,
): void {
  const error = errorIn(outcome);
  const words = seal.isOn ? maskedWords(job, seal) : CLEAR_WORDS;
  logger[levelOf(outcome)](
    {
      event: `job.${outcome.kind}`,
      kind: job.kind,
      jobId: job.jobId,
      tenantId: job.tenantId,
      conversationId: words.name(job.ids.conversationId),
      widgetId: words.name(job.ids.widgetId),
      sequence: job.sequence,
      traceparent: job.trace?.traceparent,
      correlationId: job.correlationId,
      ...(job.mayBeRepetition && { mayBeRepetition: true }),
      ...(endedBefore && { endedBefore }),
      attempt: job.attempts,
      durationMs: endedAtMs - startedAtMs,
      latencyMs: endedAtMs - job.acceptedAtMs,
      ...('delayMs' in outcome && { delayMs: outcome.delayMs }),
      ...(outcome.kind === 'snooze' && { reason: outcome.reason }),
      ...(outcome.kind === 'done' && { result: words.result(outcome.result) }),
      ...(error && { error: words.error(error) }),
      ...(error?.code === 'INTERNAL' && { at: stackOf(error.cause) }),
    },
    `${job.kind} ${outcome.kind}${error ? `: ${words.error(error)['message']}` : ''}`,
  );
}

/** How a log line shows values that may come from a customer. */
interface Words {
  name(id: string | undefined): string | undefined;
  result(result: JobResult): unknown;
  error(error: CodedError): Readonly<Record<string, unknown>>;
}

const CLEAR_WORDS: Words = {
  name: (id) => id,
  result: (result) => result,
  error: errorFields,
};

/** With PAYLOAD_KEYS: ids as the keys of Redis have them, and the rest as the board shows it. */
function maskedWords({ tenantId, ids }: JobFacts, seal: Seal): Words {
  const name = (id: string | undefined) =>
    id === undefined || tenantId === undefined ? undefined : seal.nameOf(tenantId, id);
  const known = new Set<unknown>(Object.values(ids));
  const shown = ([field, value]: [string, unknown]) => [
    field,
    known.has(value) ? name(String(value)) : value,
  ];
  return {
    name,
    result: (result) => Object.fromEntries(Object.entries(Object(shownResult(result))).map(shown)),
    error: ({ code, message, status }) => ({
      code,
      message: shownReason(`${code}: ${message}`).slice(code.length + 2),
      ...(status !== undefined && { status }),
    }),
  };
}

function errorIn(outcome: Outcome): CodedError | undefined {
  return 'error' in outcome ? outcome.error : undefined;
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
  const error = errorIn(outcome);
  if (!error) return LEVELS[outcome.kind];
  if (outcome.kind === 'snooze') return 'warn';
  return LEVELS_BY_CODE[error.code] ?? LEVELS[outcome.kind];
}
