import type { Clock } from '../core/clock.ts';
import { startDeadline } from '../core/deadline.ts';
import { CodedError, type ErrorCode, toCodedError } from '../core/errors.ts';
import { describeFault, faultsOf } from '../core/faults.ts';
import { type Outcome, park, reject, retry, snooze } from '../core/outcome.ts';
import type { Admission, Answer, Wake } from '../flow/decisions.ts';
import type { Flow } from '../flow/flow.ts';
import { readEntry, writeEntry } from '../flow/ledger.ts';
import { parkMs } from '../flow/parking.ts';
import { type Place, placeOf } from '../flow/place.ts';
import { CATALOG, type JobKind } from '../jobs/catalog.ts';
import { conditionsOf } from '../jobs/conditions.ts';
import { type JobDefinition, parseJob } from '../jobs/define.ts';
import { type Envelope, envelope, type Saved } from '../jobs/envelope.ts';
import type { Children } from '../queues/children.ts';
import type { Queues } from '../queues/queues.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { Task, Tasks } from './handler.ts';
import { insist } from './insist.ts';
import { createRequestTokens, isStale, Postponed } from './request-tokens.ts';
import { unattempted } from './unattempted.ts';

/** One activation of a job, as the queue hands it over. */
export interface Activation {
  readonly kind: JobKind;
  readonly jobId: string;
  readonly data: unknown;
  /** How often it was started, this time included. */
  readonly starts: number;
  /** Attempts that failed before this one. */
  readonly attemptsMade: number;
  /** Attempts it may make altogether. */
  readonly attempts: number;
  /** How many workers died with this job in their hands; it is counted from MAX_CRASHES on. */
  readonly crashes: number;
  /** What of it could not be read, when that is so. */
  readonly damaged?: string | undefined;
  /** Without the lock another worker may have the job already: no further request is begun. */
  readonly hasLock: () => boolean;
  /** When the producer handed it over, ms since the epoch. */
  readonly acceptedAtMs: number;
  readonly signal: AbortSignal;
  /** @see Run.save */
  readonly save: (state: Saved) => Promise<void>;
}

/** How one activation ended, and what is known of the job for the report. */
export interface Execution {
  readonly outcome: Outcome;
  /** Absent when the data was too broken to read. */
  readonly envelope?: Envelope;
  readonly tenant?: Tenant;
  /** To be done once the job is delayed: wakes it if its turn came meanwhile. */
  readonly lookAgain?: () => Promise<void>;
  /** Ticket of the job in its lane; absent when it was not asked for. */
  readonly sequence?: number;
  /** An earlier attempt may have been delivered, and this one was sent all the same. */
  readonly mayBeRepetition?: boolean;
  /** The job had ended before; only its report and its place in the queue are made up for. */
  readonly replayed?: boolean;
}

export interface ExecuteOptions {
  readonly flow: Flow;
  readonly queues: Queues;
  readonly children: Children;
  readonly tenants: TenantRegistry;
  readonly clock: Clock;
  readonly tasks: Tasks;
  /** Longest time that an attempt may take, ms. */
  readonly attemptMs: number;
}

/** What one run of a job came to, before flow control knows of it. */
interface Attempt extends Omit<Execution, 'envelope' | 'tenant'> {
  /** What the answer says about the bucket; absent when nothing was asked of Genesys Cloud. */
  readonly answer?: Answer | undefined;
  /** Flow control has decided this outcome itself, so that it need not be told. */
  readonly isDecided?: boolean;
}

/** A job that took so many workers down with it is not given to another. */
export const MAX_CRASHES = 3;

/**
 * Runs one activation of a job up to its outcome: parse again, find the tenant, ask for admission, do the
 * work, tell flow control. Throws nothing that concerns the job; what it throws is the loss of Redis.
 */
export function createExecute(options: ExecuteOptions): (activation: Activation) => Promise<Execution> {
  const { flow, queues, children, tenants, clock } = options;

  return async function execute(activation) {
    const opened = envelope.safeParse(activation.data, { reportInput: true });
    if (!opened.success) {
      const faults = faultsOf(opened.error).map(describeFault);
      return { outcome: reject(activation.damaged ? damaged(activation.damaged) : invalid(faults)) };
    }
    const { tenantId, payload } = opened.data;
    const place = placeOf(activation.kind, tenantId, activation.jobId, payload);
    const attempt = await run(activation, place, opened.data);
    const outcome = exhausted(activation, attempt.outcome);
    const tenant = tenants.has(tenantId) ? tenants.get(tenantId) : undefined;
    return {
      ...attempt,
      ...(isLimited(activation.kind) && { lookAgain: async () => queues.wake(await flow.lookAgain(place)) }),
      ...(await conclude({ ...attempt, outcome }, place, activation, tenant)),
      envelope: opened.data,
      ...(tenant && { tenant }),
    };
  };

  /** Everything up to the answer. */
  async function run(activation: Activation, place: Place, { payload, saved }: Envelope): Promise<Attempt> {
    let admission: Admission | undefined;
    let waitedMs = 0;
    try {
      if (activation.damaged !== undefined) throw damaged(activation.damaged);
      if (activation.crashes > MAX_CRASHES) throw crashed(activation.crashes);
      const tenant = tenants.get(place.tenantId);
      const data = parsePayload(CATALOG[activation.kind], payload, tenants, place.tenantId);
      if (isLimited(activation.kind)) {
        const start = startOf(activation, tenant, data, saved);
        // What is too old is told so, whatever is wrong with its tenant.
        const isOver = start.expiresAtMs !== undefined && start.expiresAtMs <= clock.now();
        if (!isOver) await taskOf(activation.kind).prepare?.(tenant);
        const askedMs = performance.now();
        admission = await insist(() => flow.admit(place, start), activation.signal);
        waitedMs = performance.now() - askedMs;
        await wake(admission.wakes);
        const decided = decidedBy(admission, activation, tenant, data);
        if (decided) return decided;
        if (isStale(waitedMs, options.attemptMs)) throw new Postponed(0, 'stale');
      }
      const { lookAgain, ...task } = taskOf(activation.kind);
      using deadline = startDeadline((task.attemptMs ?? options.attemptMs) - waitedMs, activation.signal);
      const tokens = createRequestTokens({
        ...options,
        place: isLimited(activation.kind) ? place : undefined,
        activation: activation.starts,
        deadline,
        intervalMs: intervalMs(activation.kind, tenant),
        hasLock: activation.hasLock,
      });
      const memory = createMemory(saved, activation.save);
      const job = { jobId: activation.jobId, tenant, data: data as never };
      const outcome = await task.handler({
        ...job,
        sequence: admission?.ticket ?? 1,
        acceptedAtMs: activation.acceptedAtMs,
        attempt: activation.attemptsMade + 1,
        isLastAttempt: activation.attemptsMade + 1 >= activation.attempts,
        activation: activation.starts,
        attempts: activation.attempts,
        signal: deadline.signal,
        ending: activation.signal,
        token: tokens.take,
        noteRemaining: tokens.note,
        get saved() {
          return memory.saved();
        },
        save: memory.save,
        children: () => children.of(place),
        begin: (wanted) => children.begin(place, wanted),
      });
      return {
        outcome,
        answer: { verdict: 'ok', remaining: tokens.remaining() },
        ...(lookAgain && { lookAgain: () => lookAgain(job, isParked(outcome)) }),
        ...aboutAdmission(admission),
      };
    } catch (thrown) {
      if (thrown instanceof Postponed) {
        return { outcome: snooze(thrown.waitMs, thrown.reason), ...aboutAdmission(admission) };
      }
      if (activation.signal.aborted) return givenUp(admission);
      const error = toCodedError(thrown);
      return {
        outcome: consequence(activation, error),
        answer: answerIn(error),
        ...aboutAdmission(admission),
      };
    }
  }

  /** Tells flow control how it went on, wakes who is next, and takes over when the job comes again. */
  async function conclude(
    { outcome, answer, isDecided }: Attempt,
    place: Place,
    activation: Activation,
    tenant: Tenant | undefined,
  ): Promise<Pick<Execution, 'outcome' | 'replayed'>> {
    if (isDecided || !isLimited(place.kind)) return { outcome };
    if (outcome.kind === 'done' || outcome.kind === 'reject') {
      const onFailure = CATALOG[place.kind].haltsLane ? (tenant?.onFailure ?? 'skip') : 'skip';
      const ending = { entry: writeEntry(outcome), onFailure } as const;
      const finish = () => flow.finish(place, activation.starts, ending, answer);
      const { wakes, stands } = await insist(finish, activation.signal);
      await wake(activation.hasLock() ? wakes : [...wakes, ofAnotherWorker(place)]);
      if (stands === 'running') return { outcome: snooze(0, 'superseded') };
      return stands ? { outcome: readEntry(stands), replayed: true } : { outcome };
    }
    const delayMs = outcome.kind === 'await' ? parkMs({}) : outcome.delayMs;
    const comeAgain = () => flow.comeAgain(place, activation.starts, delayMs, answer);
    const { waitMs, parked, wakes } = await insist(comeAgain, activation.signal);
    await wake(wakes);
    // The last of its children brings it back.
    if (outcome.kind === 'await') return { outcome };
    if (!parked) return { outcome: { ...outcome, delayMs: waitMs } };
    return {
      outcome: { ...park(parkMs({}), 'line'), ...('error' in outcome && { error: outcome.error }) },
    };
  }

  /** Who is not woken now is found by the reconciler; what was done stays done. */
  async function wake(wakes: readonly Wake[]): Promise<void> {
    await queues.wake(wakes).catch(() => {});
  }

  /** Whoever has the job meanwhile may be waiting to hear of this attempt. */
  function ofAnotherWorker({ kind, tenantId, jobId }: Place): Wake {
    return { partition: queues.partitionOf(tenantId), queue: kind, jobId, delayMs: 0 };
  }

  function consequence(activation: Activation, error: CodedError): Outcome {
    if (error.disposition === 'reject') return reject(error);
    if (error.disposition === 'pause') return snooze(0, error.code, error);
    const { comesAgainForMs } = taskOf(activation.kind);
    if (comesAgainForMs !== undefined) return unattempted(activation, error, comesAgainForMs, clock.now());
    const backoffMs = taskOf(activation.kind).retry.delayMs(activation.attemptsMade + 1);
    return retry(error, Math.max(backoffMs, error.retryAfterMs ?? 0));
  }

  function decidedBy(
    admission: Admission,
    activation: Activation,
    tenant: Tenant,
    data: object,
  ): Attempt | undefined {
    const sequence = admission.ticket;
    switch (admission.verdict) {
      case 'go':
        return undefined;
      case 'wait':
        return { sequence, isDecided: true, outcome: snooze(admission.waitMs, admission.reason) };
      case 'park':
        return { sequence, isDecided: true, outcome: park(parkMs(data, clock.now()), admission.reason) };
      case 'done':
        return { sequence, isDecided: true, replayed: true, outcome: readEntry(admission.entry) };
      case 'expired':
        return {
          sequence,
          outcome: reject(new CodedError('JOB_EXPIRED', expiryOf(activation, tenant, data))),
        };
      case 'unknown':
        return {
          sequence,
          outcome: reject(new CodedError('OUTCOME_UNKNOWN', 'a worker died while it was sent')),
        };
    }
  }

  function taskOf(kind: JobKind): Task {
    const task = options.tasks[kind];
    if (!task) throw new TypeError(`this process does not run ${kind}`);
    return task;
  }
}

function isParked(outcome: Outcome): boolean {
  return outcome.kind === 'snooze' && outcome.isParked === true;
}

function isLimited(kind: JobKind): boolean {
  return CATALOG[kind].letter !== null;
}

/** What a job has written down, and writes down now. */
function createMemory(found: Saved | undefined, write: Activation['save']) {
  let latest = found;
  return {
    saved: () => latest,
    async save(state: Saved) {
      await write(state);
      latest = state;
    },
  };
}

/** From one token of a bucket to the next. */
function intervalMs(kind: JobKind, { limits }: Tenant): number {
  const { bucket } = CATALOG[kind];
  return bucket === null ? 0 : 1000 / limits[bucket].ratePerSecond;
}

function startOf(activation: Activation, tenant: Tenant, data: object, saved: Saved | undefined) {
  return {
    number: activation.starts,
    expiresAtMs: saved?.begun ? undefined : expiresAtMs(activation, tenant, data),
    onUnknownOutcome: conditionsOf(data).onUnknownOutcome ?? tenant.onUnknownOutcome,
  };
}

/** By the job's own word or by its tenant's, whichever is earlier. */
function expiresAtMs({ acceptedAtMs }: Activation, { maxAgeMs }: Tenant, data: object): number | undefined {
  const { expiresAt } = conditionsOf(data);
  const ends = [
    ...(expiresAt === undefined ? [] : [Date.parse(expiresAt)]),
    ...(maxAgeMs === null ? [] : [acceptedAtMs + maxAgeMs]),
  ];
  return ends.length === 0 ? undefined : Math.min(...ends);
}

function expiryOf(activation: Activation, tenant: Tenant, data: object): string {
  return `expired at ${new Date(expiresAtMs(activation, tenant, data) ?? 0).toISOString()}`;
}

/**
 * The worker must give its jobs up: no attempt is counted, and nothing is said about the tenant. A request that was under
 * way may arrive all the same, so the ledger goes on to say so.
 */
function givenUp(admission: Admission | undefined): Attempt {
  const isUnderWay = admission?.verdict === 'go';
  return { outcome: snooze(0, 'given-up'), isDecided: isUnderWay, ...aboutAdmission(admission) };
}

function aboutAdmission(admission: Admission | undefined): Partial<Attempt> {
  if (!admission) return {};
  const mayBeRepetition = admission.verdict === 'go' && admission.mayBeRepetition;
  return { sequence: admission.ticket, ...(mayBeRepetition && { mayBeRepetition }) };
}

function damaged(fields: string): CodedError {
  return new CodedError('JOB_DAMAGED', `Redis held something else than a job has: ${fields}`);
}

function crashed(workers: number): CodedError {
  return new CodedError('JOB_CRASHED_WORKERS', `${workers} workers died with this job in their hands`);
}

function invalid(details: readonly string[]): CodedError {
  return new CodedError('JOB_INVALID', details.join('; '), { details });
}

/** Checked again: the limits of the tenant may have changed since it was accepted. */
function parsePayload(
  definition: JobDefinition,
  payload: unknown,
  tenants: TenantRegistry,
  tenantId: string,
): object {
  const parsed = parseJob(definition, payload, tenants.policyOf(tenantId));
  if (!parsed.ok) throw invalid(parsed.faults.map(describeFault));
  return parsed.data as object;
}

const VERDICTS: Readonly<Partial<Record<ErrorCode, Answer['verdict']>>> = {
  RATE_LIMITED: 'throttled',
  CREDENTIALS_REFUSED: 'refused',
  GENESYS_UNAVAILABLE: 'unavailable',
  GENESYS_UNREACHABLE: 'unavailable',
};

/** What a failure says about the bucket. An answer of any other kind means that Genesys Cloud is there. */
function answerIn({ code, status, retryAfterMs }: CodedError): Answer | undefined {
  const verdict = VERDICTS[code] ?? (status === undefined ? undefined : 'ok');
  return verdict && { verdict, retryAfterMs };
}

/** The last attempt has no next one: what would be a retry is a dead letter. */
function exhausted({ attemptsMade, attempts }: Activation, outcome: Outcome): Outcome {
  if (outcome.kind !== 'retry' || attemptsMade + 1 < attempts) return outcome;
  return reject(outcome.error);
}
