/** Lets other work of the process go on in the middle of a long calculation. */
export interface Breaths {
  /** Undefined while the calculation may go on; else the caller awaits it first. */
  due(): Promise<void> | undefined;
}

/** Longest calculation in one piece, ms. */
const PIECE_MS = 10;

export function createBreaths(pieceMs = PIECE_MS): Breaths {
  let sinceMs = performance.now();
  const breathe = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    sinceMs = performance.now();
  };
  return { due: () => (performance.now() - sinceMs < pieceMs ? undefined : breathe()) };
}
