/** How long a process waits for an answer from outside. */
export interface Patience {
  readonly timeoutMs: number;
  /** Whether the answer is here. Then the wait ends without a word. */
  isOver(): boolean;
  /** Called when the answer is late. */
  onLate(): void;
}

/** Short against every time-out, so that a busy process adds little to it. */
const STEP_MS = 100;
/** A step that takes longer than this part of it was not spent in waiting. */
const COUNTED = 1.5;

/**
 * Waits in short steps, and counts only the time in which the process was free to read the answer. A
 * process that calculates for seconds finds all its timers due before it reads what has long arrived.
 */
export function startPatience({ timeoutMs, isOver, onLate }: Patience): void {
  let leftMs = timeoutMs;
  const wait = () => {
    const sinceMs = performance.now();
    const stepMs = Math.min(STEP_MS, leftMs);
    setTimeout(() => {
      if (isOver()) return;
      leftMs -= Math.min(performance.now() - sinceMs, stepMs * COUNTED);
      if (leftMs > 0) return wait();
      // What has arrived is read first.
      setImmediate(() => isOver() || onLate());
    }, stepMs).unref();
  };
  wait();
}
