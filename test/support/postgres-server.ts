import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './listen.ts';
import { waitFor } from './wait-for.ts';

/** A private PostgreSQL. `close` removes its data folder. */
export interface PostgresServer {
  /**
   * The address for its superuser, without a database: `postgres://user:password@127.0.0.1:port`.
   */
  readonly url: string;
  /** Kills it like a crash. With `isDurable` it keeps committed data. */
  kill(): Promise<void>;
  /** Restarts it at the same address. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface PostgresServerOptions {
  /** Whether a commit waits for the disk. Only tests that kill a server need this. */
  readonly isDurable?: boolean;
}

/** The message of every test that needs PostgreSQL, on a machine without it. */
export const NO_POSTGRES =
  'No PostgreSQL on this machine. Install it (Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql), ' +
  'or set POSTGRES_BIN to the folder with initdb and postgres.';

const DEBIAN = '/usr/lib/postgresql';
const START_ATTEMPTS = 3;
const START_DEADLINE_MS = 15_000;

/** The folder with the programs: POSTGRES_BIN, one on the PATH, or the newest of Debian. */
function findPrograms(): string {
  const given = process.env['POSTGRES_BIN'];
  const onPath = (process.env['PATH'] ?? '').split(delimiter);
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = given ? [given] : [...onPath, ...versions.map((version) => join(DEBIAN, version, 'bin'))];
  const found = folders.find((folder) =>
    ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))),
  );
  if (found === undefined) throw new Error(NO_POSTGRES);
  return found;
}

/** Starts one on a free port. It ends with this process, even after a crash. */
export async function openPostgresServer({
  isDurable = false,
}: PostgresServerOptions = {}): Promise<PostgresServer> {
  const programs = findPrograms();
  const user = await findUser();
  const dir = await mkdtemp(join(tmpdir(), 'gwm-postgres-'));
  const password = randomBytes(12).toString('hex');
  try {
    await makeCluster(programs, dir, password, user);
    return await start({ programs, dir, password, user, isDurable });
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

interface User {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root, so the user of its package runs it. */
async function findUser(): Promise<User> {
  if (process.getuid?.() !== 0) return {};
  const idOf = async (flag: string) => Number((await promisify(execFile)('id', [flag, 'postgres'])).stdout);
  return { uid: await idOf('-u'), gid: await idOf('-g') };
}

async function makeCluster(programs: string, dir: string, password: string, user: User): Promise<void> {
  const passwordFile = join(dir, 'password');
  await writeFile(passwordFile, password);
  for (const path of [dir, passwordFile]) {
    if (user.uid !== undefined && user.gid !== undefined) await chown(path, user.uid, user.gid);
  }
  const args = ['-D', join(dir, 'data'), '-U', 'gwm', '-A', 'scram-sha-256', '--pwfile', passwordFile];
  const options = ['-E', 'UTF8', '--locale', 'C', '--no-sync'];
  await promisify(execFile)(join(programs, 'initdb'), [...args, ...options], { cwd: dir, ...user });
}

interface Cluster {
  readonly programs: string;
  readonly dir: string;
  readonly password: string;
  readonly user: User;
  readonly isDurable: boolean;
}

async function start(cluster: Cluster): Promise<PostgresServer> {
  const { dir, password } = cluster;
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const url = `postgres://gwm:${password}@127.0.0.1:${port}`;
    let running = await run(cluster, port);
    if (await running.answers(url)) {
      return {
        url,
        async kill() {
          await running.end('SIGKILL');
        },
        async restart() {
          // The processes of a killed server still hold its memory for a moment.
          const restarted = async () => {
            running = await run(cluster, port);
            return await running.answers(url);
          };
          await waitFor(restarted, { what: 'PostgreSQL to start again', deadlineMs: START_DEADLINE_MS });
        },
        async close() {
          await running.end('SIGQUIT');
          await rm(dir, { recursive: true, force: true });
        },
      };
    }
    const said = await readFile(join(dir, 'log'), 'utf8').catch(() => '');
    await running.end('SIGQUIT');
    if (attempt === START_ATTEMPTS)
      throw new Error(`PostgreSQL did not start; the last it said:\n${said.slice(-2000)}`);
  }
}

async function run({ programs, dir, user, isDurable }: Cluster, port: number) {
  const log = await open(join(dir, 'log'), 'w');
  const settings = [`listen_addresses=127.0.0.1`, `unix_socket_directories=${dir}`, 'max_connections=100'];
  const unsafe = ['fsync=off', 'full_page_writes=off', ...(isDurable ? [] : ['synchronous_commit=off'])];
  const args = [...settings, ...unsafe].flatMap((setting) => ['-c', setting]);
  const child = spawn(join(programs, 'postgres'), ['-D', join(dir, 'data'), '-p', String(port), ...args], {
    cwd: dir,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    ...user,
  });
  const exited = once(child, 'exit');
  await once(child, 'spawn').finally(() => log.close());
  child.unref();
  const allIsWell = watchOurEnd(child.pid ?? 0, dir);
  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  return {
    answers: (url: string) => answers(url, isGone),
    async end(signal: NodeJS.Signals): Promise<void> {
      child.ref();
      if (!isGone()) child.kill(signal);
      if (!isGone()) await exited;
      allIsWell();
    },
  };
}

async function answers(url: string, isGone: () => boolean): Promise<boolean> {
  const ask = async () => isGone() || (await isThere(url));
  const what = 'PostgreSQL to answer';
  await waitFor(ask, { what, deadlineMs: START_DEADLINE_MS }).catch(() => {});
  return !isGone();
}

async function isThere(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: `${url}/postgres`, connectionTimeoutMillis: 1000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/**
 * A shell that outlives this process ends the server after a crash. Returns the function that stops
 * the shell.
 */
function watchOurEnd(pid: number, dir: string): () => void {
  const script = 'read -r _ && exit; kill -QUIT "$1"; sleep 1; rm -rf "$2"';
  const watcher = spawn('sh', ['-c', script, 'sh', String(pid), dir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  watcher.on('error', () => {});
  watcher.stdin.on('error', () => {});
  return () => watcher.stdin.end('all is well\n');
}
