import type { Issue } from '../core/issues.ts';
import type { Acceptance, Verdict } from '../flow/decisions.ts';
import type { Flow } from '../flow/flow.ts';
import type { JobKind } from '../jobs/catalog.ts';
import { MAX_AHEAD_MS } from '../jobs/conditions.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import type { MemoryGuard } from '../redis/memory-guard.ts';
import { arrivalsOf } from './arrivals.ts';
import { type CrossOver, createCrossOver } from './cross-over.ts';
import type { Crossing } from './crossing.ts';
import { notFormerly } from './known-formerly.ts';
import type { Pace } from './pace.ts';
import type { Prepared, PreparedJob } from './prepare.ts';
import type { Queues } from './queues.ts';
import { createRecall, type Recall } from './recall.ts';
import type { Turn, Turns } from './turns.ts';

/** The result of one entry; `index` counts from 0. */
export type EntryReport = { readonly index: number } & (
  | AcceptedEntry
  | DuplicateEntry
  | RejectedEntry
  | RefusedEntry
);

export interface AcceptedEntry {
  readonly status: 'accepted';
  /** One id, or several when a text was split. */
  readonly jobIds: readonly string[];
}

export interface DuplicateEntry {
  readonly status: 'duplicate';
  readonly jobIds: readonly string[];
  /** The accepted entry with this key has another content; this one was not taken. */
  readonly isDifferent?: true;
}

export interface RejectedEntry {
  readonly status: 'rejected';
  readonly errors: readonly Issue[];
}

/** The entry has no error, and its tenant has no room for it. Nothing of it was accepted. */
export interface RefusedEntry {
  readonly status: 'refused';
  readonly code: 'BACKLOG_FULL';
  readonly tenantId: string;
  /** `limits.maxWaiting` of the tenant. */
  readonly limit: number;
}

/** The call of one entry, as accept.lua knows it. */
export const ONE_ENTRY = 'once';

/** What holds for jobs of producers, and not for jobs that jobs start. */
export interface Bounds {
  /** Name of the call, when it has several batches; else ONE_ENTRY. */
  readonly call: string;
  readonly memory: MemoryGuard;
  /**
   * Tenants that had no room in this call → their limit. Their further entries are refused as well:
   * else a job could overtake a refused one of its conversation.
   */
  readonly full: Map<string, number>;
  /** Of several batches: they are sent in their order, also while one of them loads the script. */
  readonly turns?: Turns;
  /** Of large calls that must leave Redis to small ones in between. */
  readonly pace?: Pace;
}

/** Where a batch goes. */
export interface Destination {
  readonly client: RedisClient;
  readonly flow: Flow;
  readonly queues: Queues;
  readonly keys: Keys;
  readonly crossing: Crossing;
}

/** Jobs per script. Redis serves no other client while it runs. */
const SCRIPT_SIZE = 100;

/**
 * Accepts a batch. Each job gets its sequence number and enters its queue in one script, or does
 * neither. Order and expiry follow the clock of Redis, because the clock of a producer may be wrong.
 *
 * @param bounds without them no limit holds.
 * @throws {RedisFullError}
 */
export async function submit(
  destination: Destination,
  kind: JobKind,
  batch: readonly Prepared[],
  bounds?: Bounds,
): Promise<EntryReport[]> {
  return await Promise.all(await submitEach(destination, kind, batch, bounds));
}

/**
 * The same for entries of several callers: each has a report of its own. The report of a duplicate
 * rejects when Redis does not say whether the accepted entry has the same content. Its caller may
 * enqueue it again, because it has an idempotency key.
 */
export async function submitEach(
  destination: Destination,
  kind: JobKind,
  batch: readonly Prepared[],
  bounds?: Bounds,
): Promise<readonly Promise<EntryReport>[]> {
  const turn = bounds?.turns?.take();
  try {
    const outcomes = await acceptInTurn(destination, kind, batch, { bounds, turn });
    const { client, keys, queues } = destination;
    const recall = createRecall(client, keys, queues, bounds?.pace);
    return batch.map((entry) => reportOf(entry, outcomes, { recall, keys }));
  } finally {
    turn?.end();
  }
}

/** What became of the jobs of a batch. A job of a tenant without room has no verdict. */
interface Outcomes {
  readonly verdicts: ReadonlyMap<PreparedJob, Verdict>;
  /** Tenants without room → their limit. */
  readonly full: ReadonlyMap<string, number>;
  /** Jobs that a partition knows which their tenant has left → that partition. */
  readonly formers: ReadonlyMap<PreparedJob, number>;
}

async function acceptInTurn(
  destination: Destination,
  kind: JobKind,
  batch: readonly Prepared[],
  { bounds, turn }: { readonly bounds: Bounds | undefined; readonly turn: Turn | undefined },
): Promise<Outcomes> {
  const { flow, queues, crossing, client, keys } = destination;
  await Promise.all([queues.ready(), bounds?.memory.check(), turn && flow.prepareAccept()]);
  await turn?.comes;
  const full = bounds?.full ?? new Map<string, number>();
  const outcomes = {
    verdicts: new Map<PreparedJob, Verdict>(),
    full,
    formers: new Map<PreparedJob, number>(),
  };
  const crossOver = createCrossOver(client, keys);
  let entries: (readonly PreparedJob[])[] = batch.flatMap(({ jobs }) => (jobs ? [jobs] : []));
  const place = crossing.enter();
  try {
    await place.begins;
    entries = withoutFull(entries, full);
    await sendAll({ destination, kind, bounds, turn, crossOver }, entries, outcomes);
    for (let round = 1; ; round++) {
      entries = entries.filter(([first]) => first && outcomes.verdicts.get(first) === 'moved');
      if (entries.length === 0) return outcomes;
      await place.hold();
      await crossOver.catchUp(new Set(entries.map(tenantOf)), round);
      entries = withoutFull(entries, full);
      await sendAll({ destination, kind, bounds, turn, crossOver }, entries, outcomes);
    }
  } finally {
    place.leave();
  }
}

/** After a refusal the call gets no more jobs of the tenant in: none may overtake the refused one. */
function withoutFull(
  entries: (readonly PreparedJob[])[],
  full: ReadonlyMap<string, number>,
): (readonly PreparedJob[])[] {
  return entries.filter((jobs) => !full.has(tenantOf(jobs)));
}

/** How a batch is sent. */
interface Sending {
  readonly destination: Destination;
  readonly kind: JobKind;
  readonly bounds: Bounds | undefined;
  readonly turn: Turn | undefined;
  readonly crossOver: CrossOver;
}

async function sendAll(
  { destination, kind, bounds, turn, crossOver }: Sending,
  entries: readonly (readonly PreparedJob[])[],
  {
    verdicts,
    full,
    formers,
  }: { verdicts: Map<PreparedJob, Verdict>; full: Map<string, number>; formers: Map<PreparedJob, number> },
): Promise<void> {
  const { client, keys } = destination;
  if (keys.layout.state.raising !== undefined) await crossOver.prepare(new Set(entries.map(tenantOf)));
  const unknown = await notFormerly(destination, entries, formers);
  const partitions = Map.groupBy(unknown, (jobs) => keys.partitionOf(tenantOf(jobs)));
  const parts = [...partitions.values()].flatMap(slices);
  const send = (jobs: readonly PreparedJob[]) => {
    const act = () => accept(destination, kind, jobs, bounds?.call);
    return bounds?.pace ? bounds.pace.accept(jobs.length, act) : act();
  };
  // Jobs of a lane keep the order of the batch. One connection sends the parts in order. A cluster may
  // send a part again, to another node, and the next one must not be there first.
  const accepted = client.isCluster ? await oneByOne(parts, send) : await together(parts, send, turn);
  accepted.forEach(({ verdicts: own, limits }, part) => {
    for (const [tenantId, limit] of limits) full.set(tenantId, limit);
    for (const [index, job] of parts[part]?.entries() ?? []) verdicts.set(job, own[index] ?? 'duplicate');
  });
  for (const jobs of entries) {
    if (jobs[0] && formers.has(jobs[0])) for (const job of jobs) verdicts.set(job, 'duplicate');
  }
}

async function together(
  parts: readonly PreparedJob[][],
  send: (jobs: readonly PreparedJob[]) => Promise<Acceptance>,
  turn: Turn | undefined,
): Promise<Acceptance[]> {
  const sent = parts.map(send);
  turn?.end();
  return await Promise.all(sent);
}

async function oneByOne(
  parts: readonly PreparedJob[][],
  send: (jobs: readonly PreparedJob[]) => Promise<Acceptance>,
): Promise<Acceptance[]> {
  const accepted: Acceptance[] = [];
  for (const part of parts) accepted.push(await send(part));
  return accepted;
}

async function accept(
  { flow, queues, keys }: Destination,
  kind: JobKind,
  jobs: readonly PreparedJob[],
  call: string | undefined,
): Promise<Acceptance> {
  const queue = queues.of(kind, tenantOf(jobs));
  return await flow.accept({ ...arrivalsOf(queue, kind, jobs, keys.seal), call });
}

async function reportOf(
  { index, issues, jobs }: Prepared,
  { verdicts, full, formers }: Outcomes,
  { recall, keys }: { readonly recall: Recall; readonly keys: Keys },
): Promise<EntryReport> {
  if (issues) return { index, status: 'rejected', errors: issues };
  // An entry that no partition has taken comes behind a refused one of its tenant.
  const all = jobs
    .map((job) => verdicts.get(job) ?? 'refused')
    .map((verdict) => (verdict === 'moved' ? 'refused' : verdict));
  const jobIds = jobs.map(({ ref }) => ref.jobId);
  if (all.some((verdict) => typeof verdict === 'number')) return { index, status: 'accepted', jobIds };
  if (all[0] === 'expired') return { index, status: 'rejected', errors: [EXPIRED] };
  if (all[0] === 'too far') return { index, status: 'rejected', errors: [TOO_FAR] };
  if (all[0] === 'refused') {
    const tenantId = tenantOf(jobs);
    return { index, status: 'refused', code: 'BACKLOG_FULL', tenantId, limit: full.get(tenantId) ?? 0 };
  }
  // A guess would tell the caller that Redis has an entry that it does not have.
  const partition = jobs[0] && (formers.get(jobs[0]) ?? keys.partitionOf(jobs[0].tenantId));
  const isDifferent = await keys.within(partition ?? 0, () => recall.isDifferent(jobs));
  return { index, status: 'duplicate', jobIds, ...(isDifferent && { isDifferent }) };
}

const EXPIRED = { path: 'expiresAt', message: 'expected a time in the future, got one that has passed' };
const TOO_FAR = {
  path: 'sendAt',
  message: `expected a time at most ${MAX_AHEAD_MS / 86_400_000} days ahead, got a later one`,
};

function tenantOf([first]: readonly PreparedJob[]): string {
  return first?.tenantId ?? '';
}

/** Splits entries into scripts. Parts of one entry stay together. */
function slices(entries: readonly (readonly PreparedJob[])[]): PreparedJob[][] {
  const all: PreparedJob[][] = [];
  for (const jobs of entries) {
    const last = all.at(-1);
    if (last && last.length + jobs.length <= SCRIPT_SIZE) last.push(...jobs);
    else all.push([...jobs]);
  }
  return all;
}
