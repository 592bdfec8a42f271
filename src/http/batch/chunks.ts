import { setTimeout as delay } from 'node:timers/promises';

export interface ChunkLimits {
  readonly maxItems: number;
  /** Longest wait for more items of a chunk, ms. */
  readonly waitMs: number;
  /** Most weight of a chunk; its last item may exceed it. */
  readonly maxWeight?: number;
  /** The weight of all items so far. */
  readonly weight?: () => number;
}

const LATE = Symbol('late');

/**
 * Gathers the items of a source: as many as come quickly, so that a fast sender gets large transactions,
 * and a slow one its answers at once. When the source fails, its earlier items come first.
 */
export async function* chunksOf<Item>(
  items: AsyncIterable<Item>,
  { maxItems, waitMs, maxWeight = Number.POSITIVE_INFINITY, weight = () => 0 }: ChunkLimits,
): AsyncGenerator<Item[]> {
  const iterator = items[Symbol.asyncIterator]();
  let next = settled(iterator);
  try {
    for (;;) {
      const chunk: Item[] = [];
      const before = weight();
      let came: Settled<Item> | typeof LATE = await next;
      using timer = lateness(waitMs);
      while (came !== LATE && 'value' in came) {
        chunk.push(came.value);
        next = settled(iterator);
        if (chunk.length >= maxItems || weight() - before >= maxWeight) break;
        came = await Promise.race([next, timer.late]);
      }
      if (chunk.length > 0) yield chunk;
      if (came === LATE || 'value' in came) continue;
      if ('error' in came) throw came.error;
      return;
    }
  } finally {
    // Not awaited: a source that hangs would block here too.
    void iterator.return?.();
  }
}

export type Settled<Item> =
  | { readonly value: Item }
  | { readonly error: unknown }
  | { readonly isDone: true };

/** The next item. It never rejects, because the chunk before it may have to be given out first. */
export async function settled<Item>(iterator: AsyncIterator<Item>): Promise<Settled<Item>> {
  try {
    const next = await iterator.next();
    return next.done ? { isDone: true } : { value: next.value };
  } catch (error) {
    return { error };
  }
}

function lateness(waitMs: number): Disposable & { readonly late: Promise<typeof LATE> } {
  const timer = new AbortController();
  const late = delay(waitMs, LATE, { signal: timer.signal }).catch(() => LATE as typeof LATE);
  return { late: late as Promise<typeof LATE>, [Symbol.dispose]: () => timer.abort() };
}
