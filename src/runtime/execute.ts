import { entryOf } from '../audit/outbox.ts';
import type { Config } from '../config/settings.ts';
import type { Clock } from '../core/clock.ts';
import { toCodedError } from '../core/errors.ts';
import { isFinal, type Outcome, reject, snooze } from '../core/outcome.ts';
import type { Flow } from '../flow/flow.ts';
import { isLimited } from '../flow/job-ref.ts';
import type { JobKind } from '../jobs/catalog.ts';
import { endedJobOf, jobFactsOf } from '../jobs/ended-job.ts';
import type { Envelope } from '../jobs/envelope.ts';
import type { Children } from '../queues/children.ts';
import type { Queues } from '../queues/queues.ts';
import type { Keys } from '../redis/keys.ts';
import type { Wake } from '../redis/wakes.ts';
import type { Seal } from '../seal/seal.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import { cmsPostFor } from '../webhooks/cms.ts';
import { admitRun, isAdmitted } from './admit-run.ts';
import { auditRecordOf } from './audit-record.ts';
import { concludeRun } from './conclude-run.ts';
import { failRun } from './fail-run.ts';
import type { Tasks } from './handler.ts';
import { openRun, parseRun } from './open-run.ts';
import { performRun } from './perform-run.ts';
import type { RetryUntilAborted } from './retry-until-aborted.ts';
import type { Execution, Run } from './run.ts';
import type { Admitted, Opened, RunEnd } from './stages.ts';

export interface ExecuteOptions {
  readonly flow: Flow;
  readonly queues: Queues;
  readonly keys: Keys;
  readonly children: Children;
  readonly tenants: TenantRegistry;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly retryUntilAborted: RetryUntilAborted;
  /** Longest time that an attempt may take, ms. */
  readonly attemptMs: number;
  /** Called for each request with an unknown outcome. */
  readonly onUnknown?: (kind: JobKind, tenantId: string) => void;
  readonly config: Pick<Config, 'retryForMs'>;
}

/**
 * Takes one run of a job through its stages to its outcome: open, parse, admit, perform, conclude
 * (`stages.ts`). A failure of the job becomes an outcome. It throws only when Redis is lost, or for
 * a bug.
 */
export function createExecute(options: ExecuteOptions): (run: Run) => Promise<Execution> {
  const { flow, queues, tenants, tasks } = options;
  const { seal } = options.keys;
  const now = () => options.clock.now();
  /** A failed wake must not undo what the run has recorded: the reconciler wakes the jobs later. */
  const wake = async (wakes: readonly Wake[]) => void (await queues.wake(wakes).catch(() => {}));
  const shared = { ...options, now, wake, partitionOf: queues.partitionOf, seal };

  async function runEndOf(opened: Opened): Promise<RunEnd> {
    const { run, ref } = opened;
    const onUnknown = () => options.onUnknown?.(run.kind, ref.tenantId);
    let reached: Opened | Admitted = opened;
    try {
      const admitted = await admitRun(parseRun(opened, tenants, tasks), { ...shared, onUnknown });
      if (!isAdmitted(admitted)) return admitted;
      reached = admitted;
      return await performRun(admitted, shared);
    } catch (thrown) {
      return failRun(reached, thrown, { tasks, now, onUnknown });
    }
  }

  return async function execute(run) {
    let opened: Opened;
    try {
      opened = openRun(run, { tenants, retryForMs: options.config.retryForMs });
    } catch (thrown) {
      return describe(run, { outcome: withoutEnvelope(thrown) }, undefined, now());
    }
    const { ref, envelope, tenant } = opened;
    const startedMs = performance.now();
    const runEnd = await runEndOf(opened);
    const elapsedMs = performance.now() - startedMs;
    const described = describe(opened.run, runEnd, envelope, now());
    const record = recordIn(described, seal);
    const conclusion = await concludeRun(opened, runEnd, elapsedMs, { ...shared, record });
    const concluded = { ...runEnd, ...conclusion };
    const isAsDescribed =
      concluded.outcome === runEnd.outcome && concluded.mayBeRepetition === runEnd.mayBeRepetition;
    return {
      ...(isAsDescribed ? described : describe(opened.run, concluded, envelope, now())),
      isNoted: conclusion.isNoted,
      recheck: isLimited(run.kind) ? async () => queues.wake(await flow.recheck(ref)) : runEnd.recheck,
      endedBefore: concluded.endedBefore,
      tenant,
    };
  };
}

/** How long a job waits for a process that has its payload key, ms. */
const KEY_PATIENCE_MS = 30_000;

/** A job whose key this process lacks is in order: it waits until a process with the key runs it. */
function withoutEnvelope(thrown: unknown): Outcome {
  const error = toCodedError(thrown);
  return error.code === 'PAYLOAD_KEY_MISSING' ? snooze(KEY_PATIENCE_MS, 'payload-key', error) : reject(error);
}

/** The audit record of an end, as the outbox holds it. Undefined without one, or when it is not sound: the report says so. */
function recordIn({ ended }: Execution, seal: Seal): string | undefined {
  const record = ended && auditRecordOf(ended);
  try {
    return record && entryOf(record, seal);
  } catch {
    return undefined;
  }
}

/** Describes the job of a run, and its end once the job has ended. */
function describe(
  run: Run,
  { outcome, sequence, mayBeRepetition, correlationId }: RunEnd,
  envelope: Envelope | undefined,
  nowMs: number,
): Execution {
  const { kind, jobId, attemptsMade } = run;
  const acceptedAtMs = Math.min(run.acceptedAtMs, nowMs);
  const attempts = attemptsMade + 1;
  const sources = { kind, jobId, envelope, attempts, acceptedAtMs, sequence, mayBeRepetition, correlationId };
  if (!isFinal(outcome)) return { outcome, job: jobFactsOf(sources) };
  const ended = endedJobOf(sources, outcome, nowMs);
  if (outcome.kind === 'reject' || !envelope) return { outcome, job: ended, ended };
  return { outcome, job: ended, ended, cmsPost: cmsPostFor(jobId, envelope.payload, outcome.result) };
}
