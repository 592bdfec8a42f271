import type { JobKind } from '../../jobs/catalog.ts';
import type { PreparedJob } from '../../queues/prepare.ts';

/** An entry of a batch, ready to be submitted. */
export interface ReadyEntry {
  readonly kind: JobKind;
  readonly jobs: readonly PreparedJob[];
}

/**
 * Divides entries into waves, each with its entries by kind. Kinds go in different transactions, and
 * cards and messages of one conversation share an order. So an entry goes in a later wave than an
 * earlier one of its lane with another kind. Most batches have one wave; lines that change their kind one by
one have a wave each.
 */
export function wavesOf<Entry extends ReadyEntry>(entries: readonly Entry[]): Map<JobKind, Entry[]>[] {
  const waves: Map<JobKind, Entry[]>[] = [];
  const last = new Map<string, { readonly kind: JobKind; readonly wave: number }>();
  for (const entry of entries) {
    const lane = laneOf(entry);
    const before = lane === undefined ? undefined : last.get(lane);
    const wave = before === undefined ? 0 : before.wave + Number(before.kind !== entry.kind);
    if (lane !== undefined) last.set(lane, { kind: entry.kind, wave });
    waves[wave] ??= new Map();
    const ofKind = waves[wave].get(entry.kind) ?? [];
    waves[wave].set(entry.kind, ofKind);
    ofKind.push(entry);
  }
  return waves;
}

function laneOf({ jobs: [first] }: ReadyEntry): string | undefined {
  const { tenantId, lane } = first?.ref ?? {};
  return lane === null || lane === undefined ? undefined : `${tenantId} ${lane}`;
}
