/** Lets other work of the process go on in the middle of a long calculation. */
export interface Breaths {
  /** Undefined while the calculation may go on; else the caller awaits it first. */
  due(): Promise<void> | undefined;
}

/** The time that all long calculations of the process share. */
export interface Slices {
  /** The breaths of one calculation. */
  open(): Breaths;
}

/** Longest calculation between two looks of the process at its other work, ms. */
const SLICE_MS = 5;

/**
 * Gives slices of time to calculations in turn, then looks at the other work of the process. Ten batches
 * hold up a request no longer than one batch does.
 */
export function createSlices(sliceMs = SLICE_MS): Slices {
  const waiting: (() => void)[] = [];
  let holder: Breaths | undefined;
  let endsAtMs = 0;
  let isGoing = false;

  const begin = () => {
    endsAtMs = performance.now() + sliceMs;
    giveNext();
  };
  const giveNext = () => {
    const next = waiting.shift();
    holder = undefined;
    isGoing = next !== undefined;
    if (!next) return;
    next();
    // A calculation that needs less leaves the rest of the slice to the next one.
    whenItPauses(() => (performance.now() < endsAtMs ? giveNext() : setImmediate(begin)));
  };

  return {
    open() {
      const own: Breaths = {
        due() {
          if (holder === own && performance.now() < endsAtMs) return undefined;
          return new Promise((resolve) => {
            waiting.push(() => {
              holder = own;
              resolve();
            });
            if (isGoing) return;
            isGoing = true;
            setImmediate(begin);
          });
        },
      };
      return own;
    },
  };
}

/** Node calls `act` when no promise is left that goes on by itself. */
function whenItPauses(act: () => void): void {
  queueMicrotask(() => process.nextTick(act));
}
