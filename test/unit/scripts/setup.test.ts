import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

// These tests leave out apt-get, because as root it would change the machine.

test('a complete clone runs nothing and prints nothing', () => {
  const clone = freshClone({ packages: 'current' });
  clone.command('redis-server');

  expect(clone.setup()).toEqual({ status: 0, stdout: '', stderr: '' });
});

test('npm ci installs missing packages, and stdout stays empty', () => {
  const clone = freshClone();
  clone.command(
    'npm',
    'echo "npm $*" >> "$CALLS"; echo added 3 packages; : > node_modules/.package-lock.json',
  );
  clone.command('redis-server');

  const { status, stdout, stderr } = clone.setup();

  expect(clone.calls()).toBe('npm ci --no-audit --no-fund --loglevel=error\n');
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  expect(stderr).toMatch(/^Installing the packages.*\nadded 3 packages\n$/);
});

test('npm ci installs packages that are older than the lock file', () => {
  const clone = freshClone({ packages: 'stale' });
  clone.command('npm', 'echo "npm $*" >> "$CALLS"; : > node_modules/.package-lock.json');
  clone.command('redis-server');

  expect(clone.setup().status).toBe(0);
  expect(clone.calls()).toContain('npm ci');
});

test('npm runs on another Node than the one that it deletes', () => {
  const clone = freshClone({ packages: 'stale' });
  clone.command('npm', 'echo "$PATH" >> "$CALLS"');
  clone.command('redis-server');

  clone.setup({ pathPrefix: `${clone.root}/node_modules/.bin:` });

  expect(clone.calls()).toBe(`${clone.root}/bin\n`);
});

test('a failed npm ci prints its command and its output, without a stack', () => {
  const clone = freshClone();
  clone.command('npm', 'echo "npm error network" >&2; exit 7');

  const { status, stderr } = clone.setup();

  expect(status).toBe(1);
  expect(stderr).toContain('npm error network');
  expect(stderr).toContain('"npm ci --no-audit --no-fund --loglevel=error" failed (exit code 7)');
  expect(stderr).not.toMatch(/\n +at /);
});

test.for(['missing', 'stale'] as const)(
  'an npm ci that exits with 0 but leaves the packages %s is a failure',
  (packages) => {
    const clone = freshClone({ packages });
    clone.command('npm', 'echo "npm error Exit handler never called!" >&2');
    clone.command('redis-server');

    expect(clone.setup().status).toBe(1);
  },
);

test.for(['redis-server', 'valkey-server'])('%s on the PATH is enough', (server) => {
  const clone = freshClone({ packages: 'current' });
  clone.command(server);
  clone.command('brew', 'echo brew >> "$CALLS"');

  expect(clone.setup().status).toBe(0);
  expect(clone.calls()).toBe('');
});

test('REDIS_URL makes a local Redis unnecessary', () => {
  const clone = freshClone({ packages: 'current' });

  expect(clone.setup({ env: { REDIS_URL: 'redis://somewhere:6379' } }).status).toBe(0);
});

test('--no-redis makes a local Redis unnecessary', () => {
  const clone = freshClone({ packages: 'current' });

  expect(clone.setup({ args: ['--no-redis'] }).status).toBe(0);
});

test('Homebrew installs Redis, and Docker does not run', () => {
  const clone = freshClone({ packages: 'current' });
  clone.command('brew', `echo "brew $*" >> "$CALLS"; /bin/ln -s "$0" "${clone.root}/bin/redis-server"`);
  clone.command('docker', 'echo "docker $*" >> "$CALLS"');

  expect(clone.setup().status).toBe(0);
  expect(clone.calls()).toBe('brew install redis\n');
});

test('a failed Homebrew is reported with its command and its last lines', () => {
  const clone = freshClone({ packages: 'current' });
  clone.command('brew', 'echo "Error: no bottle" >&2; exit 1');

  const { status, stderr } = clone.setup();

  expect(status).toBe(1);
  expect(stderr).toMatch(/"brew install redis" failed \(exit code 1\):\nError: no bottle\n.*REDIS_URL/);
});

test('a running Docker fetches the image that the local server starts', () => {
  const clone = freshClone({ packages: 'current' });
  clone.command('docker', 'echo "docker $*" >> "$CALLS"; [ "$1" != image ]');

  expect(clone.setup().status).toBe(0);
  expect(clone.calls()).toBe(
    'docker info\ndocker image inspect redis:7.4-alpine\ndocker pull redis:7.4-alpine\n',
  );
});

test('only --chromium installs Chromium', () => {
  const clone = freshClone({ packages: 'current' });
  clone.command('redis-server');
  clone.command('brew', 'echo "brew $*" >> "$CALLS"');

  expect(clone.setup().status).toBe(0);
  expect(clone.calls()).toBe('');
});

test.for(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'])(
  '%s on the PATH is a browser',
  (browser) => {
    const clone = freshClone({ packages: 'current' });
    clone.command('redis-server');
    clone.command(browser);

    expect(clone.setup({ args: ['--chromium'] })).toEqual({ status: 0, stdout: '', stderr: '' });
  },
);

test('CHROMIUM_PATH makes another browser unnecessary', () => {
  const clone = freshClone({ packages: 'current' });
  clone.command('redis-server');

  expect(clone.setup({ args: ['--chromium'], env: { CHROMIUM_PATH: '/opt/chrome' } }).status).toBe(0);
});

test('Homebrew installs Chromium', () => {
  const clone = freshClone({ packages: 'current' });
  clone.command('redis-server');
  clone.command('brew', `echo "brew $*" >> "$CALLS"; /bin/ln -s "$0" "${clone.root}/bin/chromium"`);

  expect(clone.setup({ args: ['--chromium'] }).status).toBe(0);
  expect(clone.calls()).toBe('brew install --cask chromium\n');
});

test('without a browser and an installer the message says what to do', () => {
  const clone = freshClone({ packages: 'current' });
  clone.command('redis-server');

  const { status, stderr } = clone.setup({ args: ['--chromium'] });

  expect(status).toBe(1);
  for (const word of ['apt-get install chromium', 'brew install --cask chromium', 'CHROMIUM_PATH']) {
    expect(stderr).toContain(word);
  }
  expect(stderr).not.toMatch(/\n +at /);
});

test('only --postgres installs PostgreSQL', () => {
  const clone = freshClone({ packages: 'current' });
  clone.command('redis-server');
  clone.command('brew', 'echo "brew $*" >> "$CALLS"');

  expect(clone.setup().status).toBe(0);
  expect(clone.calls()).toBe('');
});

test('PostgreSQL on the PATH is enough', () => {
  const clone = freshClone({ packages: 'current' });
  for (const program of ['redis-server', 'initdb', 'postgres']) clone.command(program);

  expect(clone.setup({ args: ['--postgres'] })).toEqual({ status: 0, stdout: '', stderr: '' });
});

test('PostgreSQL is found in the folders of Debian, which are not on the PATH', () => {
  const clone = freshClone({ packages: 'current' });
  clone.command('redis-server');

  const { status } = clone.setup({ args: ['--postgres'] });

  expect(status).toBe(existsSync('/usr/lib/postgresql') ? 0 : 1);
});

test('POSTGRES_BIN is the only folder that is searched for PostgreSQL', () => {
  const clone = freshClone({ packages: 'current' });
  for (const program of ['redis-server', 'initdb', 'postgres']) clone.command(program);
  const env = { POSTGRES_BIN: clone.programs('own', ['initdb', 'postgres']) };

  expect(clone.setup({ args: ['--postgres'], env }).status).toBe(0);
  expect(clone.setup({ args: ['--postgres'], env: { POSTGRES_BIN: '/nowhere' } }).status).toBe(1);
});

test('a PostgreSQL client without a server is not enough', () => {
  const clone = freshClone({ packages: 'current' });
  clone.command('redis-server');
  const env = { POSTGRES_BIN: clone.programs('own', ['initdb', 'psql']) };

  expect(clone.setup({ args: ['--postgres'], env }).status).toBe(1);
});

test('Homebrew installs PostgreSQL', () => {
  const clone = freshClone({ packages: 'current' });
  clone.command('redis-server');
  const link = (name: string) => `/bin/ln -s "$0" "${clone.root}/bin/${name}"`;
  clone.command('brew', `echo "brew $*" >> "$CALLS"; ${link('initdb')}; ${link('postgres')}`);

  const env = { POSTGRES_BIN: join(clone.root, 'bin') };

  expect(clone.setup({ args: ['--postgres'], env }).status).toBe(0);
  expect(clone.calls()).toBe('brew install postgresql\n');
});

test('without PostgreSQL and an installer the message says what to do', () => {
  const clone = freshClone({ packages: 'current' });
  clone.command('redis-server');

  const { status, stderr } = clone.setup({ args: ['--postgres'], env: { POSTGRES_BIN: '/nowhere' } });

  expect(status).toBe(1);
  for (const word of ['apt-get install postgresql', 'brew install postgresql', 'POSTGRES_BIN']) {
    expect(stderr).toContain(word);
  }
  expect(stderr).not.toMatch(/\n +at /);
});

test('Homebrew installs the shells that are missing', () => {
  const clone = freshClone({ packages: 'current' });
  for (const program of ['redis-server', 'fish']) clone.command(program);
  clone.command('brew', `echo "brew $*" >> "$CALLS"; /bin/ln -s "$0" "${clone.root}/bin/zsh"`);

  expect(clone.setup({ args: ['--shells'] }).status).toBe(0);
  expect(clone.calls()).toBe('brew install zsh\n');
});

test('without a shell and an installer the message says which one is missing', () => {
  const clone = freshClone({ packages: 'current' });
  for (const program of ['redis-server', 'zsh']) clone.command(program);

  expect(clone.setup({ args: ['--shells'] })).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('The tests need fish'),
  });
});

test('without Redis and an installer the message says what to do on each system', () => {
  const clone = freshClone({ packages: 'current' });
  clone.command('docker', 'exit 1');

  const { status, stderr } = clone.setup();

  expect(status).toBe(1);
  for (const word of ['apt-get install redis-server', 'brew install redis', 'Docker', 'REDIS_URL']) {
    expect(stderr).toContain(word);
  }
  expect(stderr).not.toMatch(/\n +at /);
});

interface SetupRun {
  env?: Record<string, string>;
  args?: string[];
  pathPrefix?: string;
}

/** A folder with the script and a lock file. Its PATH is empty at first. */
function freshClone({ packages = 'missing' }: { packages?: 'missing' | 'stale' | 'current' } = {}) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'gwm-setup-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const bin = join(root, 'bin');
  const calls = join(root, 'calls');
  for (const folder of [bin, join(root, 'scripts'), join(root, 'node_modules')]) mkdirSync(folder);
  copyFileSync(new URL('../../../scripts/setup.js', import.meta.url), join(root, 'scripts/setup.js'));
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(root, 'package-lock.json'), '{}');
  if (packages !== 'missing') {
    const installed = join(root, 'node_modules/.package-lock.json');
    const offsetS = packages === 'current' ? 60 : -60;
    writeFileSync(installed, '{}');
    utimesSync(installed, Date.now() / 1000 + offsetS, Date.now() / 1000 + offsetS);
  }

  return {
    root,
    /** Puts a shell script on the PATH. The script may append to the file $CALLS. */
    command: (name: string, script = '') => writeProgram(join(bin, name), script),
    /** Puts programs into a folder that is not on the PATH. @returns the path of the folder */
    programs(folder: string, names: string[]): string {
      const path = join(root, folder);
      mkdirSync(path, { recursive: true });
      for (const name of names) writeProgram(join(path, name), '');
      return path;
    },
    setup({ env = {}, args = [], pathPrefix = '' }: SetupRun = {}) {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [join(root, 'scripts/setup.js'), ...args],
        {
          encoding: 'utf8',
          env: { PATH: `${pathPrefix}${bin}`, CALLS: calls, ...env },
        },
      );
      return { status, stdout, stderr };
    },
    calls: () => (existsSync(calls) ? readFileSync(calls, 'utf8') : ''),
  };
}

function writeProgram(path: string, script: string): void {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}
