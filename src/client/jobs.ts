import { ConnectionError } from './api-error.ts';
import { followJob, type JobEvent } from './follow-job.ts';
import type { FollowOptions } from './follow-stream.ts';
import { readAnswerLines } from './ndjson.ts';
import { sleep, waitBeforeRetry } from './retry.ts';
import { type Caller, part } from './routes.ts';
import type { CallOptions, Transport } from './transport.ts';
import type {
  BulkInput,
  ConversationFilter,
  ConversationJob,
  ConversationPage,
  DeadLetterFilter,
  DeadLetterPage,
  DetailedJob,
  FoundJob,
  Job,
  JobFilter,
  JobOutcome,
  JobPage,
  RetryInput,
  SearchInput,
  SearchPage,
  Timeline,
} from './types.ts';

/** The progress of an act on many jobs. */
export interface BulkProgress {
  /** Jobs of the index that were looked at. */
  readonly seen: number;
  /** Those that the filter means. */
  readonly matched: number;
  /** Those that were changed; in a dry run those that would be. */
  readonly done: number;
}

export interface JobRoutes {
  get(id: string, options?: CallOptions): Promise<DetailedJob>;
  /** The jobs of a tenant, from as many pages as the caller takes. */
  list(filter?: JobFilter, options?: CallOptions): AsyncGenerator<Job, void, undefined>;
  /** The states of a job, to its end. */
  events(id: string, options?: FollowOptions): AsyncGenerator<JobEvent, void, undefined>;
  /** What happened to a job, and why it waits. */
  timeline(id: string, options?: CallOptions): Promise<Timeline>;
  /** Jobs by what is at hand: a conversation, a guest, an id, a key, a trace, a correlation id. */
  search(search: SearchInput, options?: CallOptions): AsyncGenerator<FoundJob, void, undefined>;
  /** The jobs of a conversation in their order, and why each waits. */
  conversation(
    id: string,
    filter?: ConversationFilter,
    options?: CallOptions,
  ): AsyncGenerator<ConversationJob, void, undefined>;
  /** A page of dead letters, grouped by code. The groups of the next page add to these. */
  deadLetters(filter?: DeadLetterFilter, options?: CallOptions): Promise<DeadLetterPage>;
  /** Cancels a job that waits. */
  cancel(id: string, options?: CallOptions): Promise<JobOutcome>;
  /** Sends a dead letter again. */
  retry(id: string, options?: CallOptions): Promise<JobOutcome>;
  /** Cancels all waiting jobs that a filter means. The last progress has the totals. */
  cancelAll(filter: BulkInput, options?: CallOptions): AsyncGenerator<BulkProgress, void, undefined>;
  /** Sends all dead letters again that a filter means. The last progress has the totals. */
  retryAll(filter: RetryInput, options?: CallOptions): AsyncGenerator<BulkProgress, void, undefined>;
}

export function jobRoutes(transport: Transport, caller: Caller): JobRoutes {
  const path = (id: string) => `/v1/jobs/${part(id)}`;
  return {
    get: (id, options) => caller.get(path(id), options),
    list(filter = {}, options) {
      const itemsOf = ({ jobs }: JobPage) => jobs;
      return eachOf(caller, { path: '/v1/jobs', filter, itemsOf }, options);
    },
    timeline: (id, options) => caller.get(`${path(id)}/timeline`, options),
    search(filter, options) {
      const itemsOf = ({ found }: SearchPage) => found;
      return eachOf(caller, { path: '/v1/search', filter, itemsOf }, options);
    },
    conversation(id, filter = {}, options) {
      const itemsOf = ({ jobs }: ConversationPage) => jobs;
      return eachOf(caller, { path: `/v1/conversations/${part(id)}`, filter, itemsOf }, options);
    },
    deadLetters: (filter = {}, options = {}) => caller.get('/v1/dead-letters', { query: filter, ...options }),
    events: (id, options) => followJob(transport, `${path(id)}/events`, options),
    cancel: (id, options) => caller.cancel(path(id), options),
    retry: (id, options) => caller.act(`${path(id)}/retry`, undefined, options),
    cancelAll: (filter, options) => actOnMany(transport, '/v1/jobs/cancel', filter, options),
    retryAll: (filter, options) => actOnMany(transport, '/v1/jobs/retry', filter, options),
  };
}

interface Listing<Page, Item> {
  readonly path: string;
  readonly filter: object;
  itemsOf(page: Page): readonly Item[];
}

/** Every item of all pages. */
async function* eachOf<Page extends { readonly cursor: string | null }, Item>(
  caller: Caller,
  { path, filter, itemsOf }: Listing<Page, Item>,
  options: CallOptions = {},
): AsyncGenerator<Item, void, undefined> {
  let cursor: string | null | undefined;
  do {
    const query = { ...filter, cursor };
    const page: Page = await caller.get<Page>(path, { query, ...options });
    yield* itemsOf(page);
    cursor = page.cursor;
  } while (cursor !== null);
}

type Line = BulkProgress | { readonly summary: BulkProgress };

/** It is sent again only when the server has not begun. The caller may repeat an act that breaks off. */
async function* actOnMany(
  transport: Transport,
  path: string,
  filter: BulkInput | RetryInput,
  options: CallOptions = {},
): AsyncGenerator<BulkProgress, void, undefined> {
  const body = JSON.stringify(filter);
  const call = { method: 'POST', path, body, isRepeatable: false, ...options } as const;
  let hasBegun = false;
  for (let attempt = 0; ; attempt++) {
    try {
      for await (const line of readAnswerLines(transport.stream(call))) {
        hasBegun = true;
        const progress = line as Line;
        if (!('summary' in progress)) yield progress;
        else return yield progress.summary;
      }
      throw new ConnectionError('The answer broke off.');
    } catch (error) {
      const waitMs = hasBegun ? undefined : waitBeforeRetry(error, attempt, false, transport.policy);
      if (waitMs === undefined) throw error;
      await sleep(waitMs, options.signal);
    }
  }
}
