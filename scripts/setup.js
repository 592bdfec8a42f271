// @ts-check
/**
 * Makes a fresh clone ready to run. It installs the packages of the lock file, and Redis. The demo,
 * the tests and the check start it first. It does nothing when all is installed. `--no-redis`
 * leaves Redis out. `--chromium` adds a browser, `--postgres` a database, `--promtool` the checker of
 * Prometheus, and `--shells` zsh and fish, for the tests.
 *
 * It is plain JavaScript without packages, because it runs before they are installed, with any Node
 * from 20 on. The packages include the Node that runs the project. It writes to stderr only,
 * because stdout belongs to the command that follows.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REDIS_BY_HAND = 'Install Redis yourself, or set REDIS_URL to an existing Redis.';
const CHROMIUM_BY_HAND = 'Install Chromium yourself, or set CHROMIUM_PATH to an existing one.';
const POSTGRES_BY_HAND =
  'Install PostgreSQL yourself, or set POSTGRES_BIN to the folder with initdb and postgres.';

const SHELLS_BY_HAND = 'Install zsh and fish yourself.';
const PROMTOOL_BY_HAND = 'Install Prometheus yourself: https://prometheus.io/download';

/** A failure that the user can correct. Its message says how. */
class SetupFailure extends Error {}

const root = fileURLToPath(new URL('..', import.meta.url));
// npm writes this file after an installation. A newer lock file is not installed yet.
const installedNote = join(root, 'node_modules/.package-lock.json');

try {
  requireNode(20);
  installPackages();
  if (!process.argv.includes('--no-redis')) provideRedis();
  if (process.argv.includes('--chromium')) provideChromium();
  if (process.argv.includes('--postgres')) providePostgres();
  if (process.argv.includes('--promtool')) providePromtool();
  if (process.argv.includes('--shells')) for (const shell of ['zsh', 'fish']) provideShell(shell);
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
    `This needs Node ${oldest} or newer, and runs on ${process.version}. See https://nodejs.org/en/download`,
  );
}

function installPackages() {
  if (arePackagesCurrent()) return;
  say('Installing the packages (npm ci). The first time this takes about a minute ...');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  // Without the Node in node_modules, because npm ci deletes that folder first.
  const path = pathFolders().filter((folder) => !folder.startsWith(join(root, 'node_modules')));
  rmSync(installedNote, { force: true });
  const result = spawnSync('npm', args, {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
    env: { ...process.env, PATH: path.join(delimiter) },
  });
  // npm 10 may exit with 0 when it cannot reach the registry.
  if (result.status === 0 && existsSync(installedNote)) return;
  throw new SetupFailure(
    `The packages are not installed: "npm ${args.join(' ')}" failed (${reason(result)}). ` +
      'Check the connection to the npm registry, and run this again.',
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
      'This needs Redis, and finds no redis-server, no valkey-server and no running Docker. Do one of these:',
      '  Debian, Ubuntu   sudo apt-get install redis-server',
      '  macOS            brew install redis',
      '  Docker           start it; Redis then runs in a container',
      '  other systems    set REDIS_URL to an existing Redis, e.g. redis://127.0.0.1:6379',
    ].join('\n'),
  );
}

function isRedisInstalled() {
  return isOnPath('redis-server') || isOnPath('valkey-server');
}

function installRedisWithApt() {
  withoutStartingServices(() => installWithApt('Redis', 'redis-server', REDIS_BY_HAND));
  // The next boot must not start this Redis. The project needs the program only.
  spawnSync('update-rc.d', ['redis-server', 'disable'], { stdio: 'ignore' });
  if (!isRedisInstalled())
    throw new SetupFailure('redis-server is installed but not on the PATH. Add /usr/bin to the PATH.');
}

function provideChromium() {
  if (process.env.CHROMIUM_PATH || isChromiumInstalled()) return;
  if (canInstallWithApt()) installWithApt('Chromium', 'chromium', CHROMIUM_BY_HAND);
  else if (isOnPath('brew')) installWithBrew('Chromium', ['--cask', 'chromium'], CHROMIUM_BY_HAND);
  if (isChromiumInstalled()) return;
  throw new SetupFailure(
    [
      'The tests need Chromium, and there is no Chromium on the PATH. Do one of these:',
      '  Debian           sudo apt-get install chromium',
      '  macOS            brew install --cask chromium',
      '  other systems    set CHROMIUM_PATH to the program of an existing Chromium or Chrome',
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
      'The tests need PostgreSQL, and there is no initdb and postgres. Do one of these:',
      '  Debian, Ubuntu   sudo apt-get install postgresql',
      '  macOS            brew install postgresql',
      '  other systems    set POSTGRES_BIN to the folder with initdb and postgres',
    ].join('\n'),
  );
}

/** The project needs the programs only: the tests start their own servers. */
function installPostgresWithApt() {
  withoutStartingServices(() => installWithApt('PostgreSQL', 'postgresql', POSTGRES_BY_HAND));
  // The next boot must not start the cluster that Debian has created.
  spawnSync('update-rc.d', ['postgresql', 'disable'], { stdio: 'ignore' });
}

/** Searches POSTGRES_BIN, or else the PATH and the folders of Debian, one for each version. */
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

function providePromtool() {
  if (isOnPath('promtool')) return;
  if (canInstallWithApt())
    withoutStartingServices(() => installWithApt('Prometheus', 'prometheus', PROMTOOL_BY_HAND));
  else if (isOnPath('brew')) installWithBrew('Prometheus', ['prometheus'], PROMTOOL_BY_HAND);
  if (!isOnPath('promtool'))
    throw new SetupFailure(`The tests need promtool of Prometheus. ${PROMTOOL_BY_HAND}`);
}

/** @param {string} shell */
function provideShell(shell) {
  if (isOnPath(shell)) return;
  if (canInstallWithApt()) installWithApt(shell, shell, SHELLS_BY_HAND);
  else if (isOnPath('brew')) installWithBrew(shell, [shell], SHELLS_BY_HAND);
  if (!isOnPath(shell))
    throw new SetupFailure(`The tests need ${shell}, and it is not on the PATH. ${SHELLS_BY_HAND}`);
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
  // A machine may update itself after a boot, so wait for its lock. The second option makes a
  // failed download of a package list an error.
  const options = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'APT::Update::Error-Mode=any'];
  // A broken package source is no problem when another source has the package.
  const failure = tryToRun('apt-get', [...options, 'update'], env);
  if (failure) say(`${failure}\nContinuing with the installation ...`);
  run('apt-get', [...options, 'install', '-y', '--no-install-recommends', packageName], remedy, env);
}

/**
 * Debian starts a service after its installation, unless a policy forbids it (invoke-rc.d(8)). A
 * policy that the machine already has stays in place.
 * @param {() => void} install
 */
function withoutStartingServices(install) {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return install();
  // Ctrl-C ends apt-get and not this script, which must remove the policy first.
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

/** Fetches the image now, because a later start of Redis must take only seconds. */
function pullImage() {
  const image = 'redis:7.4-alpine';
  if (spawnSync('docker', ['image', 'inspect', image], { stdio: 'ignore' }).status === 0) return;
  say(`Fetching Redis (docker pull ${image}) ...`);
  run('docker', ['pull', image], REDIS_BY_HAND);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} remedy what the user can do after a failure
 * @param {NodeJS.ProcessEnv} [env]
 */
function run(command, args, remedy, env) {
  const failure = tryToRun(command, args, env);
  if (failure) throw new SetupFailure(`${failure}\n${remedy}`);
}

/**
 * Runs a command without output. Returns undefined, or after a failure its last lines of output.
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
