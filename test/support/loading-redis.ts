import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { onEnd } from './lifetime.ts';
import { freePort } from './listen.ts';
import { startProcess } from './processes.ts';
import type { TestRedis } from './redis.ts';
import { waitFor } from './wait-for.ts';

/** A Redis that loads its data again at the wish of the test, and answers LOADING meanwhile. */
export interface LoadingRedis extends TestRedis {
  /** Resolves when it loads. It goes on until `finish`. */
  load(): Promise<void>;
  /** Resolves when it has all its data. */
  finish(): Promise<void>;
}

const FILLER_KEYS = 20_000;
/** Redis takes this pause for each key, µs: the filler alone takes more than a minute. */
const SLOW = 5000;

/** Starts a Redis that ends with the test or file. */
export async function openLoadingRedis(): Promise<LoadingRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'gwm-loading-'));
  onEnd(() => rm(dir, { recursive: true, force: true }));
  const port = await freePort();
  startProcess('redis-server', [
    ...['--bind', '127.0.0.1', '--port', String(port), '--dir', dir, '--save', ''],
    ...['--enable-debug-command', 'local', '--loading-process-events-interval-bytes', '1024'],
  ]);
  const url = `redis://127.0.0.1:${port}`;
  // A client that does not wait until the server has loaded its data.
  const open = () => {
    const client = new Redis(url, { enableReadyCheck: false, maxRetriesPerRequest: null });
    client.on('error', () => {});
    onEnd(() => client.disconnect());
    return client;
  };
  const [loader, control] = [open(), open()];
  await waitFor(() => control.ping(), { what: 'Redis' });
  await control.eval(
    `for n = 1, ${FILLER_KEYS} do redis.call('SET', 'filler:' .. n, string.rep('x', 100)) end`,
    0,
  );
  const isLoading = async () => /^loading:1/m.test(await control.info('persistence'));
  return {
    url,
    prefix: 'loading',
    async load() {
      await control.config('SET', 'key-load-delay', String(SLOW));
      loader.call('DEBUG', 'RELOAD').catch(() => {});
      await waitFor(isLoading, { what: 'a Redis that loads' });
    },
    async finish() {
      await control.config('SET', 'key-load-delay', '0');
      await waitFor(async () => !(await isLoading()), { what: 'the end of loading' });
    },
  };
}
