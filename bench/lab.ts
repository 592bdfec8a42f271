import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openRedis, type RedisClient } from '../src/redis/connect.ts';
import { openLocalRedis } from '../src/redis/local-server.ts';

/** The workplace of one benchmark: its own Redis, a folder, and the parts to stop at the end. */
export interface Lab extends AsyncDisposable {
  readonly isQuick: boolean;
  /** Lines of the long batch, where the caller chose them. */
  readonly lines: number | undefined;
  /** The file of `gwm`. */
  readonly program: string;
  readonly redisUrl: string;
  readonly client: RedisClient;
  /** A temporary folder, removed at the end. */
  readonly folder: string;
  /** Options of Node for the workers. */
  readonly nodeOptions: readonly string[];
  /** Returns `full`, or `quick` in a quick run. */
  pick<T>(full: T, quick: T): T;
  /** The number of rounds: `full`, the number that the caller chose, or one in a quick run. */
  rounds(full: number): number;
  /** A new key prefix. */
  prefix(): string;
  /** Prints the current step to standard error. */
  say(what: string): void;
  /** Disposes of a part at the end. The last part goes first. */
  keep<T extends AsyncDisposable>(part: T): T;
  /** Empties Redis between rounds, so that no round measures the keys of another. */
  clear(): Promise<void>;
}

export interface LabOptions {
  readonly isQuick: boolean;
  readonly lines?: number | undefined;
  readonly rounds?: number | undefined;
  /** The source by default. */
  readonly program?: string | undefined;
  readonly nodeOptions?: readonly string[];
  readonly say: (what: string) => void;
}

const SOURCE = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

export async function openLab({
  isQuick,
  lines,
  rounds,
  program = SOURCE,
  nodeOptions = [],
  say,
}: LabOptions): Promise<Lab> {
  const parts = new AsyncDisposableStack();
  const redis = parts.use(await openLocalRedis());
  const folder = await mkdtemp(join(tmpdir(), 'gwm-bench-'));
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  // Redis needs several seconds to remove a million jobs.
  const client = await openRedis({ url: redis.url, role: 'caller', deadlineMs: 120_000 });
  parts.defer(() => client.disconnect());
  let prefixes = 0;

  return {
    isQuick,
    lines,
    program,
    redisUrl: redis.url,
    client,
    folder,
    nodeOptions,
    pick: (full, quick) => (isQuick ? quick : full),
    rounds: (full) => rounds ?? (isQuick ? 1 : full),
    prefix: () => `bench-${++prefixes}`,
    say,
    keep: (part) => parts.use(part),
    async clear() {
      await client.flushall();
      // Memory that the allocator still holds would count for the next round.
      await client.call('MEMORY', 'PURGE');
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
