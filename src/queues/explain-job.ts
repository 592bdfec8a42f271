import type { Job } from 'bullmq';
import { isErrorCode } from '../core/errors.ts';
import type { Flow } from '../flow/flow.ts';
import type { Waiting } from '../flow/waiting.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { RedisClient } from '../redis/connect.ts';
import { attemptsOf } from './attempts.ts';
import type { FoundJob } from './find-job.ts';
import { codeIn, placeIn, stepsOf } from './job-view.ts';

export interface Explained extends Waiting {
  readonly jobId: string;
  readonly kind: JobKind;
  readonly tenantId: string | null;
}

/** Explains why a job waits, from its state in BullMQ and what flow control knows. */
export function createExplainJob(
  client: RedisClient,
  flow: Pick<Flow, 'explain'>,
): (found: FoundJob) => Promise<Explained> {
  return async ({ kind, job }) => {
    const state = await job.getState();
    const ref = placeIn(kind, job);
    const about = { jobId: job.id ?? '', kind, tenantId: ref?.tenantId ?? null };
    if (!ref) return { ...about, ...(await withoutFlowControl(client, job, state)) };
    const steps = state === 'waiting-children' ? await stepsOf(job) : null;
    const queue = { state, failedCode: failedCodeOf(job), pendingSteps: steps?.pending };
    return { ...about, ...(await flow.explain(ref, queue)) };
  };
}

/** Callbacks have no lane and no bucket, and a damaged job has no place in them. */
async function withoutFlowControl(client: RedisClient, job: Job, state: string): Promise<Waiting> {
  const { nextAttemptAt } = await attemptsOf(client, job, state);
  if (nextAttemptAt !== null) {
    return {
      reason: 'retry',
      until: nextAttemptAt,
      sentence: `The next attempt is due at ${nextAttemptAt}.`,
    };
  }
  const isOver = state === 'completed' || state === 'failed';
  const sentence = isOver ? 'It has ended.' : 'A worker has it, or takes it when its endpoint has a permit.';
  return { reason: 'none', until: null, sentence };
}

function failedCodeOf({ failedReason }: Job): string | undefined {
  const code = codeIn(failedReason);
  return code !== undefined && isErrorCode(code) ? code : undefined;
}
