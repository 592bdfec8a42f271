// @ts-check
/**
 * Makes a fresh clone ready to run: the packages of the lock file, and a Redis to start. Run before the demo, the tests
 * and the check; does nothing, quickly, when all is there. `--no-redis` leaves Redis out; `--chromium` adds the browser
 * in which the tests look at cards, `--postgres` the database in which they keep audit records.
 *
 * Plain JavaScript without packages, for it runs before there are any, on whatever Node >= 20 the machine has; what it
 * installs brings the Node that the project is run with. All it says goes to stderr: stdout belongs to the command that
 * follows.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REDIS_BY_HAND = 'Install Redis by hand, or set REDIS_URL to a Redis that you have.';
const CHROMIUM_BY_HAND = 'Install Chromium by hand, or set CHROMIUM_PATH to one that you have.';
const POSTGRES_BY_HAND =
  'Install PostgreSQL by hand, or set POSTGRES_BIN to the folder with initdb and postgres.';

/** A reason to stop that the reader can do something about. */
class SetupFailure extends Error {}

const root = fileURLToPath(new URL('..', import.meta.url));
// npm notes here what it installed. A lock file that changed since then is not installed yet.
const installedNote = join(root, 'node_modules/.package-lock.json');

try {
  requireNode(20);
  installPackages();
  if (!process.argv.includes('--no-redis')) provideRedis();
  if (process.argv.includes('--chromium')) provideChromium();
  if (process.argv.includes('--postgres')) providePostgres();
} catch (error) {
  if (!(error instanceof SetupFailure)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}

/** @param {number} oldest */
function requireNode(oldest) {
  const [major] = process.versions.node.split('.');
  if (Number(major) >= oldest) return;
  throw new SetupFailure(
    `Node ${oldest} or newer is needed to start; this is ${process.version}. See https://nodejs.org/en/download`,
  );
}

function installPackages() {
  if (arePackagesCurrent()) return;
  say('Installing the packages (npm ci); the first time it takes about a minute ...');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  // Not with the Node inside node_modules: that one is about to be deleted.
  const path = pathFolders().filter((folder) => !folder.startsWith(join(root, 'node_modules')));
  rmSync(installedNote, { force: true });
  const result = spawnSync('npm', args, {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
    env: { ...process.env, PATH: path.join(delimiter) },
  });
  // npm 10 has been seen to exit with 0 when the registry was out of reach.
  if (result.status === 0 && existsSync(installedNote)) return;
  throw new SetupFailure(
    `The packages could not be installed: "npm ${args.join(' ')}" failed (${reason(result)}). ` +
      'Is the npm registry in reach? Then run this again.',
  );
}

function arePackagesCurrent() {
  const installed = statSync(installedNote, { throwIfNoEntry: false });
  const wanted = statSync(join(root, 'package-lock.json'));
  return installed !== undefined && installed.mtimeMs >= wanted.mtimeMs;
}

function provideRedis() {
  if (process.env.REDIS_URL || isRedisInstalled()) return;
  if (canInstallWithApt()) return installRedisWithApt();
  if (isOnPath('brew')) return installRedisWithBrew();
  if (isDockerRunning()) return pullImage();
  throw new SetupFailure(
    [
      'Redis is needed, and there is neither redis-server nor valkey-server nor a running Docker here. Do one of these:',
      '  Debian, Ubuntu   sudo apt-get install redis-server',
      '  macOS            brew install redis',
      '  Docker           start it, and Redis will run in a container',
      '  elsewhere        set REDIS_URL to a Redis that you have, e.g. redis://127.0.0.1:6379',
    ].join('\n'),
  );
}

function isRedisInstalled() {
  return isOnPath('redis-server') || isOnPath('valkey-server');
}

function installRedisWithApt() {
  withoutStartingServices(() => installWithApt('Redis', 'redis-server', REDIS_BY_HAND));
  // Nor shall the next boot start a Redis that nobody asked for. Only the program is wanted.
  spawnSync('update-rc.d', ['redis-server', 'disable'], { stdio: 'ignore' });
  if (!isRedisInstalled())
    throw new SetupFailure('redis-server is installed but not on the PATH. Is /usr/bin on it?');
}

function provideChromium() {
  if (process.env.CHROMIUM_PATH || isChromiumInstalled()) return;
  if (canInstallWithApt()) installWithApt('Chromium', 'chromium', CHROMIUM_BY_HAND);
  else if (isOnPath('brew')) installWithBrew('Chromium', ['--cask', 'chromium'], CHROMIUM_BY_HAND);
  if (isChromiumInstalled()) return;
  throw new SetupFailure(
    [
      'Chromium is needed by the tests, and there is none on the PATH. Do one of these:',
      '  Debian           sudo apt-get install chromium',
      '  macOS            brew install --cask chromium',
      '  elsewhere        set CHROMIUM_PATH to the program of a Chromium or Chrome that you have',
    ].join('\n'),
  );
}

function isChromiumInstalled() {
  return ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].some(isOnPath);
}

function providePostgres() {
  if (isPostgresInstalled()) return;
  if (canInstallWithApt()) installPostgresWithApt();
  else if (isOnPath('brew')) installWithBrew('PostgreSQL', ['postgresql'], POSTGRES_BY_HAND);
  if (isPostgresInstalled()) return;
  throw new SetupFailure(
    [
      'PostgreSQL is needed by the tests, and initdb and postgres are not found. Do one of these:',
      '  Debian, Ubuntu   sudo apt-get install postgresql',
      '  macOS            brew install postgresql',
      '  elsewhere        set POSTGRES_BIN to the folder with initdb and postgres of one that you have',
    ].join('\n'),
  );
}

/** Only the programs are wanted: the tests start servers of their own. */
function installPostgresWithApt() {
  withoutStartingServices(() => installWithApt('PostgreSQL', 'postgresql', POSTGRES_BY_HAND));
  // Nor shall the next boot start the cluster that Debian has made.
  spawnSync('update-rc.d', ['postgresql', 'disable'], { stdio: 'ignore' });
}

/** In the folder that POSTGRES_BIN names, on the PATH, or where Debian puts each version apart. */
function isPostgresInstalled() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian)
    ? readdirSync(debian).map((version) => join(debian, version, 'bin'))
    : [];
  const named = process.env.POSTGRES_BIN;
  const folders = named ? [named] : [...pathFolders(), ...versions];
  return folders.some((folder) =>
    ['initdb', 'postgres'].every((program) => isProgram(join(folder, program))),
  );
}

function canInstallWithApt() {
  return process.getuid?.() === 0 && isOnPath('apt-get');
}

/**
 * @param {string} name
 * @param {string} packageName
 * @param {string} remedy
 */
function installWithApt(name, packageName, remedy) {
  say(`Installing ${name} (apt-get install ${packageName}) ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // A machine that has just booted may be updating itself: wait for it. And say so when a list cannot be fetched.
  const options = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'APT::Update::Error-Mode=any'];
  // One broken source of many does not matter, if it is not the one with what is wanted.
  const failure = tryToRun('apt-get', [...options, 'update'], env);
  if (failure) say(`${failure}\nTrying to install all the same ...`);
  run('apt-get', [...options, 'install', '-y', '--no-install-recommends', packageName], remedy, env);
}

/**
 * Debian starts what it installs, unless a policy says no (invoke-rc.d(8)). Where the machine has a policy of its own,
 * that one stands.
 * @param {() => void} install
 */
function withoutStartingServices(install) {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return install();
  // Ctrl-C ends apt-get, not us: the policy must go first.
  const ignore = () => {};
  process.on('SIGINT', ignore);
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    install();
  } finally {
    rmSync(policy, { force: true });
    process.off('SIGINT', ignore);
  }
}

function installRedisWithBrew() {
  installWithBrew('Redis', ['redis'], REDIS_BY_HAND);
  if (!isRedisInstalled())
    throw new SetupFailure('Homebrew installed Redis, but redis-server is not on the PATH.');
}

/**
 * @param {string} name
 * @param {string[]} args
 * @param {string} remedy
 */
function installWithBrew(name, args, remedy) {
  say(`Installing ${name} (brew install ${args.join(' ')}) ...`);
  run('brew', ['install', ...args], remedy);
}

function isDockerRunning() {
  return isOnPath('docker') && spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0;
}

/** Here and not when Redis is started, which has to happen within seconds. */
function pullImage() {
  const image = 'redis:7.4-alpine';
  if (spawnSync('docker', ['image', 'inspect', image], { stdio: 'ignore' }).status === 0) return;
  say(`Fetching Redis (docker pull ${image}) ...`);
  run('docker', ['pull', image], REDIS_BY_HAND);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} remedy what to do when it fails
 * @param {NodeJS.ProcessEnv} [env]
 */
function run(command, args, remedy, env) {
  const failure = tryToRun(command, args, env);
  if (failure) throw new SetupFailure(`${failure}\n${remedy}`);
}

/**
 * Runs a command in silence; returns what went wrong, with its last lines, or nothing.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function tryToRun(command, args, env = process.env) {
  const result = spawnSync(command, args, { encoding: 'utf8', env, maxBuffer: 64 * 1024 * 1024 });
  if (result.status === 0) return undefined;
  const lastLines = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim().split('\n').slice(-8).join('\n');
  return `"${command} ${args.join(' ')}" failed (${reason(result)}):\n${lastLines}`;
}

/** @param {import('node:child_process').SpawnSyncReturns<unknown>} result */
function reason({ error, signal, status }) {
  if (error) return error.message;
  return signal ? `ended by ${signal}` : `exit code ${status}`;
}

/** @param {string} command */
function isOnPath(command) {
  return pathFolders().some((folder) => isProgram(join(folder, command)));
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function pathFolders() {
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
}

/** @param {string} line */
function say(line) {
  console.error(line);
}
