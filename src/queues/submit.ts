import type { Issue } from '../core/issues.ts';
import type { Acceptance } from '../flow/decisions.ts';
import type { Flow } from '../flow/flow.ts';
import { parkMs } from '../flow/parking.ts';
import { CATALOG, type JobKind } from '../jobs/catalog.ts';
import type { Envelope } from '../jobs/envelope.ts';
import type { RedisClient } from '../redis/connect.ts';
import { isDemotion } from '../redis/failure.ts';
import type { Keys } from '../redis/keys.ts';
import type { MemoryGuard } from '../redis/memory-guard.ts';
import { redisTimeMs } from '../redis/redis-time.ts';
import { type Transaction, withScripts } from '../redis/script.ts';
import { refuseExpired } from './already-expired.ts';
import { insert } from './insert.ts';
import { jobOptions } from './job-options.ts';
import type { Prepared, PreparedJob } from './prepare.ts';
import type { Queues } from './queues.ts';
import { createRecall } from './recall.ts';
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

/** What holds for jobs of producers, and not for jobs that jobs start. */
export interface Bounds {
  /** Name of the call, when it has several batches; else `once`. */
  readonly call: string;
  readonly memory: MemoryGuard;
  /**
   * Tenants that had no room in this call → their limit. Their further entries are refused as well:
   * else a job could overtake a refused one of its conversation.
   */
  readonly full: Map<string, number>;
  /** Batches of a call are sent in their order, also while one of them loads the scripts. */
  readonly turns: Turns;
}

/** Where a batch goes. */
export interface Destination {
  readonly client: RedisClient;
  readonly flow: Flow;
  readonly queues: Queues;
  readonly keys: Keys;
}

/** Jobs per transaction. Redis serves no other client while it runs. */
const TRANSACTION_SIZE = 100;

/**
 * Accepts a batch. Each job gets its sequence number and enters its queue in one transaction, or
 * does neither.
 *
 * @param bounds without them no limit holds.
 * @throws {RedisFullError}
 */
export async function submit(
  destination: Destination,
  kind: JobKind,
  wanted: readonly Prepared[],
  bounds?: Bounds,
): Promise<EntryReport[]> {
  const turn = bounds?.turns.take();
  try {
    return await submitInTurn(destination, kind, wanted, bounds, turn);
  } finally {
    turn?.end();
  }
}

async function submitInTurn(
  destination: Destination,
  kind: JobKind,
  wanted: readonly Prepared[],
  bounds: Bounds | undefined,
  turn: Turn | undefined,
): Promise<EntryReport[]> {
  const { client, keys, queues } = destination;
  const recall = createRecall(client, keys, queues);
  // Order and expiry follow the clock of Redis, because the clock of a producer may be wrong.
  const [acceptedAtMs] = await Promise.all([redisTimeMs(client), queues.ready(), bounds?.memory.check()]);
  const batch = await refuseExpired(wanted, acceptedAtMs, recall);
  const full = bounds?.full ?? new Map<string, number>();
  const entries = batch.flatMap(({ jobs }) => (jobs && !full.has(tenantOf(jobs)) ? [jobs] : []));
  const sent = new Set(entries.flat());
  const partitions = Map.groupBy(entries, (jobs) => keys.partitionOf(tenantOf(jobs)));
  await turn?.comes;
  const parts = [...partitions.values()].flatMap(slices);
  let unsent = parts.length;
  const onSent = () => {
    if (--unsent === 0) turn?.end();
  };
  // Sent in order on one connection, so jobs of a lane keep the order of the batch.
  const terms = { acceptedAtMs, bounds, onSent };
  const accepted = await Promise.all(parts.map((slice) => accept(destination, kind, slice, terms)));
  const fresh = new Set(accepted.flatMap((each) => each.fresh));
  const refused = new Set(accepted.flatMap((each) => each.refused));
  return await Promise.all(
    batch.map(async ({ index, issues, jobs: own }): Promise<EntryReport> => {
      if (issues) return { index, status: 'rejected', errors: issues };
      const jobIds = own.map(({ ref }) => ref.jobId);
      const tenantId = tenantOf(own);
      const limit = full.get(tenantId);
      if (limit !== undefined && !own.some((job) => sent.has(job) && !refused.has(job))) {
        return { index, status: 'refused', code: 'BACKLOG_FULL', tenantId, limit };
      }
      if (own.some((job) => fresh.has(job))) return { index, status: 'accepted', jobIds };
      // The jobs are accepted even if this look-up fails: the caller must not enqueue them again.
      const isDifferent = await recall.isDifferent(own).catch(() => false);
      return { index, status: 'duplicate', jobIds, ...(isDifferent && { isDifferent }) };
    }),
  );
}

/**
 * Runs one transaction: flow control accepts the jobs, and BullMQ inserts them, delayed far into
 * the future. Then it wakes the jobs whose turn it is. After a crash in between, the reconciler
 * wakes them some seconds later. A duplicate that was inserted has ended already when it is due.
 *
 * @returns the new jobs, and those that were refused.
 */
async function accept(
  destination: Destination,
  kind: JobKind,
  jobs: readonly PreparedJob[],
  terms: Terms,
): Promise<{ fresh: PreparedJob[]; refused: PreparedJob[] }> {
  const { client, queues } = destination;
  const { sequences, wakes, limits } = await withScripts(client, () =>
    transact(destination, kind, jobs, terms),
  );
  for (const [tenantId, limit] of limits) terms.bounds?.full.set(tenantId, limit);
  const strays = jobs.filter((_, index) => sequences[index] === STRAY);
  // The jobs are accepted. A Redis that fails now must not make the caller enqueue them again.
  await Promise.allSettled([queues.wake(wakes), removeStrays(queues, kind, strays)]);
  return {
    fresh: jobs.filter((_, index) => (sequences[index] ?? 0) > 0),
    refused: jobs.filter((_, index) => sequences[index] === REFUSED),
  };
}

interface Terms {
  readonly acceptedAtMs: number;
  readonly bounds: Bounds | undefined;
  /** Called when the commands of a transaction are on their way. */
  readonly onSent: () => void;
}

async function transact(
  { client, flow, queues }: Destination,
  kind: JobKind,
  jobs: readonly PreparedJob[],
  { acceptedAtMs, bounds, onSent }: Terms,
): Promise<Acceptance> {
  const transaction = client.multi();
  const refs = jobs.map(({ ref }) => ref);
  const readAcceptance = flow.accept(transaction, kind, refs, bounds?.call);
  for (const { ref, payload, parentId } of jobs) {
    const queue = queues.of(kind, ref.tenantId);
    const data: Envelope = { tenantId: ref.tenantId, payload };
    insert(transaction, queue, {
      name: CATALOG[kind].nameOf(payload),
      data,
      opts: {
        ...jobOptions(ref.jobId, { delayMs: parkMs(payload, acceptedAtMs) }),
        timestamp: acceptedAtMs,
        // The parent has its result. Kept, it would push out jobs that callers enqueued.
        ...(parentId !== undefined && { removeOnComplete: true }),
      },
      parentId,
    });
  }
  if (bounds) flow.afterInsertion(transaction, refs);
  const reply = run(client, transaction, jobs.length + (bounds ? 2 : 1));
  onSent();
  return readAcceptance(await reply);
}

const STRAY = -1;
const REFUSED = -2;

/** Removes inserted duplicates: the ledger knows them, and BullMQ does not know them any more. */
async function removeStrays(queues: Queues, kind: JobKind, jobs: readonly PreparedJob[]): Promise<void> {
  await Promise.all(jobs.map(({ ref }) => queues.of(kind, ref.tenantId).remove(ref.jobId)));
}

/**
 * @returns the reply of the first command, when all commands were carried out. @throws the error of
 * one that was not.
 */
async function run(client: RedisClient, transaction: Transaction, commands: number): Promise<unknown> {
  const replies = (await execute(transaction)) ?? [];
  for (const [error] of replies) {
    // Within a transaction the client does not notice a demoted server by itself.
    if (isDemotion(error)) client.disconnect(true);
    if (error) throw error;
  }
  if (replies.length !== commands)
    throw new Error(`${replies.length} of ${commands} commands were carried out`);
  return replies[0]?.[1];
}

/**
 * EXECABORT does not say why a transaction was discarded. The error of the first refused command
 * does.
 */
async function execute(transaction: Transaction): ReturnType<Transaction['exec']> {
  try {
    return await transaction.exec();
  } catch (error) {
    const { previousErrors } = error as { previousErrors?: readonly Error[] };
    throw previousErrors?.[0] ?? error;
  }
}

function tenantOf([first]: readonly PreparedJob[]): string {
  return first?.tenantId ?? '';
}

/** Splits entries into transactions. Parts of one entry stay together. */
function slices(entries: readonly (readonly PreparedJob[])[]): PreparedJob[][] {
  const all: PreparedJob[][] = [];
  for (const jobs of entries) {
    const last = all.at(-1);
    if (last && last.length + jobs.length <= TRANSACTION_SIZE) last.push(...jobs);
    else all.push([...jobs]);
  }
  return all;
}
