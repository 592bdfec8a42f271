import { startDeadline } from '../core/deadline.ts';
import { CodedError, toCodedError } from '../core/errors.ts';
import type { Admission, RunStart } from '../flow/decisions.ts';
import type { Flow } from '../flow/flow.ts';
import type { JobRef } from '../flow/job-ref.ts';
import { isRedisFailure } from '../redis/failure.ts';
import type { Wake } from '../redis/wakes.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { Task } from './handler.ts';
import type { RetryUntilAborted } from './retry-until-aborted.ts';

/**
 * The worker could not fetch the access token: the login host or Redis did not answer. No request
 * was sent, so no attempt counts. The job waits with the other jobs of its bucket until one of them
 * gets a token.
 */
export class Unprepared extends Error {
  override readonly name = 'Unprepared';
  override readonly cause: CodedError;
  constructor(cause: CodedError) {
    super(cause.message);
    this.cause = cause;
  }
}

/** The admission of a job that is ready to be sent. */
export interface Ready {
  readonly admission: Exclude<Admission, { readonly verdict: 'prepare' }>;
  /** How long Redis took to answer, ms: the worker may not use a token that comes late. */
  readonly waitedMs: number;
}

export interface AdmissionOptions {
  readonly flow: Flow;
  readonly retryUntilAborted: RetryUntilAborted;
  readonly ref: JobRef;
  readonly start: Omit<RunStart, 'isReady'>;
  readonly tenant: Tenant;
  readonly task: Pick<Task, 'prepare' | 'isPrepared'>;
  /** Longest time that the preparation may take, ms. */
  readonly prepareMs: number;
  /** The signal of the run. */
  readonly signal: AbortSignal;
  readonly wake: (wakes: readonly Wake[]) => Promise<void>;
}

/**
 * Asks flow control to admit a job. When the worker has no access token, flow control first gives
 * the job its turn, and then the worker fetches the access token. So in an outage of the login host
 * one job at a time asks there. The token of the bucket comes last: a token from before the fetch
 * would be late, and requests would leave in a bunch.
 *
 * @throws {Unprepared} in an outage of the login host; {CodedError} for another failure there.
 */
export async function askAdmission(options: AdmissionOptions): Promise<Ready> {
  const { flow, retryUntilAborted, ref, start, task, tenant, signal, wake } = options;
  const ask = async (isReady: boolean) => {
    const askedMs = performance.now();
    const admission = await retryUntilAborted(() => flow.admit(ref, { ...start, isReady }), signal);
    const waitedMs = performance.now() - askedMs;
    await wake(admission.wakes);
    return { admission, waitedMs };
  };
  const first = await ask(task.isPrepared?.(tenant) ?? true);
  if (isReady(first)) return first;
  await prepare(options);
  const second = await ask(true);
  if (isReady(second)) return second;
  throw new TypeError('admit.lua answered `prepare` for a job that is ready');
}

function isReady(asked: { readonly admission: Admission; readonly waitedMs: number }): asked is Ready {
  return asked.admission.verdict !== 'prepare';
}

async function prepare({ task, tenant, prepareMs, signal }: AdmissionOptions): Promise<void> {
  using deadline = startDeadline(prepareMs, signal);
  try {
    await Promise.race([task.prepare?.(tenant), whenAborted(deadline.signal)]);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    const error = deadline.signal.aborted ? late(tenant, prepareMs) : toCodedError(thrown);
    throw OUTAGES.includes(error.code) || isRedisFailure(thrown) ? new Unprepared(error) : error;
  }
}

const OUTAGES: readonly CodedError['code'][] = [
  'GENESYS_UNAVAILABLE',
  'GENESYS_UNREACHABLE',
  'TOKEN_UNREADABLE',
];

function late(tenant: Tenant, prepareMs: number): CodedError {
  const message = `${tenant.hosts.login} gave no token to tenant ${tenant.id} within ${prepareMs} ms`;
  return new CodedError('GENESYS_UNREACHABLE', message);
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
