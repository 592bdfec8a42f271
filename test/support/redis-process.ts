import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { onEnd } from './lifetime.ts';
import { freePort } from './listen.ts';
import { startProcess, type TestProcess } from './processes.ts';
import { waitFor } from './wait-for.ts';

/** A `redis-server`, or a sentinel, with the settings of a test. It ends with the test or file. */
export interface RedisProcess {
  readonly port: number;
  /** A connection for the test itself. */
  readonly client: Redis;
  /** Sends a signal, SIGKILL by default, and waits for the end unless the signal stops or continues. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again after its end, with the same port and data. */
  restart(): Promise<void>;
}

export interface RedisProcessOptions {
  /** Arguments of `redis-server` behind the port and the folder. */
  readonly args: readonly string[];
  readonly port?: number;
  /** A configuration file, in front of the arguments. */
  readonly file?: string;
  /** How the client of the test connects, beyond the port. */
  readonly login?: object;
  /** With TLS there is no other port. */
  readonly isTls?: boolean;
}

/** Starts a server and waits until it answers. */
export async function startRedisProcess(options: RedisProcessOptions): Promise<RedisProcess> {
  const port = options.port ?? (await freePort());
  const dir = await mkdtemp(join(tmpdir(), 'gwm-redis-process-'));
  onEnd(() => rm(dir, { recursive: true, force: true }));
  const ports = options.isTls ? ['--port', '0', '--tls-port', String(port)] : ['--port', String(port)];
  const start = (): TestProcess =>
    startProcess('redis-server', [
      ...(options.file ? [options.file] : []),
      ...ports,
      ...['--bind', '127.0.0.1', '--dir', dir, '--save', '', '--hz', '100'],
      ...options.args,
    ]);
  let server = start();
  const client = new Redis({ host: '127.0.0.1', port, maxRetriesPerRequest: null, ...options.login });
  client.on('error', () => {});
  onEnd(() => client.disconnect());
  const answers = () =>
    waitFor(async () => (await client.ping()) === 'PONG', { what: `a redis-server on port ${port}` });
  await answers();
  return {
    port,
    client,
    async kill(signal = 'SIGKILL') {
      server.kill(signal);
      if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await server.exit;
    },
    async restart() {
      server = start();
      await answers();
    },
  };
}
