import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, expect, test, vi } from 'vitest';
import {
  type LocalRedis,
  type LocalRedisOptions,
  NO_REDIS,
  openLocalRedis,
} from '../../../src/redis/local-server.ts';
import { onEnd } from '../../support/lifetime.ts';
import { startProcess } from '../../support/processes.ts';
import { waitFor } from '../../support/wait-for.ts';

afterEach(() => vi.unstubAllEnvs());

test('a private Redis answers with the settings that the workers want', async () => {
  const redis = client(await open());

  expect(await redis.ping()).toBe('PONG');
  expect(await setting(redis, 'maxmemory-policy')).toBe('noeviction');
  expect(await setting(redis, 'hz')).toBe('100');
  expect(await setting(redis, 'save')).toBe('');
  expect(await setting(redis, 'appendonly')).toBe('no');
  expect(await setting(redis, 'bind')).toBe('127.0.0.1');
});

test('two private Redis servers share no data', async () => {
  const [one, other] = await Promise.all([open(), open()]);

  await client(one).set('key', 'of one');

  expect(one.port).not.toBe(other.port);
  expect(await client(other).get('key')).toBeNull();
});

test('close ends the server and removes its folder, and may be called again', async () => {
  const server = await open();
  const dir = await setting(client(server), 'dir');
  expect(existsSync(dir)).toBe(true);

  await server.close();
  await server.close();

  expect(await isListening(server.port)).toBe(false);
  expect(existsSync(dir)).toBe(false);
});

test('a stopped server closes by SIGTERM, before the SIGKILL after 5 s', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gwm-stopped-'));
  onEnd(() => rm(dir, { recursive: true, force: true }));
  const server = await open({ dir });
  await server.kill('SIGSTOP');

  await server.close();

  expect(await isListening(server.port)).toBe(false);
  // A killed server sends no end of connection.
  expect(await readFile(join(dir, 'redis.log'), 'utf8')).toContain('bye bye');
});

test('with an append-only file, data survive a SIGKILL and a restart on the same port', async () => {
  const dir = await temporaryDir();
  const before = await open({ dir, appendOnly: true });
  await client(before).set('key', 'kept');
  // Redis has written its file by now.
  await waitFor(async () => (await readAof(dir)).includes('kept'), {
    what: 'the write in the append-only file',
  });
  await before.kill('SIGKILL');
  expect(await isListening(before.port)).toBe(false);

  const after = await open({ dir, appendOnly: true, port: before.port });

  expect(after.url).toBe(before.url);
  expect(await client(after).get('key')).toBe('kept');
});

test("a port of another Redis causes an error with Redis's own message", async () => {
  const other = await open();

  await expect(open({ port: other.port })).rejects.toThrow(
    /did not start on port \d+\. .*Address already in use/s,
  );
});

test('a port that becomes free in time is taken', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  const { port } = holder.address() as { port: number };
  setTimeout(() => holder.close(), 50);

  const server = await open({ port });

  expect(server.port).toBe(port);
});

test('without Redis, Valkey and Docker the error says what to install', async () => {
  vi.stubEnv('PATH', await temporaryDir());

  await expect(open()).rejects.toThrow(NO_REDIS);
});

test('Valkey runs where Redis is not installed', async () => {
  const redisServer = await find('redis-server');
  const bin = await commandsDir(['sh']);
  await symlink(redisServer, join(bin, 'valkey-server'));
  vi.stubEnv('PATH', bin);

  const server = await open();

  expect(await client(server).ping()).toBe('PONG');
});

// The tests have no Docker engine. A stand-in runs the command line of a container, and passes
// signals on.
test('Docker runs where neither is installed, published on this machine only', async () => {
  const redisServer = await find('redis-server');
  const bin = await commandsDir(['sh', 'cat']);
  const calls = join(bin, 'calls');
  const standIn = `#!/bin/sh
echo "$@" >> ${calls}
case "$1" in
  run)
    echo $$ > ${bin}/pid
    port=$(echo "$6" | { IFS=: read -r _ port _; echo "$port"; }); data=\${8%:/data}
    shift 16
    exec ${redisServer} --port "$port" "$@" --dir "$data" ;;
  kill) kill -s "\${3#SIG}" "$(cat ${bin}/pid)" ;;
esac
`;
  await writeFile(join(bin, 'docker'), standIn, { mode: 0o755 });
  vi.stubEnv('PATH', bin);

  const server = await open();
  expect(await client(server).ping()).toBe('PONG');
  await server.close();

  const said = await readFile(calls, 'utf8');
  expect(said).toMatch(/^info\nrun --rm --name gwm-redis-\w+ --publish 127\.0\.0\.1:\d+:6379 --volume /);
  expect(said).toMatch(/\nkill --signal SIGTERM gwm-redis-\w+\n/);
});

test('a killed parent takes its Redis and the folder along', async () => {
  const module = new URL('../../../src/redis/local-server.ts', import.meta.url).href;
  const parent = startProcess(process.execPath, [
    '--input-type=module',
    '--eval',
    `const { openLocalRedis } = await import('${module}');
     const { port } = await openLocalRedis();
     console.log('listening on ' + port);
     setInterval(() => {}, 1000);`,
  ]);
  const port = Number((await parent.line(/^listening on /)).split(' ').at(-1));
  const dir = await setting(client({ url: `redis://127.0.0.1:${port}` }), 'dir');

  process.kill(parent.pid, 'SIGKILL');

  await waitFor(async () => !(await isListening(port)), { what: 'the end of the Redis without a parent' });
  await waitFor(() => !existsSync(dir), { what: 'the removal of its folder' });
});

async function open(options?: LocalRedisOptions): Promise<LocalRedis> {
  const server = await openLocalRedis(options);
  onEnd(() => server.close());
  return server;
}

function client({ url }: Pick<LocalRedis, 'url'>): Redis {
  const redis = new Redis(url);
  // The test kills servers under this client.
  redis.on('error', () => {});
  onEnd(() => redis.disconnect());
  return redis;
}

async function setting(redis: Redis, name: string): Promise<string> {
  const [, value] = (await redis.config('GET', name)) as [string, string];
  return value;
}

async function temporaryDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'gwm-test-'));
  onEnd(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** A folder with these commands only, as the whole PATH. */
async function commandsDir(commands: string[]): Promise<string> {
  const dir = await temporaryDir();
  for (const command of commands) await symlink(await find(command), join(dir, command));
  return dir;
}

/** The path of a command. */
function find(command: string): Promise<string> {
  return startProcess('sh', ['-c', `command -v ${command}`]).line(/./);
}

async function readAof(dir: string): Promise<string> {
  const file = 'appendonlydir/appendonly.aof.1.incr.aof';
  return readFile(join(dir, file), 'utf8').catch(() => readFile(join(dir, 'appendonly.aof'), 'utf8'));
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
