import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRedis, type RedisClient } from '../src/redis/connect.ts';
import { openLocalRedis } from '../src/redis/local-server.ts';

/** What one benchmark works with: a Redis that nobody else uses, a folder, and whoever is to be stopped at its end. */
export interface Lab extends AsyncDisposable {
  readonly isQuick: boolean;
  readonly redisUrl: string;
  readonly client: RedisClient;
  /** Temporary; gone at the end. */
  readonly folder: string;
  /** Options of Node for the workers. */
  readonly nodeOptions: readonly string[];
  /** The value of a full run, or that of a quick one. */
  pick<T>(full: T, quick: T): T;
  /** A key prefix that was not used before. */
  prefix(): string;
  /** Tells whoever is waiting what is done now. */
  say(what: string): void;
  /** Stops something at the end, last in, first out. */
  keep<T extends AsyncDisposable>(part: T): T;
  /** Empties Redis between rounds, so that none inherits the keys of another. */
  clear(): Promise<void>;
}

export interface LabOptions {
  readonly isQuick: boolean;
  readonly nodeOptions?: readonly string[];
  readonly say: (what: string) => void;
}

export async function openLab({ isQuick, nodeOptions = [], say }: LabOptions): Promise<Lab> {
  const parts = new AsyncDisposableStack();
  const redis = parts.use(await openLocalRedis());
  const folder = await mkdtemp(join(tmpdir(), 'gwm-bench-'));
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  const client = await openRedis({ url: redis.url, role: 'caller' });
  parts.defer(() => client.disconnect());
  let prefixes = 0;

  return {
    isQuick,
    redisUrl: redis.url,
    client,
    folder,
    nodeOptions,
    pick: (full, quick) => (isQuick ? quick : full),
    prefix: () => `bench-${++prefixes}`,
    say,
    keep: (part) => parts.use(part),
    async clear() {
      await client.flushall();
      // What the allocator and the table of keys still hold would count for the next round.
      await client.call('MEMORY', 'PURGE');
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
