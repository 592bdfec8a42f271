import { isErrorCode } from '../core/errors.ts';
import type { Flow } from '../flow/flow.ts';
import type { JobRef } from '../flow/job-ref.ts';
import { readNotes } from '../flow/notes.ts';
import type { RedisClient } from '../redis/connect.ts';
import { JOB_FIELDS } from '../redis/keys.ts';
import type { WebhookRecords } from '../webhooks/records.ts';
import { attemptsOf } from './attempts.ts';
import { deliveryOf } from './callback-job.ts';
import type { FoundJob } from './find-job.ts';
import type { CallbackAttempts } from './job-callbacks.ts';
import { codeIn, placeIn, tenantIdOf } from './job-view.ts';
import type { Queues } from './queues.ts';
import { type TimelineFacts, timelineOf } from './timeline.ts';
import type { TimelineEvent } from './timeline-events.ts';

export interface TimelineParts {
  readonly client: RedisClient;
  readonly flow: Pick<Flow, 'sequenceOf' | 'page'>;
  readonly queues: Queues;
  readonly records: Pick<WebhookRecords, 'attempts'>;
  /** The attempts of the callbacks of a job. */
  readonly callbackAttempts: (tenantId: string, jobId: string) => Promise<readonly CallbackAttempts[]>;
}

/** Reads the life of a job out of what Redis keeps of it: in its hash, its lane and its callbacks. */
export function createReadTimeline(parts: TimelineParts): (found: FoundJob) => Promise<TimelineEvent[]> {
  const { client, queues, records, callbackAttempts } = parts;

  return async ({ kind, job }) => {
    const jobId = job.id ?? '';
    const ref = placeIn(kind, job);
    const [state, notes, before, callbacks] = await Promise.all([
      job.getState(),
      notesOf(`${job.queueQualifiedName}:${jobId}`),
      ref === undefined ? null : jobBefore(parts, ref, job.timestamp),
      callbacksOf(),
    ]);
    const code = state === 'failed' ? codeIn(job.failedReason) : undefined;
    const facts: TimelineFacts = {
      state,
      acceptedAtMs: job.timestamp,
      sendAtMs: ref?.sendAtMs ?? null,
      startedAtMs: job.processedOn ?? null,
      endedAtMs: state === 'completed' || state === 'failed' ? (job.finishedOn ?? null) : null,
      runs: job.attemptsStarted,
      endCode: code !== undefined && isErrorCode(code) ? code : null,
      attempts: kind === 'webhook-delivery' ? [] : attemptsOf(job, state),
      notes,
      before,
      callbacks,
    };
    return timelineOf(facts);

    /** A callback has its own attempts. */
    async function callbacksOf(): Promise<readonly CallbackAttempts[]> {
      const tenantId = tenantIdOf(job);
      if (tenantId === null) return [];
      if (!deliveryOf(job)) return await callbackAttempts(tenantId, jobId);
      return [{ id: jobId, attempts: await queues.withJob(job, () => records.attempts(tenantId, jobId)) }];
    }
  };

  async function notesOf(key: string) {
    // The key of a job that another program damaged may hold another type.
    return readNotes(await client.hget(key, JOB_FIELDS.notes).catch(() => null));
  }
}

/** The job before it in its lane, if it ended after this one was accepted, and Redis still has it. */
async function jobBefore(
  { flow, queues }: TimelineParts,
  ref: JobRef,
  acceptedAtMs: number,
): Promise<TimelineFacts['before']> {
  const { tenantId, lane } = ref;
  if (lane === null) return null;
  const sequence = await flow.sequenceOf(ref);
  if (sequence === null || sequence < 2) return null;
  const after = { position: String(sequence), job: '' };
  const { entries } = await flow.page({ tenantId, lane, after, limit: 1, order: 'newest' });
  const [entry] = entries;
  if (!entry) return null;
  const finishedOn = (await queues.of(entry.kind, tenantId).getJob(entry.jobId))?.finishedOn;
  if (finishedOn === undefined || finishedOn <= acceptedAtMs) return null;
  return { sequence: Number(entry.position), jobId: entry.jobId, endedAtMs: finishedOn };
}
