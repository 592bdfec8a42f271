import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript } from '../redis/script.ts';

/** Says in Redis that this process is alive, and reads there whether other processes are. */
export interface Heartbeat {
  /** @see processName */
  readonly name: string;
  /** How long a dead process counts as alive at most, ms. */
  readonly lifeMs: number;
  /**
   * How many of these processes have died. A process that stopped in order has not died. Directly after
   * the start or an outage of Redis this is not known of any process: the count then waits until it is.
   * It is 0 if that takes too long.
   */
  countDead(partition: number, names: readonly string[]): Promise<number>;
  /** Time since the last beat that is in Redis, ms. It grows while Redis is away. */
  sinceBeatMs(): number;
  /** Calls the listener when other workers may have taken this process for dead. */
  onLapse(listener: () => void): void;
  /** Says in Redis that the process ends in order. */
  stop(): Promise<void>;
}

export interface HeartbeatOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly name: string;
  readonly lockDurationMs: number;
  /** Called for each worker that has died, again and again as long as Redis has its name. */
  readonly onDeath: (death: Death) => Promise<void>;
}

/** The death of a worker, as one partition shows it. */
export interface Death {
  readonly partition: number;
  readonly name: string;
  /** @see Heartbeat.lifeMs */
  readonly lifeMs: number;
}

/** Longest time without a beat in which a worker counts as alive, ms. */
const LONGEST_LIFE_MS = 4000;
/** A killed process counts as dead before the locks of its jobs run out. */
const LIVES_PER_LOCK = 2;
const BEATS_PER_LIFE = 5;
/** How many lives a count waits for heartbeats that count. They do after one life with beats. */
const PATIENCE_LIVES = 3;
/** How long Redis remembers that a process ended in order, ms. */
const REMEMBER_MS = 86_400_000;

/** A name for this process that no process has had before or will have later. */
export function processName(): string {
  const host = hostname()
    .replace(/[^\w.-]/g, '')
    .slice(0, 60);
  return `${host}-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/** The file with the functions that tell a dead worker from a living one. */
export const WORKERS = new URL('./workers.lua', import.meta.url);

/** Starts the heartbeat. Resolves when the first beat is in Redis. */
export async function startHeartbeat(options: HeartbeatOptions): Promise<Heartbeat> {
  const { client, keys, name, lockDurationMs, onDeath } = options;
  const lifeMs = Math.min(LONGEST_LIFE_MS, Math.ceil(lockDurationMs / LIVES_PER_LOCK));
  const script = loadScript(client, new URL('./beat.lua', import.meta.url), [WORKERS]);
  const listeners: (() => void)[] = [];
  /** When a partition last said that the heartbeats of others count. */
  const steadyAtMs = new Map<number, number>();
  let lastBeatMs = Number.NEGATIVE_INFINITY;
  let isAnew = false;
  let isBeating = false;
  let isBurying = false;

  async function beatIn(partition: number, connection: 'anew' | ''): Promise<Death[]> {
    const sentAtMs = performance.now();
    const prefix = keys.ownOf(partition);
    const args = [prefix, name, lifeMs, connection];
    const [hasLapsed, isSteady, ...dead] = (await script.run(prefix, args)) as [number, number, ...string[]];
    if (isSteady === 1) steadyAtMs.set(partition, sentAtMs);
    if (hasLapsed === 1) for (const listener of listeners) listener();
    return dead.map((each) => ({ partition, name: each, lifeMs }));
  }

  async function beat(): Promise<void> {
    const connection = isAnew ? 'anew' : '';
    isAnew = false;
    const startedMs = performance.now();
    const deaths = await Promise.all(keys.partitions().map((partition) => beatIn(partition, connection)));
    lastBeatMs = startedMs;
    bury(deaths.flat()).catch(() => {});
  }

  /** The heart must not wait for this. What fails is found again with a later beat. */
  async function bury(deaths: readonly Death[]): Promise<void> {
    if (isBurying || deaths.length === 0) return;
    isBurying = true;
    try {
      for (const death of deaths) await onDeath(death);
    } finally {
      isBurying = false;
    }
  }

  /** Without the wait, a job that kills the only worker would be run again by each successor. */
  async function isSteady(partition: number): Promise<boolean> {
    const untilMs = performance.now() + PATIENCE_LIVES * lifeMs;
    for (;;) {
      const nowMs = performance.now();
      if (nowMs - (steadyAtMs.get(partition) ?? Number.NEGATIVE_INFINITY) < lifeMs) return true;
      if (nowMs > untilMs) return false;
      await delay(lifeMs / BEATS_PER_LIFE);
    }
  }

  const noteConnection = () => {
    isAnew = true;
  };
  client.on('ready', noteConnection);
  const timer = setInterval(() => {
    // While Redis is away commands wait; they must not pile up.
    if (isBeating) return;
    isBeating = true;
    beat()
      .catch(() => {})
      .finally(() => {
        isBeating = false;
      });
  }, lifeMs / BEATS_PER_LIFE);
  await beat();

  return {
    name,
    lifeMs,
    async countDead(partition, names) {
      if (!(await isSteady(partition))) return 0;
      const known = await Promise.all(names.map((each) => client.exists(keys.worker(partition, each))));
      return known.filter((is) => is === 0).length;
    },
    sinceBeatMs: () => performance.now() - lastBeatMs,
    onLapse(listener) {
      listeners.push(listener);
    },
    async stop() {
      clearInterval(timer);
      client.off('ready', noteConnection);
      await Promise.all(
        keys
          .partitions()
          .flatMap((partition) => [
            client.set(keys.worker(partition, name), 'left', 'PX', REMEMBER_MS),
            client.srem(keys.workers(partition), name),
          ]),
      );
    },
  };
}
