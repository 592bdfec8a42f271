import type { Clock } from '../core/clock.ts';

/** Values that were read from Redis a moment ago, by id. */
export interface RecentReads<Value> {
  /** Reads a value, unless it was read lately. Callers at the same time share one read. */
  of(id: string): Promise<Value>;
  /** The next caller reads the value again. */
  forget(id: string): void;
}

export interface RecentReadsOptions<Value> {
  readonly read: (id: string) => Promise<Value>;
  readonly clock: Clock;
  /** Longest age of a value, measured from the start of its read. */
  readonly maxAgeMs: number;
  /** Callers choose the ids, so their number is bounded. The oldest value goes first. */
  readonly maxEntries: number;
}

interface Entry<Value> {
  readonly startedMs: number;
  readonly value: Promise<Value>;
}

export function createRecentReads<Value>(options: RecentReadsOptions<Value>): RecentReads<Value> {
  const { read, clock, maxAgeMs, maxEntries } = options;
  /** The oldest entry is the first. */
  const entries = new Map<string, Entry<Value>>();

  const isFresh = ({ startedMs }: Entry<Value>, nowMs: number) => {
    const ageMs = nowMs - startedMs;
    // A clock that was set back must not keep a value for ever.
    return ageMs >= 0 && ageMs < maxAgeMs;
  };

  return {
    of(id) {
      const nowMs = clock.now();
      const known = entries.get(id);
      if (known && isFresh(known, nowMs)) return known.value;
      const entry = { startedMs: nowMs, value: read(id) };
      entries.delete(id);
      entries.set(id, entry);
      // A failed read is no value. The callers that share it get its error.
      entry.value.catch(() => {
        if (entries.get(id) === entry) entries.delete(id);
      });
      const [oldest] = entries.keys();
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
      return entry.value;
    },
    forget(id) {
      entries.delete(id);
    },
  };
}
