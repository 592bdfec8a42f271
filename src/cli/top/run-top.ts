import { setTimeout as delay } from 'node:timers/promises';
import { isRedisFailure } from '../../redis/failure.ts';
import { type Overview, overviewOf, type Snapshot } from '../../survey/overview.ts';
import { createSharedSnapshots } from '../../survey/shared-snapshots.ts';
import { printJson, remark } from '../output.ts';
import { openScreen, type Screen } from './screen.ts';
import { topLines } from './top-lines.ts';

export interface TopOptions {
  /** Looks at Redis once. */
  readonly read: () => Promise<Snapshot>;
  /** The tenants that are shown. */
  readonly tenantIds: () => readonly string[];
  readonly everyMs: number;
  readonly isOnce: boolean;
  readonly isJson: boolean;
  readonly stream: Screen;
  /** Ends the loop; without it the process ends it. */
  readonly signal?: AbortSignal;
}

/** Longest wait before the next look while Redis is away, ms. */
const AWAY_MS = 1000;

/**
 * Shows the overview, again and again until the process ends. Redis may be away for a while.
 * @throws the failure of the first look.
 */
export async function runTop(options: TopOptions): Promise<void> {
  const { read, tenantIds, everyMs, isOnce, isJson, stream, signal } = options;
  const snapshots = createSharedSnapshots(read, { everyMs });
  const screen = openScreen(stream);
  const show = (overview: Overview) => {
    if (isJson) return printJson(overview);
    const { isTTY, rows } = stream;
    screen.show(topLines(overview, isTTY && !isOnce && rows ? { rows } : undefined));
  };

  let hasShown = false;
  while (!signal?.aborted) {
    let waitMs = Math.min(AWAY_MS, everyMs);
    try {
      const { snapshot, freshUntilMs } = await snapshots.current();
      show(overviewOf(snapshot, tenantIds(), true));
      hasShown = true;
      waitMs = Math.max(0, freshUntilMs - performance.now());
    } catch (error) {
      if (isOnce || !hasShown || !isRedisFailure(error)) throw error;
      remark('Redis does not answer; the next overview comes when it is back');
    }
    if (isOnce) return;
    await delay(waitMs, undefined, { signal }).catch(() => {});
  }
}
