import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalRedis, openLocalRedis } from '../../src/redis/local-server.ts';
import { onEnd } from './lifetime.ts';
import type { TestRedis } from './redis.ts';

/** A Redis for one test, which may kill and restart it. */
export interface OwnRedis extends TestRedis {
  /** Sends a signal, SIGKILL by default. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Restarts it on the same port with the same data. */
  restart(): Promise<void>;
}

/** Starts a Redis that ends with the test or file. */
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
