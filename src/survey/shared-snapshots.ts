/** A snapshot, and how long it counts. */
export interface SharedSnapshot<Snapshot> {
  readonly snapshot: Snapshot;
  /** When a new one may be read, by the monotonic clock of this process, ms. */
  readonly freshUntilMs: number;
}

/** Snapshots of this process: however many callers ask, it reads again when the last one is old. */
export interface SharedSnapshots<Snapshot> {
  /** The last snapshot, or a new one. Callers at the same time wait for the same one. */
  current(): Promise<SharedSnapshot<Snapshot>>;
}

export interface SharedSnapshotsOptions {
  /** How long a snapshot counts, ms. */
  readonly everyMs?: number;
  /** Tests hold the time still. */
  readonly now?: () => number;
}

const EVERY_MS = 5000;
/** Of the time, a snapshot takes at most this part: a large installation is read less often. */
const MOST_OF_TIME = 0.1;

export function createSharedSnapshots<Snapshot>(
  read: () => Promise<Snapshot>,
  { everyMs = EVERY_MS, now = () => performance.now() }: SharedSnapshotsOptions = {},
): SharedSnapshots<Snapshot> {
  let last: SharedSnapshot<Snapshot> | undefined;
  let pending: Promise<SharedSnapshot<Snapshot>> | undefined;

  async function readAgain(): Promise<SharedSnapshot<Snapshot>> {
    const startedMs = now();
    const snapshot = await read();
    const tookMs = now() - startedMs;
    last = { snapshot, freshUntilMs: startedMs + Math.max(everyMs, tookMs / MOST_OF_TIME) };
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
