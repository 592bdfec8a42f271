import { type Deadline, startDeadline } from '../core/deadline.ts';
import { type Outcome, snooze } from '../core/outcome.ts';
import type { BucketReport } from '../flow/decisions.ts';
import type { Flow } from '../flow/flow.ts';
import { isLimited } from '../flow/job-ref.ts';
import { CATALOG } from '../jobs/catalog.ts';
import type { Children } from '../queues/children.ts';
import type { Wake } from '../redis/wakes.ts';
import type { JobContext, JobSteps } from './handler.ts';
import { createJobSteps } from './job-steps.ts';
import { exhausted, isLastAttempt } from './last-attempt.ts';
import { createRequestTokens, isStale, type RequestTokens } from './request-tokens.ts';
import type { RetryUntilAborted } from './retry-until-aborted.ts';
import { type Admitted, aboutAdmission, type RunEnd } from './stages.ts';
import { bucketReportOf } from './verdict.ts';

export interface PerformOptions {
  readonly flow: Flow;
  readonly retryUntilAborted: RetryUntilAborted;
  readonly wake: (wakes: readonly Wake[]) => Promise<void>;
  readonly children: Children;
  /** Longest time that an attempt may take, ms. */
  readonly attemptMs: number;
}

/**
 * Runs the handler of an admitted job.
 * @throws what the handler throws, unless the run was postponed.
 */
export async function performRun(admitted: Admitted, options: PerformOptions): Promise<RunEnd> {
  const { run, admission, waitedMs, task, retryForMs, tenant, data } = admitted;
  if (isStale(waitedMs, options.attemptMs)) return postponed(admitted, 0, 'stale');
  const attemptMs = (task.attemptMs ?? options.attemptMs) - waitedMs;
  using deadline = startDeadline(attemptMs, run.signal);
  const tokens = tokensOf(admitted, deadline, performance.now() - waitedMs, options);
  const isLast = isLastAttempt(run, admission, retryForMs);
  let correlationId: string | undefined;
  const noteCorrelation = (id: string) => {
    correlationId = id;
  };
  const steps = stepsOf(admitted, options);
  const job = contextOf(admitted, { deadline, tokens, isLast, steps, noteCorrelation });
  let outcome: Outcome;
  try {
    outcome = await task.handler(job);
  } catch (error) {
    // Only the tokens know that the run is postponed: the handler may throw another error.
    const later = tokens.postponed();
    if (later) return postponed(admitted, later.waitMs, later.reason);
    throw error;
  }
  const { recheck } = task;
  return {
    outcome: exhausted(outcome, isLast),
    bucketReport: reportOf(outcome, tokens),
    correlationId: correlationId ?? ('error' in outcome ? outcome.error?.correlationId : undefined),
    ...(recheck && {
      recheck: () => recheck({ jobId: run.jobId, tenant, data: data as never }, isParked(outcome)),
    }),
    ...aboutAdmission(admission),
  };
}

/**
 * What a run says about its bucket. A run that waits before its first request has learned nothing.
 * A handler that reschedules its job after a 429 has paused what is too fast, and the bucket goes on.
 */
function reportOf(outcome: Outcome, tokens: RequestTokens): BucketReport | undefined {
  if (outcome.kind === 'snooze') {
    if (outcome.error && outcome.error.code !== 'RATE_LIMITED') return bucketReportOf(outcome.error);
    if (!tokens.wereTaken()) return undefined;
  }
  return { verdict: 'ok', allowance: tokens.allowance() };
}

function postponed({ admission }: Admitted, waitMs: number, reason: string): RunEnd {
  return { outcome: snooze(waitMs, reason), ...aboutAdmission(admission) };
}

function tokensOf(
  { run, ref, tenant }: Admitted,
  deadline: Deadline,
  askedAtMs: number,
  options: PerformOptions,
) {
  const { bucket } = CATALOG[run.kind];
  return createRequestTokens({
    ...options,
    ref: isLimited(run.kind) ? ref : undefined,
    run: run.number,
    deadline,
    askedAtMs,
    signal: run.signal,
    intervalMs: bucket === null ? 0 : 1000 / tenant.limits[bucket].ratePerSecond,
    hasLock: run.hasLock,
  });
}

function stepsOf(
  { run, ref, envelope }: Admitted,
  { children, retryUntilAborted }: PerformOptions,
): JobSteps {
  const retry = <Result>(act: () => Promise<Result>) => retryUntilAborted(act, run.signal);
  return createJobSteps({ ref, saved: envelope.saved, save: run.save, children, retry });
}

interface Parts {
  readonly deadline: Deadline;
  readonly tokens: RequestTokens;
  readonly isLast: boolean;
  readonly steps: JobSteps;
  readonly noteCorrelation: (correlationId: string) => void;
}

function contextOf(
  admitted: Admitted,
  { deadline, tokens, isLast, steps, noteCorrelation }: Parts,
): JobContext<never> {
  const { run, admission, tenant, data } = admitted;
  return {
    jobId: run.jobId,
    tenant,
    data: data as never,
    sequence: admission?.sequence ?? 1,
    acceptedAtMs: run.acceptedAtMs,
    attempt: run.attemptsMade + 1,
    isLastAttempt: isLast,
    run: run.number,
    attempts: run.attempts,
    signal: deadline.signal,
    ending: run.signal,
    requests: { token: tokens.take, noteAllowance: tokens.note, noteCorrelation },
    steps,
  };
}

function isParked(outcome: Outcome): boolean {
  return outcome.kind === 'snooze' && outcome.isParked === true;
}
