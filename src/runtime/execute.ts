import type { Clock } from '../core/clock.ts';
import { CodedError, toCodedError } from '../core/errors.ts';
import { describeFault, faultsOf } from '../core/faults.ts';
import { type Outcome, reject, retry, snooze } from '../core/outcome.ts';
import type { BucketPlace, Flow, Verdict } from '../flow/flow.ts';
import { CATALOG, type JobKind } from '../jobs/catalog.ts';
import { type JobDefinition, parseJob } from '../jobs/define.ts';
import { type Envelope, envelope } from '../jobs/envelope.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { Task, Tasks } from './handler.ts';

/** One activation of a job, as the queue hands it over. */
export interface Activation {
  readonly kind: JobKind;
  readonly jobId: string;
  readonly data: unknown;
  /** Attempts that failed before this one. */
  readonly attemptsMade: number;
  /** Attempts it may make altogether. */
  readonly attempts: number;
  /** How often a worker died with this job in its hands. */
  readonly stalls: number;
  readonly signal: AbortSignal;
}

/** How one activation ended, and what is known of the job for the report. */
export interface Execution {
  readonly outcome: Outcome;
  /** Absent when the data was too broken to read. */
  readonly envelope?: Envelope;
  readonly tenant?: Tenant;
}

export interface ExecuteOptions {
  readonly flow: Flow;
  readonly tenants: TenantRegistry;
  readonly clock: Clock;
  readonly tasks: Tasks;
}

/** A job that took so many workers down with it is not given to another. */
const MAX_STALLS = 3;
/** So that no answer can make a job go round in circles. */
const MIN_PAUSE_MS = 100;

/**
 * Runs one activation of a job up to its outcome: parse again, find the tenant, ask for admission, do the
 * work, tell the bucket what the answer was. Throws nothing that concerns the job; what it throws is the
 * loss of Redis.
 */
export function createExecute(options: ExecuteOptions): (activation: Activation) => Promise<Execution> {
  const { flow, tenants, clock } = options;

  return async function execute(activation) {
    const opened = envelope.safeParse(activation.data, { reportInput: true });
    if (!opened.success) {
      const faults = faultsOf(opened.error).map(describeFault);
      return { outcome: reject(new CodedError('JOB_INVALID', faults.join('; '), { details: faults })) };
    }
    const tenant = tenants.has(opened.data.tenantId) ? tenants.get(opened.data.tenantId) : undefined;
    const known = { envelope: opened.data, ...(tenant && { tenant }) };
    const outcome = await run(activation, opened.data);
    return { ...known, outcome: exhausted(activation, outcome) };
  };

  async function run(activation: Activation, { tenantId, sequence, payload }: Envelope): Promise<Outcome> {
    const definition: JobDefinition = CATALOG[activation.kind];
    let place: BucketPlace | undefined;
    try {
      if (activation.stalls > MAX_STALLS) throw crashed(activation.stalls);
      const tenant = tenants.get(tenantId);
      const data = parsePayload(definition, payload, tenants, tenantId);
      throwIfExpired(data, clock);
      place = placeOf(definition, tenant);
      if (place) {
        const admission = await flow.admit(place, activation.jobId);
        if (!admission.go) return snooze(admission.waitMs, admission.reason);
      }
      const outcome = await taskOf(activation.kind).handler({
        jobId: activation.jobId,
        tenant,
        data: data as never,
        sequence,
        attempt: activation.attemptsMade + 1,
        signal: activation.signal,
      });
      if (place) await flow.settle(place, 'ok');
      return outcome;
    } catch (thrown) {
      return await concluded(activation, toCodedError(thrown), place);
    }
  }

  /** What a failure means, for the bucket and for the job. */
  async function concluded(
    activation: Activation,
    error: CodedError,
    place: BucketPlace | undefined,
  ): Promise<Outcome> {
    const verdict = verdictOf(error);
    const pauseMs = place && verdict ? await flow.settle(place, verdict, error.retryAfterMs) : 0;
    if (error.disposition === 'reject') return reject(error);
    if (error.disposition === 'pause') return snooze(Math.max(pauseMs, MIN_PAUSE_MS), error.code, error);
    const backoffMs = taskOf(activation.kind).retry.delayMs(activation.attemptsMade + 1);
    return retry(error, Math.max(backoffMs, error.retryAfterMs ?? 0));
  }

  function taskOf(kind: JobKind): Task {
    const task = options.tasks[kind];
    if (!task) throw new TypeError(`this process does not run ${kind}`);
    return task;
  }
}

function crashed(stalls: number): CodedError {
  return new CodedError('JOB_CRASHED_WORKERS', `${stalls} workers died with this job in their hands`);
}

/** Checked again: the limits of the tenant may have changed since it was accepted. */
function parsePayload(
  definition: JobDefinition,
  payload: unknown,
  tenants: TenantRegistry,
  tenantId: string,
): unknown {
  const parsed = parseJob(definition, payload, tenants.policyOf(tenantId));
  if (parsed.ok) return parsed.data;
  const details = parsed.faults.map(describeFault);
  throw new CodedError('JOB_INVALID', details.join('; '), { details });
}

function throwIfExpired(data: unknown, clock: Clock): void {
  const expiresAt = (data as { expiresAt?: string }).expiresAt;
  if (expiresAt === undefined || Date.parse(expiresAt) > clock.now()) return;
  throw new CodedError('JOB_EXPIRED', `expired at ${expiresAt}`);
}

function placeOf({ bucket }: JobDefinition, tenant: Tenant): BucketPlace | undefined {
  if (bucket === null) return undefined;
  return { tenantId: tenant.id, bucketClass: bucket, limit: tenant.limits[bucket] };
}

/** What a failure says about the bucket; undefined when nothing was asked of Genesys Cloud. */
function verdictOf(error: CodedError): Verdict | undefined {
  if (error.code === 'RATE_LIMITED') return 'throttled';
  if (error.code === 'CREDENTIALS_REFUSED') return 'refused';
  if (error.code === 'GENESYS_UNAVAILABLE' || error.code === 'GENESYS_UNREACHABLE') return 'unavailable';
  return error.status === undefined ? undefined : 'ok';
}

/** The last attempt has no next one: what would be a retry is a dead letter. */
function exhausted({ attemptsMade, attempts }: Activation, outcome: Outcome): Outcome {
  if (outcome.kind !== 'retry' || attemptsMade + 1 < attempts) return outcome;
  return reject(outcome.error);
}
