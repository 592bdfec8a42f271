import type { Job } from 'bullmq';
import { jobIdOf } from '../core/ids.ts';
import { possibleJobsOf } from '../flow/notation.ts';
import { CATALOG, JOB_KINDS, type JobKind } from '../jobs/catalog.ts';
import { envelope } from '../jobs/envelope.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { type Page, type PageParts, placesOf, readPage } from './index-pages.ts';
import { isJobId } from './job-id.ts';
import { readJob } from './job-list.ts';
import { type JobView, tenantIdOf, viewOf } from './job-view.ts';
import type { Queues } from './queues.ts';

/** What of a job the text is. */
export const FOUND_BY = ['job', 'idempotency-key', 'conversation', 'guest', 'trace', 'correlation'] as const;

export type FoundBy = (typeof FOUND_BY)[number];

export interface Found {
  readonly by: FoundBy;
  readonly job: JobView;
}

/** A job that has ended, and that the ledger alone still knows. */
export interface ForgottenJob {
  readonly jobId: string;
  readonly kind: JobKind;
  /** The first word of its ledger entry: how it ended. */
  readonly ending: string;
}

export interface SearchPage {
  readonly found: readonly Found[];
  readonly forgotten: readonly ForgottenJob[];
  /** Jobs of the index whose guest, trace and correlation id were compared. */
  readonly seen: number;
  /** Where the next page goes on to compare. Null when all jobs of the tenant are compared. */
  readonly cursor: string | null;
}

export interface SearchRequest {
  readonly tenantId: string;
  /**
   * The id of a job, a conversation or a guest, an idempotency key, a trace id or `traceparent`, or the id by
   * which Genesys Cloud finds a request that failed.
   */
  readonly text: string;
  /** From the page before. */
  readonly cursor?: string | undefined;
}

export interface SearchParts extends PageParts {
  readonly client: RedisClient;
  readonly queues: Queues;
  readonly keys: Keys;
}

/** Jobs of a tenant that one page compares. No index knows guests, traces and correlation ids. */
export const COMPARED = 1000;
/** Jobs of a conversation that a page finds, the newest ones. The route of conversations has all. */
const OF_CONVERSATION = 100;
/** Jobs of one idempotency key that a page finds: parts of a split text. */
const MAX_PARTS = 20;

/**
 * Finds jobs of a tenant by what an operator has at hand. The first page looks up what keys and indexes of
 * Redis know: job, idempotency key, conversation. Each page compares the fields of a bounded number of jobs,
 * newest first.
 */
export function createSearch(parts: SearchParts): (request: SearchRequest) => Promise<SearchPage> {
  return async (request) => {
    const { cursor } = request;
    const lookedUp = cursor === undefined ? await lookUp(parts, request) : { found: [], forgotten: [] };
    const page = await readPage(parts, { filter: request, cursor, limit: COMPARED, order: 'newest' });
    return {
      found: eachOnce([...lookedUp.found, ...(await compare(parts, request, page))]),
      forgotten: lookedUp.forgotten,
      seen: page.seen,
      cursor: page.cursor,
    };
  };
}

/** A job that was found in several ways is there once, for the first of them. */
function eachOnce(found: readonly Found[]): Found[] {
  const byId = new Map<string, Found>();
  for (const each of found) if (!byId.has(each.job.jobId)) byId.set(each.job.jobId, each);
  return [...byId.values()];
}

async function lookUp(
  parts: SearchParts,
  request: SearchRequest,
): Promise<Pick<SearchPage, 'found' | 'forgotten'>> {
  const { tenantId, text } = request;
  const keyed = CONTROLLED.map((kind) => ({ kind, jobId: jobIdOf(kind, tenantId, text) }));
  const [byId, byKey, ofConversation] = await Promise.all([
    Promise.all(JOB_KINDS.map((kind) => readOwn(parts, request, kind, text))),
    Promise.all(keyed.map(({ kind, jobId }) => partsOf(parts, request, kind, jobId))),
    conversationOf(parts, request),
  ]);
  const named = (by: FoundBy) => (job: JobView) => ({ by, job });
  const present = byId.filter((view) => view !== undefined);
  const gone = keyed.filter((_, at) => byKey[at]?.length === 0);
  if (present.length === 0) gone.push(...CONTROLLED.map((kind) => ({ kind, jobId: text })));
  return {
    found: [
      ...present.map(named('job')),
      ...byKey.flat().map(named('idempotency-key')),
      ...ofConversation.map(named('conversation')),
    ],
    forgotten: (await Promise.all(gone.map((each) => inLedger(parts, request, each)))).flat(),
  };
}

/** Kinds with a lane and a ledger entry. */
const CONTROLLED = JOB_KINDS.filter((kind) => CATALOG[kind].kindCode !== null);

/** A job by its id, if the tenant has it. */
async function readOwn(
  { queues, keys }: SearchParts,
  { tenantId }: SearchRequest,
  kind: JobKind,
  jobId: string,
): Promise<JobView | undefined> {
  const places = placesOf(keys, tenantId, 'newest');
  const [first = 0] = places;
  if (!isJobId(jobId, queues.at(kind, first).keys)) return undefined;
  const found = await readJob(queues, places, kind, jobId);
  if (!found || tenantIdOf(found.job) !== tenantId) return undefined;
  return await viewOf(kind, found.job, found.state);
}

/** The jobs of an entry: the further parts of a split text have the number behind the id. */
async function partsOf(
  parts: SearchParts,
  request: SearchRequest,
  kind: JobKind,
  jobId: string,
): Promise<JobView[]> {
  const views: JobView[] = [];
  for (let part = 1; part <= MAX_PARTS; part++) {
    const view = await readOwn(parts, request, kind, part === 1 ? jobId : `${jobId}-${part}`);
    if (!view) break;
    views.push(view);
  }
  return views;
}

async function conversationOf(parts: SearchParts, { tenantId, text }: SearchRequest): Promise<JobView[]> {
  const filter = { tenantId, lane: text };
  const page = await readPage(parts, { filter, limit: OF_CONVERSATION, order: 'newest' });
  const places = placesOf(parts.keys, tenantId, 'newest');
  const views = page.entries.map(async ({ kind, jobId }) => {
    const found = await readJob(parts.queues, places, kind, jobId);
    return found && (await viewOf(kind, found.job, found.state));
  });
  return (await Promise.all(views)).filter((view) => view !== undefined);
}

async function inLedger(
  { client, keys }: SearchParts,
  { tenantId }: SearchRequest,
  { kind, jobId }: { readonly kind: JobKind; readonly jobId: string },
): Promise<ForgottenJob[]> {
  if (!isJobId(jobId, {})) return [];
  const [job = ''] = possibleJobsOf(kind, jobId);
  for (const place of [...keys.layout.placesOf(tenantId), ...keys.layout.formersOf(tenantId)]) {
    const entry = await keys.within(place, () => client.get(keys.ledger(tenantId, job)));
    const ending = /^(sent|failed|expired|cancelled|removed) /.exec(entry ?? '')?.[1];
    if (ending !== undefined) return [{ jobId, kind, ending }];
  }
  return [];
}

/** The jobs of a page with the text as their guest, trace or correlation id. */
async function compare(parts: SearchParts, { text }: SearchRequest, page: Page): Promise<Found[]> {
  const found = page.entries.map(async ({ kind, jobId }) => {
    const job = await parts.queues.at(kind, page.partition).getJob(jobId);
    const by = job && whatIs(text, job);
    return by && job ? { by, job: await viewOf(kind, job) } : undefined;
  });
  return (await Promise.all(found)).filter((each) => each !== undefined);
}

/** What of a job the text is; undefined for nothing of it. */
export function whatIs(
  text: string,
  job: Pick<Job, 'data' | 'failedReason' | 'stacktrace'>,
): FoundBy | undefined {
  const { data } = envelope.safeParse(job.data);
  const { guestId, traceparent } = data?.payload ?? {};
  if (guestId === text) return 'guest';
  if (typeof traceparent === 'string' && traceparent.split('-')[1] === traceIdIn(text)) return 'trace';
  const said = [job.failedReason, ...(job.stacktrace ?? [])];
  const isIn = said.some((each) => typeof each === 'string' && each.includes(`(correlation id ${text})`));
  return isIn ? 'correlation' : undefined;
}

/** The trace id of a `traceparent`, or the text itself. */
function traceIdIn(text: string): string {
  return (/^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(text)?.[1] ?? text).toLowerCase();
}
