import { z } from 'zod';
import { type BackoffPolicy, exponential } from '../../src/core/backoff.ts';
import type { Clock } from '../../src/core/clock.ts';
import { CodedError } from '../../src/core/errors.ts';
import { done, type Outcome, snooze } from '../../src/core/outcome.ts';
import type { GenesysClient } from '../../src/genesys/client.ts';
import { guest } from '../../src/genesys/dialects/guest/guest.ts';
import type { Replication } from '../../src/genesys/dialects/guest/shapes.ts';
import type { ReplicationStep } from '../../src/jobs/config-rollout.ts';
import type { Handler, JobContext } from '../../src/runtime/handler.ts';
import { requestContext } from '../request-context.ts';

export interface ReplicationOptions {
  readonly genesys: GenesysClient;
  readonly clock: Clock;
  /** The wait between two looks at a replication. */
  readonly pollBackoff: BackoffPolicy;
  /** How long a replication may take, ms. */
  readonly timeoutMs: number;
  readonly onAcknowledged: (tenantId: string, ms: number) => void;
  readonly onActivated: (tenantId: string, ms: number) => void;
}

/** The replication that an earlier run asked for. */
const savedState = z.object({
  replicationId: z.string(),
  requestedAtMs: z.number(),
  acknowledgedMs: z.number(),
  /** How often the step has read it. */
  polls: z.number(),
  /** When the step gives up. A retry by an operator sets a new deadline. */
  deadlineMs: z.number().optional(),
});

type Requested = z.output<typeof savedState>;

/** Organizations with a failed replication that the result names. */
const NAMED = 20;

type ReplicationJob = JobContext<ReplicationStep>;

/**
 * Asks Genesys Cloud to replicate the configuration of one organization to others
 * (docs/guides.md#replicate-a-configuration), and follows the replication to its end. Between two
 * looks the job waits in its queue, so the replication goes on when a worker dies.
 */
export function replicationStep(options: ReplicationOptions): Handler<ReplicationStep> {
  const { genesys, clock, pollBackoff, timeoutMs, onAcknowledged, onActivated } = options;

  return async function follow(job) {
    const requested = job.steps.saved(savedState);
    if (!requested) return await request(job);
    const { tenant } = job;
    const replication = await genesys.call(tenant, guest.readReplication, requested, requestContext(job));
    const passedMs = clock.now() - requested.requestedAtMs;
    if (isUnderWay(replication)) return await lookLater(job, requested);
    if (replication.status === 'completed') onActivated(tenant.id, passedMs);
    const { overwriteExisting } = job.data;
    return done({ ...reportOf(requested, replication, passedMs), overwriteExisting });
  };

  async function request(job: ReplicationJob): Promise<Outcome> {
    const { tenant, data } = job;
    const requestedAtMs = clock.now();
    const { replicationId } = await genesys.call(tenant, guest.replicate, data, requestContext(job));
    const acknowledgedMs = clock.now() - requestedAtMs;
    onAcknowledged(tenant.id, acknowledgedMs);
    // Without an id the step cannot ask how the replication ends.
    const { overwriteExisting } = data;
    if (replicationId === null) return done({ status: 'unknown', acknowledgedMs, overwriteExisting });
    const requested: Requested = { replicationId, requestedAtMs, acknowledgedMs, polls: 0 };
    await job.steps.save({ ...requested, begun: true });
    return snooze(exponential(pollBackoff, 1), 'replicating');
  }

  async function lookLater(job: ReplicationJob, requested: Requested): Promise<Outcome> {
    const { deadlineMs = clock.now() + timeoutMs, ...rest } = requested;
    const leftMs = deadlineMs - clock.now();
    if (leftMs <= 0) {
      await job.steps.save({ ...rest, polls: 0, begun: true });
      throw timedOut(requested.replicationId, timeoutMs);
    }
    const polls = requested.polls + 1;
    await job.steps.save({ ...rest, polls, deadlineMs, begun: true });
    return snooze(Math.min(leftMs, exponential(pollBackoff, polls + 1)), 'replicating');
  }
}

function isUnderWay({ status }: Replication): boolean {
  return status === 'queued' || status === 'running';
}

function reportOf(
  { replicationId, acknowledgedMs }: Requested,
  replication: Replication,
  activatedMs: number,
) {
  const failed = replication.targets.filter(({ status }) => status === 'failed');
  return {
    replicationId,
    status: replication.status,
    acknowledgedMs,
    activationLatencyMs: activatedMs,
    failedCount: failed.length,
    failedOrganizations: failed
      .slice(0, NAMED)
      .map(({ organizationId, error }) => ({ organizationId, error })),
  };
}

function timedOut(replicationId: string, timeoutMs: number): CodedError {
  const message = `replication ${replicationId} has not ended within ${timeoutMs} ms`;
  return new CodedError('REPLICATION_TIMED_OUT', message, { status: 200 });
}
