import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createApiKeys } from '../../src/access/api-keys.ts';
import { systemClock } from '../../src/core/clock.ts';
import { openRedis } from '../../src/redis/connect.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { openLocalRedis } from '../../src/redis/local-server.ts';
import type { Measured } from './probe.ts';
import type { FuzzOptions } from './run.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const PROBE = new URL('./probe.ts', import.meta.url).href;

/** A server after its work: what stays open, and what still goes on. */
export interface Settled extends Measured {
  readonly commandsPerSecond: number;
}

/** `gwm serve` with a Redis of its own, a receiver of callbacks, and keys. */
export interface FuzzedServer extends AsyncDisposable {
  readonly target: Pick<FuzzOptions, 'port' | 'secrets' | 'receiverUrl'>;
  readonly socketsAtStart: number;
  measure(): Promise<Measured>;
  /** Waits until the connections of callers are closed, for at most `SETTLE_MS`. */
  settled(): Promise<Settled>;
  hasEnded(): boolean;
  /** Both streams of the process. */
  log(): string;
}

/** Longer than the time-outs of the server below. */
const SETTLE_MS = 30_000;

/** No quota gets in the way, and no request waits for long. */
const SETTINGS = {
  ENV_FILE: '',
  HTTP_PORT: '0',
  API_RATE: '100000',
  API_BURST: '1000000',
  WEBHOOK_TIMEOUT: '500ms',
  CONNECT_TIMEOUT: '500ms',
};

export async function openFuzzedServer(): Promise<FuzzedServer> {
  await using opening = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'gwm-fuzz-'));
  opening.defer(() => rm(folder, { recursive: true, force: true }));
  const redis = opening.use(await openLocalRedis());
  const receiver = createServer((request, response) => {
    request.resume();
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  opening.defer(() => void receiver.close());
  await once(receiver, 'listening');
  const receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const tenantsFile = join(folder, 'tenants.json');
  await writeFile(tenantsFile, JSON.stringify({ tenants: ['acme', 'globex'].map(tenantOf) }));
  const client = await openRedis({ url: redis.url, role: 'caller', deadlineMs: 30_000 });
  opening.defer(() => client.disconnect());
  const secrets = await makeKeys(client);

  const child = fork(MAIN, ['serve'], {
    execArgv: ['--expose-gc', '--import', PROBE],
    env: {
      ...process.env,
      ...SETTINGS,
      REDIS_URL: redis.url,
      AUDIT_DATABASE_URL: `sqlite:${join(folder, 'audit.db')}`,
      TENANTS_FILE: tenantsFile,
      FUZZ_SECRET: 'fuzz',
      FUZZ_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  opening.defer(async () => {
    child.kill('SIGKILL');
    await ended.catch(() => {});
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  const ended = once(child, 'exit').then(() => {
    throw new Error(`The server ended:\n${log.slice(-4000)}`);
  });
  ended.catch(() => {});
  const next = async <Message>(field: string): Promise<Message> => {
    const { promise, resolve } = Promise.withResolvers<Message>();
    const listen = (message: object) => {
      if (field in message) resolve(message as Message);
    };
    child.on('message', listen);
    return await Promise.race([promise, ended]).finally(() => child.off('message', listen));
  };
  const { url } = await next<{ url: string }>('ready');
  const measure = async () => {
    const measured = next<Measured>('measured');
    child.send({ measure: true });
    return await measured;
  };
  const { sockets: socketsAtStart } = await measure();
  const commands = async () =>
    Number(/^total_commands_processed:(\d+)/m.exec(await client.info('stats'))?.[1]);
  const resources = opening.move();

  return {
    target: { port: Number(new URL(url).port), secrets, receiverUrl },
    socketsAtStart,
    measure,
    async settled() {
      const deadline = performance.now() + SETTLE_MS;
      let measured = await measure();
      while (measured.sockets > socketsAtStart && performance.now() < deadline) {
        await sleep(500);
        measured = await measure();
      }
      const before = await commands();
      await sleep(3000);
      // One of them is the question itself.
      return { ...measured, commandsPerSecond: Math.round(((await commands()) - before - 1) / 3) };
    },
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    log: () => log,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function tenantOf(id: string) {
  return {
    id,
    dialect: 'guest',
    // No worker runs, so no request goes there.
    hosts: { login: 'http://127.0.0.1:9', api: 'http://127.0.0.1:9' },
    allowInsecureHttp: true,
    clientId: id,
    clientSecret: { env: 'FUZZ_SECRET' },
    receivers: { allowHttp: true, allowHosts: ['127.0.0.1'], ports: ['1024-65535'] },
    callback: { secret: { env: 'FUZZ_WEBHOOK_SECRET' } },
  };
}

/** Keys for all tenants, for one, and with a scope that few routes take. */
async function makeKeys(client: Awaited<ReturnType<typeof openRedis>>): Promise<string[]> {
  const apiKeys = createApiKeys({ client, keys: createKeys('gwm', 1), clock: systemClock });
  const all = await apiKeys.create({ name: 'all', tenants: 'all', scopes: ['admin'] });
  const acme = await apiKeys.create({ name: 'acme', tenants: ['acme'], scopes: ['send', 'read', 'operate'] });
  const reading = await apiKeys.create({ name: 'reading', tenants: ['globex'], scopes: ['read'] });
  return [all.secret, all.secret, acme.secret, acme.secret, reading.secret];
}
