import type { Job } from 'bullmq';
import { isErrorCode } from '../core/errors.ts';
import type { Flow } from '../flow/flow.ts';
import type { Waiting } from '../flow/wait-reason.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { endpointIdOf } from '../webhooks/endpoint-id.ts';
import type { WebhookRecords } from '../webhooks/records.ts';
import { type DeliveryFacts, deliveryOf } from './callback-job.ts';
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
  readonly records: Pick<WebhookRecords, 'endpoint'>;
}

/** BullMQ's score of a delayed job is its moment × 4096, and a counter. */
const SCORE_FACTOR = 4096;

/** Explains why a job waits, from its state in BullMQ and what flow control and endpoints know. */
export function createExplainJob({
  client,
  keys,
  flow,
  records,
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
    if (state === 'active') return none('A worker has it.');
    const delivery = deliveryOf(job);
    const dueAtMs = state === 'delayed' ? await dueOf(job) : null;
    return (delivery && (await atEndpoint(job, delivery, dueAtMs))) ?? nextAttempt(dueAtMs);
  }

  /** Undefined when its endpoint lets it go. */
  async function atEndpoint(
    job: Job,
    { tenantId, url }: DeliveryFacts,
    dueAtMs: number | null,
  ): Promise<Waiting | undefined> {
    const endpointId = endpointIdOf(tenantId, url);
    const [endpoint, place] = await Promise.all([
      records.endpoint(tenantId, endpointId),
      client.zscore(keys.endpointWaiting(tenantId, endpointId), job.id ?? ''),
    ]);
    const hasToWait = place !== null;
    const pausedUntil = endpoint?.pausedUntil ?? null;
    if (pausedUntil !== null) {
      const untilMs = Math.max(Date.parse(pausedUntil), hasToWait ? 0 : (dueAtMs ?? 0));
      return {
        reason: 'endpoint-paused',
        until: new Date(untilMs).toISOString(),
        sentence: `Its endpoint is paused until ${pausedUntil}: calls failed, or the receiver asked for a wait.`,
      };
    }
    if (!hasToWait) return undefined;
    return { reason: 'endpoint-busy', until: null, sentence: 'It waits for a permit of its endpoint.' };
  }

  async function dueOf(job: Job): Promise<number | null> {
    const score = await client.zscore(`${job.queueQualifiedName}:delayed`, job.id ?? '');
    return score === null ? null : Math.floor(Number(score) / SCORE_FACTOR);
  }
}

function nextAttempt(dueAtMs: number | null): Waiting {
  if (dueAtMs === null) return none('A worker takes it next.');
  const until = new Date(dueAtMs).toISOString();
  return { reason: 'retry', until, sentence: `The next attempt is due at ${until}.` };
}

function none(sentence: string): Waiting {
  return { reason: 'none', until: null, sentence };
}

function failedCodeOf({ failedReason }: Job): string | undefined {
  const code = codeIn(failedReason);
  return code !== undefined && isErrorCode(code) ? code : undefined;
}
