import type { Waiting } from '../flow/wait-reason.ts';
import type { FoundJob } from './find-job.ts';
import { type PageParts, placesOf, readPage } from './index-pages.ts';
import { readJob } from './job-list.ts';
import { type JobView, viewOf } from './job-view.ts';
import type { Queues } from './queues.ts';

/** A job of a conversation, at its place. */
export interface ConversationJob extends JobView {
  /** Its place in the lane, from 1. */
  readonly sequence: number;
  /** Why it waits, and until when. */
  readonly waiting: Waiting;
}

export interface ConversationPage {
  /** By sequence number. Jobs that Redis no longer has are missing. */
  readonly jobs: readonly ConversationJob[];
  /** Jobs of the conversation that have not ended, on all pages. */
  readonly jobsWaiting: number;
  /** Null when there are no more pages. */
  readonly cursor: string | null;
}

export interface ConversationRequest {
  readonly tenantId: string;
  /** The conversation, or another subject whose jobs keep their order. */
  readonly lane: string;
  /** From the page before. */
  readonly cursor?: string | undefined;
  /** Jobs that the page looks at; 50 by default. Each that waits costs a script. */
  readonly limit?: number | undefined;
  /** By sequence number; oldest first by default. */
  readonly order?: 'newest' | 'oldest' | undefined;
}

export interface ConversationParts extends PageParts {
  readonly queues: Queues;
  readonly countWaiting: (tenantId: string, lane: string) => Promise<number>;
  readonly explain: (found: FoundJob) => Promise<Waiting>;
}

/** Reads the lane of a conversation in order, with the reason why each job waits. */
export function createConversations(
  parts: ConversationParts,
): (request: ConversationRequest) => Promise<ConversationPage> {
  const { queues, keys, explain, countWaiting } = parts;
  return async ({ tenantId, lane, cursor, limit = 50, order = 'oldest' }) => {
    const page = await readPage(parts, { filter: { tenantId, lane }, cursor, limit, order });
    const places = placesOf(keys, tenantId, order);
    const [counts, jobs] = await Promise.all([
      queues.inPlaces(tenantId, () => countWaiting(tenantId, lane)),
      Promise.all(
        page.entries.map(async ({ kind, jobId, position }) => {
          const found = await readJob(queues, places, kind, jobId);
          if (!found) return undefined;
          const { job, state } = found;
          const [view, waiting] = await Promise.all([viewOf(kind, job, state), explain({ kind, job })]);
          return { ...view, sequence: Number(position), waiting };
        }),
      ),
    ]);
    return {
      jobs: jobs.filter((job) => job !== undefined),
      jobsWaiting: counts.reduce((total, count) => total + count, 0),
      cursor: page.cursor,
    };
  };
}
