import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { layoutVersion, readLayout } from '../redis/layout-store.ts';
import { alone, type Crossing } from './crossing.ts';

export interface FollowOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly crossing: Crossing;
}

/** Keeps the layout of this process like that in Redis. */
export interface LayoutFollower {
  /** Reads the layout if Redis has another one. */
  look(): Promise<void>;
  stop(): void;
}

const EVERY_MS = 1000;

/** Looks every second. A process that sends nothing else so learns of moves and of new partitions. */
export function followLayout({ client, keys, crossing }: FollowOptions): LayoutFollower {
  let looking: Promise<void> | undefined;

  async function read(): Promise<void> {
    const version = await layoutVersion(client, keys);
    if (version === undefined || version === keys.layout.state.version) return;
    const state = await readLayout(client, keys);
    if (state) await alone(crossing, () => keys.layout.replace(state));
  }

  const look = () => {
    looking ??= read().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  // The connection reports that Redis is away.
  const timer = setInterval(() => void look().catch(() => {}), EVERY_MS);
  timer.unref();
  return { look, stop: () => clearInterval(timer) };
}
