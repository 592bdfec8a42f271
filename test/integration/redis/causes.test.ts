import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { openRedis } from '../../../src/redis/connect.ts';
import { openLocalRedis } from '../../../src/redis/local-server.ts';
import { openFreezingProxy } from '../../support/freezing-proxy.ts';
import { runGwm } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { onEnd } from '../../support/lifetime.ts';
import { freePort } from '../../support/listen.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { startProcess } from '../../support/processes.ts';
import { message, openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const ANSWER_MS = 5_000;
/** A busy machine needs more time to start a program. */
const SLACK = 3;

describe('a Redis that does not answer', () => {
  test.each([[['status']], [['jobs', 'list', KIND]], [['enqueue', KIND, 'package.json']], [['serve']]])(
    'causes an error of gwm %j within five seconds',
    async (args) => {
      const redis = await openOwnRedis();
      const proxy = await openFreezingProxy(redis.url);
      proxy.freezeNew(true);
      const system = await openSystem({ redis });
      const startUpMs = await lengthOf(() => runGwm(['--help']));
      const startedMs = performance.now();

      const { code, stderr } = await runGwm(args, {
        env: { ...system.environment, REDIS_URL: proxy.url, HTTP_PORT: '0' },
      });

      expect(stderr).toContain(`Redis at ${proxy.url} does not answer`);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(code).not.toBe(0);
      expect(performance.now() - startedMs).toBeLessThan(ANSWER_MS + SLACK * startUpMs);
    },
  );
});

describe('a producer', () => {
  test('names the reason of a discarded transaction: no memory', async () => {
    const { system, redis } = await openOwn();
    const producer = system.openProducer();
    await producer.enqueue(KIND, message());
    await system.client.config('SET', 'maxmemory', '1mb');

    await expect(producer.enqueue(KIND, message())).rejects.toThrow(
      `Redis did not take the job: Redis at ${redis.url} has no memory left`,
    );
  });

  test('names the reason of a discarded transaction: a missing right of the user', async () => {
    const { system, redis } = await openOwn();
    await system.client.call(
      'ACL',
      'SETUSER',
      'producer',
      'on',
      '>secret',
      '~*',
      '+@all',
      '-evalsha',
      '-eval',
    );
    const producer = system.openProducer({ redisUrl: redis.url.replace('//', '//producer:secret@') });

    await expect(producer.enqueue(KIND, message())).rejects.toThrow(/refuses the login \(NOPERM .*eval/);
  });

  test('works after the return of Redis if it started without', async () => {
    const { system, redis } = await openOwn();
    await redis.kill();
    const producer = system.openProducer();
    await expect(producer.enqueue(KIND, message())).rejects.toThrow(`Redis at ${redis.url} does not answer`);

    await redis.restart();

    await waitFor(() => producer.enqueue(KIND, message()), {
      what: 'a job that is taken',
    });
  });
});

describe('a Redis that loads its data', () => {
  test('causes an error for callers, and workers wait for it', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'gwm-loading-'));
    onEnd(() => rm(dir, { recursive: true, force: true }));
    const { url, port } = await fillAndClose(dir);
    startProcess('redis-server', [
      ...['--port', String(port), '--dir', dir, '--appendonly', 'yes', '--save', ''],
      ...['--key-load-delay', String(KEY_LOAD_US), '--loading-process-events-interval-bytes', '1024'],
    ]);
    const asWorker = waitFor(() => openRedis({ url, role: 'worker' }), { what: 'Redis' });
    const failure = () => openRedis({ url, role: 'caller' }).catch((error: Error) => error.message);
    const isLoading = async () => String(await failure()).includes(`Redis at ${url} is loading its data`);
    await waitFor(isLoading, { what: 'an error for a caller' });
    await loadFast(url);

    const client = await asWorker;
    expect(await client.dbsize()).toBe(LOADED_KEYS);
    client.disconnect();
  });
});

async function lengthOf(act: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await act();
  return performance.now() - startedMs;
}

describe('one node of a Redis Cluster', () => {
  test.each([[['worker']], [['enqueue', KIND, 'package.json']], [['status']]])(
    'causes an error of gwm %j, without a stack trace',
    async (args) => {
      const port = await startClusterNode();
      const { environment } = await openSystem();
      const address = `redis://127.0.0.1:${port}`;

      const { code, stderr } = await runGwm(args, { env: { ...environment, REDIS_URL: address } });

      expect(stderr).toContain(`Redis at ${address} is a node of a Redis Cluster. Set REDIS_URL to`);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(code).not.toBe(0);
    },
  );
});

describe('an address of another kind of Redis', () => {
  test.for(['worker', 'caller'] as const)(
    'redis+cluster:// to a single server ends a %s soon',
    async (role) => {
      const { url } = await openOwnRedis();
      const address = url.replace('redis://', 'redis+cluster://');

      await expect(openRedis({ url: address, role })).rejects.toMatchObject({
        failure: 'settings',
        message: `Redis at ${address} is a single server and no node of a Redis Cluster. Set REDIS_URL to redis://host:6379, with one host and without +cluster.`,
      });
    },
  );

  test('redis:// to a sentinel ends a command, and names the form of the address', async () => {
    const { environment } = await openSystem();
    const address = `redis://127.0.0.1:${await startLoneSentinel()}`;

    const { code, stderr } = await runCommand(['status'], { env: { ...environment, REDIS_URL: address } });

    expect(code).toBe(78);
    expect(stderr).toContain(
      `Redis at ${address} is a Sentinel, which keeps no jobs. Set REDIS_URL to redis+sentinel://`,
    );
  });
});

/** A sentinel without a master. @returns its port */
async function startLoneSentinel(): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), 'gwm-sentinel-'));
  onEnd(() => rm(dir, { recursive: true, force: true }));
  const [file, port] = [join(dir, 'sentinel.conf'), await freePort()];
  await writeFile(file, `port ${port}\ndir ${dir}\n`);
  await startProcess('redis-server', [file, '--sentinel']).line(/Sentinel ID is/);
  return port;
}

/** @returns its port. Another program may take a free port first; then it starts on the next one. */
async function startClusterNode(attempts = 5): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), 'gwm-cluster-'));
  onEnd(() => rm(dir, { recursive: true, force: true }));
  const [port, clusterPort] = [await freePort(), await freePort()];
  const node = startProcess('redis-server', [
    ...['--port', String(port), '--dir', dir, '--cluster-enabled', 'yes'],
    ...['--cluster-port', String(clusterPort), '--save', ''],
  ]);
  try {
    await node.line(/Ready to accept connections/);
    return port;
  } catch (error) {
    if (attempts === 1) throw error;
    return await startClusterNode(attempts - 1);
  }
}

/** Redis answers once per 1,024 loaded keys. */
const LOADED_KEYS = 20_000;
/** The time to load a key: ten seconds for all, unless the test has seen earlier what it waits for. */
const KEY_LOAD_US = 500;

/** Lets a Redis that loads load the rest without delay. */
async function loadFast(url: string): Promise<void> {
  const client = new Redis(url, { enableReadyCheck: false });
  await client.config('SET', 'key-load-delay', '0');
  client.disconnect();
}

async function fillAndClose(dir: string) {
  const server = await openLocalRedis({ dir, appendOnly: true });
  const client = await openRedis({ url: server.url, role: 'worker' });
  for (let from = 0; from < LOADED_KEYS; from += 1000) {
    await Promise.all(Array.from({ length: 1000 }, (_, n) => client.set(`key-${from + n}`, 'x'.repeat(100))));
  }
  client.disconnect();
  await server.close();
  return { url: server.url, port: server.port };
}

async function openOwn() {
  const redis = await openOwnRedis();
  return { redis, system: await openSystem({ redis }) };
}
