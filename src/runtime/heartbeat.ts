import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';

/** Says in Redis that this process is alive, and reads there whether other processes are. */
export interface Heartbeat {
  /** @see processName */
  readonly name: string;
  /** How long a dead process counts as alive at most, ms. */
  readonly lifeMs: number;
  /** How many of these processes have died. A process that stopped in order has not died. */
  countDead(partition: number, names: readonly string[]): Promise<number>;
  /** Says in Redis that the process ends in order. */
  stop(): Promise<void>;
}

export interface HeartbeatOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly name: string;
  readonly lockDurationMs: number;
}

/** A killed process counts as dead before the locks of its jobs run out. */
const LIVES_PER_LOCK = 2;
const BEATS_PER_LIFE = 3;
/** How long Redis remembers that a process ended in order, ms. */
const REMEMBER_MS = 86_400_000;

/** A name for this process that no process has had before or will have later. */
export function processName(): string {
  const host = hostname()
    .replace(/[^\w.-]/g, '')
    .slice(0, 60);
  return `${host}-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/** Starts the heartbeat. Resolves when the first beat is in Redis. */
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
