/** The time of the channel, and everything that waits for a moment of it. */
export interface Timeline {
  now(): number;
  /**
   * Calls `act` at a moment; at once, if the moment is over and nothing else waits for an earlier
   * one. Acts of the same moment keep their order.
   * @returns a function that takes the act back
   */
  at(dueAtMs: number, act: () => void): () => void;
  after(delayMs: number, act: () => void): () => void;
  /** Moves the time on. Everything that is due then happens before this returns. */
  advance(ms: number): void;
  /** Forgets everything that waits, and how far the time was moved on. */
  reset(): void;
}

interface Entry {
  readonly dueAtMs: number;
  readonly act: () => void;
}

/** A timer of Node takes no longer wait than about 24 days. */
const MAX_TIMER_MS = 86_400_000;
/** A clock of a test moves without a notice, so the timeline has to look at it. */
const FOREIGN_CLOCK_MS = 5;

/**
 * A timeline over a clock. It has one timer, which ends when `closing` is aborted. So a sandbox that
 * has closed keeps no process alive.
 */
export function createTimeline(clock: () => number, closing: AbortSignal): Timeline {
  const longestTimerMs = clock === Date.now ? MAX_TIMER_MS : FOREIGN_CLOCK_MS;
  let offsetMs = 0;
  /** By moment, then by arrival. */
  let entries: Entry[] = [];
  let timer: NodeJS.Timeout | undefined;
  closing.addEventListener('abort', clear, { once: true });

  const now = () => clock() + offsetMs;

  function clear(): void {
    clearTimeout(timer);
    timer = undefined;
    entries = [];
  }

  function run(): void {
    for (let next = entries[0]; next !== undefined && next.dueAtMs <= now(); next = entries[0]) {
      entries.shift();
      next.act();
    }
    arm();
  }

  function arm(): void {
    clearTimeout(timer);
    timer = undefined;
    const [next] = entries;
    if (next === undefined || closing.aborted) return;
    // Rounded up: a timer that fires within the millisecond before would find nothing due.
    const waitMs = Math.ceil(Math.max(0, next.dueAtMs - now()));
    timer = setTimeout(run, Math.min(waitMs, longestTimerMs));
  }

  function at(dueAtMs: number, act: () => void): () => void {
    const isFirst = entries[0] === undefined || entries[0].dueAtMs > dueAtMs;
    if (isFirst && dueAtMs <= now()) {
      act();
      return () => {};
    }
    const entry = { dueAtMs, act };
    const place = entries.findLastIndex((each) => each.dueAtMs <= dueAtMs) + 1;
    entries.splice(place, 0, entry);
    if (place === 0) arm();
    return () => {
      entries = entries.filter((each) => each !== entry);
    };
  }

  return {
    now,
    at,
    after: (delayMs, act) => at(now() + delayMs, act),
    advance(ms) {
      offsetMs += ms;
      run();
    },
    reset() {
      clear();
      offsetMs = 0;
    },
  };
}
