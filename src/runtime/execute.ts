import type { Config } from '../config/settings.ts';
import type { Clock } from '../core/clock.ts';
import { startDeadline } from '../core/deadline.ts';
import { CodedError, toCodedError } from '../core/errors.ts';
import { isKeyed } from '../core/ids.ts';
import { describeIssue, issuesOf } from '../core/issues.ts';
import { type Outcome, park, reject, retry, snooze } from '../core/outcome.ts';
import type { Admission, Answer, FailedAttempt, RunStart, Wake } from '../flow/decisions.ts';
import type { Flow } from '../flow/flow.ts';
import { type JobRef, jobRefOf } from '../flow/job-ref.ts';
import { readEntry, writeEntry } from '../flow/ledger.ts';
import { parkMs } from '../flow/parking.ts';
import { CATALOG, type JobKind } from '../jobs/catalog.ts';
import { conditionsOf } from '../jobs/conditions.ts';
import { contentDigest } from '../jobs/content-digest.ts';
import { type JobDefinition, parseJob } from '../jobs/define.ts';
import { type Envelope, envelope, type Saved } from '../jobs/envelope.ts';
import type { Children } from '../queues/children.ts';
import type { Queues } from '../queues/queues.ts';
import { isRedisFailure } from '../redis/failure.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { askAdmission, Unprepared } from './admission.ts';
import { describeExpiry, expiresAtMs, mayExpire } from './age.ts';
import type { Task, Tasks } from './handler.ts';
import { exhausted, isLastAttempt } from './last-attempt.ts';
import { createRequestTokens, isStale, Postponed } from './request-tokens.ts';
import { retryUntilAborted } from './retry-until-aborted.ts';
import { type Execution, MAX_CRASHES, type Run } from './run.ts';
import { unattempted } from './unattempted.ts';
import { heldIfUnknown } from './uncertain.ts';
import { answerIn } from './verdict.ts';

export interface ExecuteOptions {
  readonly flow: Flow;
  readonly queues: Queues;
  readonly children: Children;
  readonly tenants: TenantRegistry;
  readonly clock: Clock;
  readonly tasks: Tasks;
  /** Longest time that an attempt may take, ms. */
  readonly attemptMs: number;
  /** Told of each request that may have been carried out although no answer says so. */
  readonly onUnknown?: (kind: JobKind, tenantId: string) => void;
  readonly config: Pick<Config, 'retryForMs'>;
}

/** What one run of a job came to, before flow control knows of it. */
interface Attempt extends Omit<Execution, 'envelope' | 'tenant'> {
  /** What the answer says about the bucket; absent when nothing was asked of Genesys Cloud. */
  readonly answer?: Answer | undefined;
  /** Flow control has decided this outcome itself, so that it need not be told. */
  readonly isDecided?: boolean;
  /** Flow control has let it go; it has counted the time of those that it was not asked about by itself. */
  readonly isAdmitted?: boolean;
}

/** What is known of a job when a run of it is concluded. */
interface Concluded {
  readonly run: Run;
  readonly ref: JobRef;
  readonly tenant: Tenant | undefined;
  /** If it has failed. */
  readonly failure: FailedAttempt;
  readonly payload: Envelope['payload'];
}

type Retry = Extract<Outcome, { kind: 'retry' }>;

/**
 * Runs one run of a job up to its outcome: parse again, find the tenant, ask for admission, do the
 * work, tell flow control. Throws nothing that concerns the job; what it throws is the loss of Redis.
 */
export function createExecute(options: ExecuteOptions): (run: Run) => Promise<Execution> {
  const { flow, queues, children, tenants, clock } = options;

  return async function execute(run) {
    const opened = envelope.safeParse(run.data, { reportInput: true });
    if (!opened.success) {
      const issues = issuesOf(opened.error).map(describeIssue);
      return { outcome: reject(run.damaged ? damaged(run.damaged) : invalid(issues)) };
    }
    const { tenantId, payload } = opened.data;
    const ref = jobRefOf(run.kind, tenantId, run.jobId, payload);
    const startedMs = performance.now();
    const attempt = await perform(run, ref, opened.data);
    const tenant = tenants.has(tenantId) ? tenants.get(tenantId) : undefined;
    const failure = { retryForMs: retryForMs(tenant), elapsedMs: performance.now() - startedMs };
    return {
      ...attempt,
      ...(isLimited(run.kind) && { recheck: async () => queues.wake(await flow.recheck(ref)) }),
      ...(await conclude(attempt, { run, ref, tenant, failure, payload: opened.data.payload })),
      envelope: opened.data,
      ...(tenant && { tenant }),
    };
  };

  /** Everything up to the answer. */
  async function perform(run: Run, ref: JobRef, { payload, saved }: Envelope): Promise<Attempt> {
    let admission: Admission | undefined;
    let start: RunStart | undefined;
    let waitedMs = 0;
    const patienceMs = retryForMs(tenants.has(ref.tenantId) ? tenants.get(ref.tenantId) : undefined);
    try {
      if (run.damaged !== undefined) throw damaged(run.damaged);
      if (run.crashes > MAX_CRASHES) throw crashed(run.crashes);
      const tenant = tenants.get(ref.tenantId);
      const data = parsePayload(CATALOG[run.kind], payload, tenants, ref.tenantId);
      if (isLimited(run.kind)) {
        start = startOf(run, tenant, data, saved, patienceMs);
        const asked = await askAdmission({
          flow,
          ref,
          start,
          tenant,
          task: taskOf(run.kind),
          prepareMs: options.attemptMs,
          signal: run.signal,
          wake,
        });
        admission = asked.admission;
        waitedMs = asked.waitedMs;
        if ('workerDied' in admission && admission.workerDied) countUnknown(run, tenant.id);
        const decided = decidedBy(admission, run, tenant, data);
        if (decided) return decided;
        if (isStale(waitedMs, options.attemptMs)) throw new Postponed(0, 'stale');
      }
      const { recheck, ...task } = taskOf(run.kind);
      using deadline = startDeadline((task.attemptMs ?? options.attemptMs) - waitedMs, run.signal);
      const tokens = createRequestTokens({
        ...options,
        ref: isLimited(run.kind) ? ref : undefined,
        run: run.starts,
        deadline,
        intervalMs: intervalMs(run.kind, tenant),
        hasLock: run.hasLock,
      });
      const memory = createMemory(saved, run.save);
      const job = { jobId: run.jobId, tenant, data: data as never };
      const outcome = await task.handler({
        ...job,
        sequence: admission?.ticket ?? 1,
        acceptedAtMs: run.acceptedAtMs,
        attempt: run.attemptsMade + 1,
        isLastAttempt: isLastAttempt(run, admission, patienceMs),
        run: run.starts,
        attempts: run.attempts,
        signal: deadline.signal,
        ending: run.signal,
        token: tokens.take,
        noteRemaining: tokens.note,
        get saved() {
          return memory.saved();
        },
        save: memory.save,
        children: () => children.of(ref),
        begin: (wanted) => children.begin(ref, wanted),
      });
      return {
        outcome: exhausted(outcome, isLastAttempt(run, admission, patienceMs)),
        answer: { verdict: 'ok', remaining: tokens.remaining() },
        ...(recheck && { recheck: () => recheck(job, isParked(outcome)) }),
        ...aboutAdmission(admission),
      };
    } catch (thrown) {
      if (thrown instanceof Postponed) {
        return { outcome: snooze(thrown.waitMs, thrown.reason), ...aboutAdmission(admission) };
      }
      if (run.signal.aborted) return givenUp(admission);
      const error = toCodedError(thrown instanceof Unprepared ? thrown.cause : thrown);
      if (error.isUnknown && isLimited(run.kind)) countUnknown(run, ref.tenantId);
      const next = consequence(run, heldIfUnknown(error, start?.onUnknownOutcome));
      return {
        outcome:
          (thrown instanceof Unprepared || isRedisFailure(thrown)) && next.kind === 'retry'
            ? uncounted(next)
            : exhausted(next, isLastAttempt(run, admission, patienceMs)),
        answer: answerIn(error),
        ...aboutAdmission(admission),
      };
    }
  }

  /** Tells flow control how it went on, wakes who is next, and takes over when the job comes again. */
  async function conclude(
    attempt: Attempt,
    about: Concluded,
  ): Promise<Pick<Execution, 'outcome' | 'replayed'>> {
    const { outcome, answer, isDecided } = attempt;
    const { ref, run, tenant, failure } = about;
    if (isDecided || !isLimited(ref.kind)) return { outcome };
    if (outcome.kind === 'done' || outcome.kind === 'reject') {
      const onFailure = CATALOG[ref.kind].haltsLane ? (tenant?.onFailure ?? 'skip') : 'skip';
      const entry = writeEntry(outcome, digestOf(about));
      const ending = { entry, onFailure, expires: mayExpire(ref, tenant) } as const;
      const record = () => flow.conclude(ref, run.starts, ending, answer);
      const { wakes, existing } = await retryUntilAborted(record, run.signal);
      await wake(run.hasLock() ? wakes : [...wakes, ofAnotherWorker(ref)]);
      if (existing === 'running') return { outcome: snooze(0, 'superseded') };
      return existing ? { outcome: readEntry(existing), replayed: true } : { outcome };
    }
    const delayMs = outcome.kind === 'await' ? parkMs({}) : outcome.delayMs;
    const counted = outcome.kind === 'retry' ? failure : undefined;
    const reschedule = () => flow.reschedule(ref, run.starts, delayMs, answer, counted);
    const { waitMs, parked, wakes, isDown, isOver } = await retryUntilAborted(reschedule, run.signal);
    await wake(wakes);
    if (outcome.kind === 'retry' && isOver && !attempt.isAdmitted) {
      return await conclude({ outcome: reject(outcome.error) }, about);
    }
    // The last of its children brings it back.
    if (outcome.kind === 'await') return { outcome };
    const isOutage = isDown && answer?.verdict === 'unavailable';
    const next = isOutage && outcome.kind === 'retry' ? uncounted(outcome) : outcome;
    if (!parked) return { outcome: { ...next, delayMs: waitMs } };
    return {
      outcome: { ...park(parkMs({}), 'line'), ...('error' in outcome && { error: outcome.error }) },
    };
  }

  /** Who is not woken now is found by the reconciler; what was done stays done. */
  async function wake(wakes: readonly Wake[]): Promise<void> {
    await queues.wake(wakes).catch(() => {});
  }

  function countUnknown({ kind }: Run, tenantId: string): void {
    options.onUnknown?.(kind, tenantId);
  }

  /** Whoever has the job meanwhile may be waiting to hear of this attempt. */
  function ofAnotherWorker({ kind, tenantId, jobId }: JobRef): Wake {
    return { partition: queues.partitionOf(tenantId), queue: kind, jobId, delayMs: 0 };
  }

  function consequence(run: Run, error: CodedError): Outcome {
    if (error.disposition === 'reject') return reject(error);
    if (error.disposition === 'pause') return snooze(0, error.code, error);
    const { reschedulesForMs } = taskOf(run.kind);
    if (reschedulesForMs !== undefined) return unattempted(run, error, reschedulesForMs, clock.now());
    const backoffMs = taskOf(run.kind).retry.delayMs(run.attemptsMade + 1);
    return retry(error, Math.max(backoffMs, error.retryAfterMs ?? 0));
  }

  function decidedBy(admission: Admission, run: Run, tenant: Tenant, data: object): Attempt | undefined {
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
          outcome: reject(new CodedError('JOB_EXPIRED', describeExpiry(run.acceptedAtMs, tenant, data))),
        };
      case 'unknown':
        return {
          sequence,
          outcome: reject(
            new CodedError(
              'OUTCOME_UNKNOWN',
              admission.workerDied
                ? 'a worker died while it was sent'
                : 'it was sent before, and no answer tells what became of it',
            ),
          ),
        };
    }
  }

  function retryForMs(tenant: Tenant | undefined): number {
    return tenant?.retryForMs ?? options.config.retryForMs;
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
  return CATALOG[kind].kindCode !== null;
}

/** What a job has written down, and writes down now. */
function createMemory(found: Saved | undefined, write: Run['save']) {
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

/** The time over which it is tried again is asked for only where it may have begun. */
function startOf(run: Run, tenant: Tenant, data: object, saved: Saved | undefined, retryForMs: number) {
  return {
    number: run.starts,
    expiresAtMs: saved?.begun ? undefined : expiresAtMs(run.acceptedAtMs, tenant, data),
    onUnknownOutcome: conditionsOf(data).onUnknownOutcome ?? tenant.onUnknownOutcome,
    retryForMs: run.starts > 1 ? retryForMs : undefined,
  };
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
  const isAdmitted = admission.verdict === 'go';
  const mayBeRepetition = admission.verdict === 'go' && admission.mayBeRepetition;
  return { sequence: admission.ticket, isAdmitted, ...(mayBeRepetition && { mayBeRepetition }) };
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
  if (!parsed.ok) throw invalid(parsed.issues.map(describeIssue));
  return parsed.data as object;
}

/** In an outage, of Redis too, no attempt is counted: the job waits with the others until somebody gets through. */
function uncounted({ delayMs, error }: Retry): Outcome & { kind: 'snooze' } {
  return snooze(delayMs, error.code, error);
}

/** Of a job with a key: without one there is no duplicate to compare with. */
function digestOf({ run, payload }: Concluded): string | undefined {
  return isKeyed(run.jobId) ? contentDigest(payload) : undefined;
}
