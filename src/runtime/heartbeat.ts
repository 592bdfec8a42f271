import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';

/** Says that this process lives, and knows of others whether they do. */
export interface Heartbeat {
  /** @see processName */
  readonly name: string;
  /** How long a process that has died is taken for alive at most, ms. */
  readonly lifeMs: number;
  /** How many of these processes ended without a word. One that was told to stop, and did, has not. */
  countDead(partition: number, names: readonly string[]): Promise<number>;
  /** The process ends in order. */
  stop(): Promise<void>;
}

export interface HeartbeatOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly name: string;
  readonly lockDurationMs: number;
}

/** A process that is killed is missed before the locks of its jobs run out. */
const LIVES_PER_LOCK = 2;
const BEATS_PER_LIFE = 3;
/** How long it is remembered that a process ended in order, ms. */
const REMEMBER_MS = 86_400_000;

/** A name for this process that no other has, before or after. */
export function processName(): string {
  const host = hostname()
    .replace(/[^\w.-]/g, '')
    .slice(0, 60);
  return `${host}-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/** Begins to beat; resolves when the first beat is in Redis. */
export async function startHeartbeat(options: HeartbeatOptions): Promise<Heartbeat> {
  const { client, keys, name, lockDurationMs } = options;
  const lifeMs = Math.ceil(lockDurationMs / LIVES_PER_LOCK);
  const partitions = Array.from({ length: keys.partitions }, (_, partition) => partition);
  let isBeating = false;

  const say = (word: 'alive' | 'left', ms: number) =>
    Promise.all(partitions.map((partition) => client.set(keys.worker(partition, name), word, 'PX', ms)));

  const timer = setInterval(() => {
    // While Redis is away commands wait; they must not pile up.
    if (isBeating) return;
    isBeating = true;
    say('alive', lifeMs)
      .catch(() => {})
      .finally(() => {
        isBeating = false;
      });
  }, lifeMs / BEATS_PER_LIFE);
  await say('alive', lifeMs);

  return {
    name,
    lifeMs,
    async countDead(partition, names) {
      const known = await Promise.all(names.map((each) => client.exists(keys.worker(partition, each))));
      return known.filter((is) => is === 0).length;
    },
    async stop() {
      clearInterval(timer);
      await say('left', REMEMBER_MS);
    },
  };
}
