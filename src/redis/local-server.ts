/**
 * A private, real Redis for the demo and the tests: on this machine, on a free port, until it is
 * closed.
 *
 * It is a child process in a process group of its own. So Ctrl-C reaches this process and not
 * Redis, which the workers still need. A small shell holds a pipe from this process. When this
 * process ends, also by SIGKILL, the pipe breaks, and the shell ends Redis and removes its folder.
 */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Options of a local Redis; all are optional. */
export interface LocalRedisOptions {
  /** The port, to return to the same one after a kill; a free one by default. */
  port?: number;
  /** Folder for its data, which stays; by default a temporary one, which is removed. */
  dir?: string;
  /** Keeps an append-only file, so that data survive a restart on the same `dir`. Default false. */
  appendOnly?: boolean;
  /** How long its start may take, ms. Default 30,000; a large append-only file needs more. */
  deadlineMs?: number;
}

/** A running private Redis. */
export interface LocalRedis extends AsyncDisposable {
  /** `redis://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** Process id of the server (of the Docker client where Redis runs in Docker). */
  readonly pid: number;
  /**
   * Sends a signal, SIGKILL by default. Waits for the end of the process, unless the signal stops
   * or continues it.
   */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Ends the server and removes its temporary folder. May be called again. */
  close(): Promise<void>;
}

/** The image for machines where Redis is not installed. */
export const REDIS_IMAGE = 'redis:7.4-alpine';

/** The message when no Redis can be started. */
export const NO_REDIS =
  'No Redis on this machine. Install one (Debian, Ubuntu: apt-get install redis-server; macOS: brew install redis), ' +
  'start Docker, or set REDIS_URL to a running Redis.';

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 5_000;
const START_ATTEMPTS = 5;

/** The parameters of one start. */
interface Launch {
  port: number;
  dir: string;
  /** `dir` when it is temporary, and must be removed. */
  temporaryDir: string | undefined;
  appendOnly: boolean;
  /** Unique name of the container. */
  name: string;
}

/** One way to run Redis. */
interface Launcher {
  command: string;
  /** Arguments of a command that succeeds when this launcher works. */
  probe: string[];
  args(launch: Launch): string[];
  /** The command that sends a signal to the server. */
  signal(signal: string, pid: number, name: string): string[];
  /** A part of its reply to INFO. On a port clash another server answers. */
  replyHolds(pid: number): string;
}

const serverLauncher = (command: string): Launcher => ({
  command,
  probe: ['--version'],
  args: ({ port, dir, appendOnly }) => [
    ...['--bind', '127.0.0.1', '--port', String(port), '--dir', dir],
    ...settings(appendOnly),
  ],
  signal: (signal, pid) => ['kill', '-s', signal.replace('SIG', ''), String(pid)],
  replyHolds: (pid) => `process_id:${pid}\r\n`,
});

/** A process id does not reach into a container, so Docker passes the signals on. */
const dockerLauncher: Launcher = {
  command: 'docker',
  probe: ['info'],
  args: ({ port, dir, appendOnly, name }) => [
    ...['run', '--rm', '--name', name, '--publish', `127.0.0.1:${port}:6379`, '--volume', `${dir}:/data`],
    ...['--user', `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`],
    ...[REDIS_IMAGE, 'redis-server', '--protected-mode', 'no', '--dir', '/data'],
    ...settings(appendOnly),
  ],
  signal: (signal, _pid, name) => ['docker', 'kill', '--signal', signal, name],
  replyHolds: () => 'process_id:',
};

const LAUNCHERS = [serverLauncher('redis-server'), serverLauncher('valkey-server'), dockerLauncher];

/** Far more than a demo or a benchmark needs. */
const MAX_MEMORY = '8gb';

/**
 * The settings that the workers want: a limit, no eviction, due jobs checked 100 times a second; no
 * snapshots.
 */
function settings(appendOnly: boolean): string[] {
  return [
    ...['--maxmemory', MAX_MEMORY, '--maxmemory-policy', 'noeviction', '--hz', '100', '--save', ''],
    ...['--appendonly', appendOnly ? 'yes' : 'no'],
  ];
}

/**
 * Starts a private Redis and resolves when it answers. Rejects with the last lines of its output
 * when it does not answer in time, and with {@link NO_REDIS} when no Redis is installed.
 */
export async function openLocalRedis(options: LocalRedisOptions = {}): Promise<LocalRedis> {
  const launcher = await findLauncher();
  const temporaryDir = options.dir ? undefined : await mkdtemp(join(tmpdir(), 'gwm-redis-'));
  try {
    return await startOnFreePort(launcher, temporaryDir, options);
  } catch (error) {
    await removeDir(temporaryDir);
    throw error;
  }
}

async function findLauncher(): Promise<Launcher> {
  for (const launcher of LAUNCHERS) {
    if (await succeeds([launcher.command, ...launcher.probe])) return launcher;
  }
  throw new Error(NO_REDIS);
}

/** Another process may take a free port before Redis does; then the start is tried again. */
async function startOnFreePort(
  launcher: Launcher,
  temporaryDir: string | undefined,
  { dir = temporaryDir ?? '', port, appendOnly = false, deadlineMs = START_DEADLINE_MS }: LocalRedisOptions,
): Promise<LocalRedis> {
  for (let attempt = 1; ; attempt += 1) {
    const name = `gwm-redis-${randomBytes(6).toString('hex')}`;
    const launch = { dir, temporaryDir, appendOnly, name, port: port ?? (await freePort()) };
    const server = await startServer(launcher, launch);
    const failure = await waitUntilReady(server, launch, deadlineMs);
    if (!failure) return localRedis(server, launch);

    await server.end();
    if (failure.portTaken && attempt < START_ATTEMPTS) continue;
    throw new Error(`${launcher.command} did not start on port ${launch.port}. ${failure.reason}`);
  }
}

interface Server {
  pid: number;
  replyHolds: string;
  isGone(): boolean;
  /** Resolves when the process is gone. */
  gone(): Promise<unknown>;
  send(signal: string): Promise<void>;
  /** Ends it with SIGTERM, and then with SIGKILL. */
  end(): Promise<void>;
}

async function startServer(launcher: Launcher, launch: Launch): Promise<Server> {
  // Its output goes to a file: a pipe would keep the event loop alive.
  const log = await open(logFile(launch), 'w');
  const child = spawn(launcher.command, launcher.args(launch), {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  // Listen before the first await: a server may end at once.
  const exited = new Promise((resolve) => child.once('exit', () => resolve(true)));
  await once(child, 'spawn').finally(() => log.close());
  child.unref();
  const pid = child.pid as number;
  const signalCommand = (signal: string) => launcher.signal(signal, pid, launch.name);
  exited.then(watchOurEnd(signalCommand('SIGKILL'), launch.temporaryDir));

  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  const gone = () => {
    child.ref();
    return exited;
  };
  const send = async (signal: string) => {
    if (!isGone()) await succeeds(['sh', '-c', '"$@"', 'sh', ...signalCommand(signal)]);
  };
  const end = async () => {
    await send('SIGTERM');
    // A stopped server handles SIGTERM only after SIGCONT.
    await send('SIGCONT');
    const inTime = await Promise.race([gone(), sleep(STOP_DEADLINE_MS, false, { ref: false })]);
    if (inTime) return;
    await send('SIGKILL');
    await gone();
  };
  return { pid, replyHolds: launcher.replyHolds(pid), isGone, gone, send, end };
}

/** Starts the shell that outlives this process. Returns a function that ends the shell alone. */
function watchOurEnd(killCommand: string[], temporaryDir = ''): () => void {
  const script = 'dir=$1; shift; read -r _ && exit; "$@"; [ -z "$dir" ] || rm -rf "$dir"';
  const watcher = spawn('sh', ['-c', script, 'sh', temporaryDir, ...killCommand], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  // The shell is a safety net. Redis works without it.
  watcher.on('error', () => {});
  watcher.stdin.on('error', () => {});
  return () => watcher.stdin.end('all is well\n');
}

interface StartFailure {
  portTaken: boolean;
  reason: string;
}

async function waitUntilReady(
  server: Server,
  launch: Launch,
  deadlineMs: number,
): Promise<StartFailure | undefined> {
  const deadline = Date.now() + deadlineMs;
  while (Date.now() < deadline) {
    if (server.isGone()) return startFailure('It ended at once', launch);
    const reply = await ask(launch.port);
    if (reply.startsWith('+PONG') && reply.includes(server.replyHolds)) return undefined;
    await sleep(10);
  }
  return startFailure(`It did not answer within ${deadlineMs / 1000} s`, launch);
}

async function startFailure(what: string, launch: Launch): Promise<StartFailure> {
  const output = await readFile(logFile(launch), 'utf8').catch(() => '');
  const lastLines = output.trim().split('\n').slice(-8).join('\n');
  return {
    portTaken: /address already in use|port is already allocated/i.test(output),
    reason: lastLines ? `${what}; its last output:\n${lastLines}` : `${what} and printed nothing.`,
  };
}

/**
 * The reply of the server on this port to PING and INFO, over a plain socket; empty without an
 * answer.
 */
function ask(port: number): Promise<string> {
  return new Promise((resolve) => {
    let reply = '';
    const socket = connect({ port, host: '127.0.0.1', timeout: 500 });
    socket.on('connect', () => socket.write('PING\r\nINFO server\r\n'));
    socket.on('data', (chunk) => {
      reply += chunk;
      if (/process_id:\d+\r\n/.test(reply)) socket.destroy();
    });
    socket.on('timeout', () => socket.destroy());
    socket.on('error', () => {});
    socket.on('close', () => resolve(reply));
  });
}

function localRedis(server: Server, { port, temporaryDir }: Launch): LocalRedis {
  const close = async () => {
    await server.end();
    await removeDir(temporaryDir);
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: server.pid,
    async kill(signal = 'SIGKILL') {
      await server.send(signal);
      if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await server.gone();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

function logFile({ dir }: Launch): string {
  return join(dir, 'redis.log');
}

async function removeDir(dir: string | undefined): Promise<void> {
  if (dir) await rm(dir, { recursive: true, force: true });
}

/** Runs a command to its end; false when it is missing or fails. */
async function succeeds([command = '', ...args]: string[]): Promise<boolean> {
  return promisify(execFile)(command, args).then(
    () => true,
    () => false,
  );
}
