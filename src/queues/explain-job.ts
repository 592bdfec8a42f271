import type { Job } from 'bullmq';
import { isErrorCode } from '../core/errors.ts';
import type { Flow } from '../flow/flow.ts';
import type { Waiting } from '../flow/waiting.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { endpointIdOf } from '../webhooks/endpoints.ts';
import { deliveryOf } from './callback-job.ts';
import type { FoundJob } from './find-job.ts';
import { codeIn, placeIn, stepsOf } from './job-view.ts';

export interface Explained extends Waiting {
  readonly jobId: string;
  readonly kind: JobKind;
  readonly tenantId: string | null;
}

export interface ExplainParts {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly flow: Pick<Flow, 'explain'>;
}

/** BullMQ's score of a delayed job is its moment × 4096, and a counter. */
const SCORE_FACTOR = 4096;

/** Explains why a job waits, from its state in BullMQ and what flow control and endpoints know. */
export function createExplainJob({
  client,
  keys,
  flow,
}: ExplainParts): (found: FoundJob) => Promise<Explained> {
  return async ({ kind, job }) => {
    const state = await job.getState();
    const ref = placeIn(kind, job);
    const about = { jobId: job.id ?? '', kind, tenantId: ref?.tenantId ?? null };
    if (!ref) return { ...about, ...(await withoutFlowControl(job, state)) };
    const steps = state === 'waiting-children' ? await stepsOf(job) : null;
    const queue = { state, failedCode: failedCodeOf(job), pendingSteps: steps?.pending };
    return { ...about, ...(await flow.explain(ref, queue)) };
  };

  /** Callbacks have no lane and no bucket, and a damaged job has no place in them. */
  async function withoutFlowControl(job: Job, state: string): Promise<Waiting> {
    if (state === 'completed' || state === 'failed') return none('It has ended.');
    if (await waitsForPermit(job)) return none('It waits for a permit of its endpoint.');
    const score =
      state === 'delayed' ? await client.zscore(`${job.queueQualifiedName}:delayed`, job.id ?? '') : null;
    if (score === null) return none('A worker has it, or takes it next.');
    const until = new Date(Math.floor(Number(score) / SCORE_FACTOR)).toISOString();
    return { reason: 'retry', until, sentence: `The next attempt is due at ${until}.` };
  }

  async function waitsForPermit(job: Job): Promise<boolean> {
    const delivery = deliveryOf(job);
    if (!delivery) return false;
    const { tenantId, url } = delivery;
    const waiting = keys.endpointWaiting(tenantId, endpointIdOf(tenantId, url));
    return (await client.zscore(waiting, job.id ?? '')) !== null;
  }
}

function none(sentence: string): Waiting {
  return { reason: 'none', until: null, sentence };
}

function failedCodeOf({ failedReason }: Job): string | undefined {
  const code = codeIn(failedReason);
  return code !== undefined && isErrorCode(code) ? code : undefined;
}
