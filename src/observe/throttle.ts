/** Says of many near-equal events which ones are to be told. */
export interface Throttle {
  /**
   * @returns undefined where this one is not to be told; else how many of its kind came since the last one that was told.
   */
  admit(kind: string): number | undefined;
}

/** Kinds that are remembered at the same time; more of them than this are no kinds. */
const MAX_KINDS = 200;

/** Lets the first of each kind pass, and then one in so many ms. */
export function createThrottle(everyMs: number, now: () => number = () => performance.now()): Throttle {
  const kinds = new Map<string, { toldAtMs: number; suppressed: number }>();
  return {
    admit(kind) {
      const known = kinds.get(kind);
      if (known && now() - known.toldAtMs < everyMs) {
        known.suppressed++;
        return undefined;
      }
      if (!known && kinds.size >= MAX_KINDS) kinds.clear();
      kinds.set(kind, { toldAtMs: now(), suppressed: 0 });
      return known?.suppressed ?? 0;
    },
  };
}

/** A text without what differs from one event to the next: ids, numbers, digests. */
export function kindOf(text: string): string {
  return text.replace(/[\w-]*\d[\w-]*/g, '#');
}
