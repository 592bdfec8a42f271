/** A reading, and how long it counts. */
export interface SharedReading<Reading> {
  readonly reading: Reading;
  /** When a new one may be read, by the monotonic clock of this process, ms. */
  readonly freshUntilMs: number;
}

/** Readings of this process: however many callers ask, it reads again when the last one is old. */
export interface SharedReadings<Reading> {
  /** The last reading, or a new one. Callers at the same time wait for the same one. */
  current(): Promise<SharedReading<Reading>>;
}

export interface SharedReadingsOptions {
  /** How long a reading counts, ms. */
  readonly everyMs?: number;
  /** Tests hold the time still. */
  readonly now?: () => number;
}

const EVERY_MS = 5000;
/** Of the time, a reading takes at most this part: a large installation is read less often. */
const MOST_OF_TIME = 0.1;

export function createSharedReadings<Reading>(
  read: () => Promise<Reading>,
  { everyMs = EVERY_MS, now = () => performance.now() }: SharedReadingsOptions = {},
): SharedReadings<Reading> {
  let last: SharedReading<Reading> | undefined;
  let pending: Promise<SharedReading<Reading>> | undefined;

  async function readAgain(): Promise<SharedReading<Reading>> {
    const startedMs = now();
    const reading = await read();
    const tookMs = now() - startedMs;
    last = { reading, freshUntilMs: startedMs + Math.max(everyMs, tookMs / MOST_OF_TIME) };
    return last;
  }

  return {
    async current() {
      if (last && now() < last.freshUntilMs) return last;
      pending ??= readAgain().finally(() => {
        pending = undefined;
      });
      return await pending;
    },
  };
}
