import { randomUUID } from 'node:crypto';
import type { ProblemCode } from '../../core/http-errors.ts';
import { type Issue, rejectionCode } from '../../core/issues.ts';
import type { JobKind } from '../../jobs/catalog.ts';
import { type PreparedJob, prepare } from '../../queues/prepare.ts';
import { type Bounds, type Destination, type EntryReport, submit } from '../../queues/submit.ts';
import { createTurns } from '../../queues/turns.ts';
import type { MemoryGuard } from '../../redis/memory-guard.ts';
import type { TenantRegistry } from '../../tenants/registry.ts';
import { type FieldError, fieldErrorOf } from '../pointer.ts';
import { createBreaths } from './breaths.ts';
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
}

interface Ready {
  readonly place: number;
  readonly kind: JobKind;
  readonly jobs: readonly PreparedJob[];
}

/** Items that were checked, without Redis. */
export interface PreparedItems {
  /** The results of items with issues; the places of others are empty. */
  readonly results: ItemResult[];
  readonly waves: readonly Map<JobKind, Ready[]>[];
}

/** Bounds of one request with many jobs. */
export function boundsOf(memory: MemoryGuard): Bounds {
  return { call: randomUUID(), memory, full: new Map(), turns: createTurns() };
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
  { tenants, destination }: Pick<AcceptOptions, 'tenants' | 'destination'>,
): Promise<PreparedItems> {
  const results: ItemResult[] = [];
  const ready: Ready[] = [];
  // To split a long text takes tens of milliseconds.
  const breaths = createBreaths();
  for (const [place, item] of items.entries()) {
    const due = breaths.due();
    if (due) await due;
    const prepared = preparedOf(item, tenants, (tenantId) => destination.keys.partitionOf(tenantId));
    if (prepared.issues) results[place] = rejected(prepared.issues);
    else ready.push({ place, kind: prepared.kind, jobs: prepared.jobs });
  }
  return { results, waves: wavesOf(ready) };
}

/**
 * Puts items into their queues, in few transactions. Jobs of a conversation keep the order of the items.
 * @returns the results in the order of the items.
 */
export async function submitItems(
  { results, waves }: PreparedItems,
  { destination, bounds }: Pick<AcceptOptions, 'destination' | 'bounds'>,
): Promise<ItemResult[]> {
  for (const wave of waves) {
    await Promise.all(
      [...wave].map(async ([kind, entries]) => {
        const wanted = entries.map(({ jobs }, index) => ({ index, jobs }));
        const reports = await submit(destination, kind, wanted, bounds);
        for (const report of reports) {
          const place = entries[report.index]?.place;
          if (place !== undefined) results[place] = resultOf(report);
        }
      }),
    );
  }
  return results;
}

function preparedOf(item: BatchItem, tenants: TenantRegistry, partitionOf: (tenantId: string) => number) {
  if (item.issues) return { issues: item.issues };
  const { kind, input, idempotencyKey, path = '' } = item;
  const prepared = prepare({ kind, index: 0, input, idempotencyKey, tenants, partitionOf });
  return prepared.issues ? { issues: within(path, prepared.issues) } : { kind, jobs: prepared.jobs };
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

export function resultOf(report: EntryReport): ItemResult {
  if (report.status === 'rejected') return rejected(report.errors);
  if (report.status === 'duplicate' && report.isDifferent) {
    return { status: 'rejected', code: 'IDEMPOTENCY_KEY_REUSED' };
  }
  if (report.status === 'refused') return { status: 'refused', code: report.code };
  const { status, jobIds } = report;
  const [id = ''] = jobIds;
  return { status: status === 'duplicate' ? 'replayed' : 'accepted', id, ids: jobIds };
}
