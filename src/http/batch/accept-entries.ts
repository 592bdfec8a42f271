import { randomUUID } from 'node:crypto';
import type { ProblemCode } from '../../core/http-errors.ts';
import { type Issue, rejectionCode } from '../../core/issues.ts';
import type { JobKind } from '../../jobs/catalog.ts';
import { type PreparedJob, prepare } from '../../queues/prepare.ts';
import { type Bounds, type Destination, type EntryReport, submit } from '../../queues/submit.ts';
import { createTurns } from '../../queues/turns.ts';
import type { TenantRegistry } from '../../tenants/registry.ts';
import type { Door } from '../door.ts';
import { type FieldError, fieldErrorOf } from '../pointer.ts';
import type { Breaths } from './breaths.ts';
import { wavesOf } from './waves.ts';

/** One job of a request with many, or its issues. */
export type BatchItem =
  | {
      readonly kind: JobKind;
      readonly input: unknown;
      readonly idempotencyKey?: string;
      /** Where the job stands in what came, such as `data`. */
      readonly path?: string;
      readonly issues?: never;
    }
  | { readonly issues: readonly Issue[] };

/** What became of one job. */
export type ItemResult =
  | { readonly status: 'accepted' | 'replayed'; readonly id: string; readonly ids: readonly string[] }
  | {
      readonly status: 'rejected' | 'refused';
      readonly code: ProblemCode;
      readonly errors?: readonly FieldError[];
    };

export interface AcceptOptions {
  readonly destination: Destination;
  readonly tenants: TenantRegistry;
  /** The same for all items of a request. */
  readonly bounds: Bounds;
  readonly breaths: Breaths;
}

interface Ready {
  readonly place: number;
  readonly kind: JobKind;
  readonly jobs: readonly PreparedJob[];
  /** Where the job stands in what came. */
  readonly path: string;
}

/** Items that were checked, without Redis. */
export interface PreparedItems {
  /** The results of items with issues; the places of others are empty. */
  readonly results: ItemResult[];
  readonly waves: readonly Map<JobKind, Ready[]>[];
}

/** How one request with many jobs shares the process and Redis with others. */
export function sharingOf({
  memory,
  pace,
  slices,
}: Pick<Door, 'memory' | 'pace' | 'slices'>): Pick<AcceptOptions, 'bounds' | 'breaths'> {
  const bounds = { call: randomUUID(), memory, full: new Map<string, number>(), turns: createTurns(), pace };
  return { bounds, breaths: slices.open() };
}

/**
 * Checks items and puts the valid ones into their queues.
 * @returns the results in the order of the items.
 */
export async function acceptItems(
  items: readonly BatchItem[],
  options: AcceptOptions,
): Promise<ItemResult[]> {
  return await submitItems(await prepareItems(items, options), options);
}

/** Checks items. Other requests go on meanwhile. */
export async function prepareItems(
  items: readonly BatchItem[],
  { tenants, destination, breaths }: Pick<AcceptOptions, 'tenants' | 'destination' | 'breaths'>,
): Promise<PreparedItems> {
  const results: ItemResult[] = [];
  const ready: Ready[] = [];
  for (const [place, item] of items.entries()) {
    // To split a long text takes tens of milliseconds.
    const due = breaths.due();
    if (due) await due;
    const prepared = preparedOf(item, tenants, (tenantId) => destination.keys.partitionOf(tenantId));
    if (prepared.issues) results[place] = rejected(prepared.issues);
    else ready.push({ place, ...prepared });
  }
  return { results, waves: wavesOf(ready) };
}

/**
 * Puts items into their queues, in few transactions. Jobs of a conversation keep the order of the items:
 * the turns of the call send the waves one after the other on one connection, and no wave waits for the
 * answer to another. Redis refuses what stands behind a refused job, because all are one call.
 * @returns the results in the order of the items.
 */
export async function submitItems(
  { results, waves }: PreparedItems,
  { destination, bounds }: Pick<AcceptOptions, 'destination' | 'bounds'>,
): Promise<ItemResult[]> {
  const submitted = waves.flatMap((wave) =>
    [...wave].map(async ([kind, entries]) => {
      const wanted = entries.map(({ jobs }, index) => ({ index, jobs }));
      const reports = await submit(destination, kind, wanted, bounds);
      for (const report of reports) {
        const entry = entries[report.index];
        if (entry) results[entry.place] = resultOf(report, entry.path);
      }
    }),
  );
  await Promise.all(submitted);
  return results;
}

function preparedOf(item: BatchItem, tenants: TenantRegistry, partitionOf: (tenantId: string) => number) {
  if (item.issues) return { issues: item.issues };
  const { kind, input, idempotencyKey, path = '' } = item;
  const prepared = prepare({ kind, index: 0, input, idempotencyKey, tenants, partitionOf });
  return prepared.issues ? { issues: within(path, prepared.issues) } : { kind, path, jobs: prepared.jobs };
}

function within(holder: string, issues: readonly Issue[]): readonly Issue[] {
  if (holder === '') return issues;
  return issues.map((issue) => {
    const separator = issue.path === '' || issue.path.startsWith('[') ? '' : '.';
    return { ...issue, path: `${holder}${separator}${issue.path}` };
  });
}

function rejected(issues: readonly Issue[]): ItemResult {
  return { status: 'rejected', code: rejectionCode(issues), errors: issues.map(fieldErrorOf) };
}

/** @param path where the job stands in what came. */
export function resultOf(report: EntryReport, path = ''): ItemResult {
  if (report.status === 'rejected') return rejected(within(path, report.errors));
  if (report.status === 'duplicate' && report.isDifferent) {
    return { status: 'rejected', code: 'IDEMPOTENCY_KEY_REUSED' };
  }
  if (report.status === 'refused') return { status: 'refused', code: report.code };
  const { status, jobIds } = report;
  const [id = ''] = jobIds;
  return { status: status === 'duplicate' ? 'replayed' : 'accepted', id, ids: jobIds };
}
