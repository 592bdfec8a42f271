import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalRedis, openLocalRedis } from '../../src/redis/local-server.ts';
import { onEnd } from './lifetime.ts';
import type { TestRedis } from './redis.ts';

/** A Redis that one test has for itself, to kill and to start again. */
export interface OwnRedis extends TestRedis {
  /** Sends a signal, SIGKILL by default. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again, on the same port and with the same data. */
  restart(): Promise<void>;
}

/** Starts a Redis that is gone when the test, or the file, ends. */
export async function openOwnRedis(): Promise<OwnRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'gwm-own-redis-'));
  onEnd(() => rm(dir, { recursive: true, force: true }));
  let server: LocalRedis = await openLocalRedis({ dir, appendOnly: true });
  onEnd(() => server.close());
  const { url, port } = server;
  return {
    url,
    prefix: 'own',
    kill: (signal) => server.kill(signal),
    async restart() {
      server = await openLocalRedis({ dir, port, appendOnly: true });
    },
  };
}
