import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { JOB_KINDS } from '../../src/jobs/catalog.ts';
import { type Finished, runGwm } from '../support/gwm.ts';
import { onEnd } from '../support/lifetime.ts';
import { freePort } from '../support/listen.ts';
import { openOwnRedis } from '../support/own-redis.ts';
import { openSystem } from '../support/system.ts';

const PASSWORD = 'hunter2-hunter2';
const [USAGE, UNAVAILABLE, SETTINGS] = [2, 69, 78];
const NEED_REDIS = [['worker'], ['serve'], ['enqueue', 'message-transmission', 'package.json'], ['demo']];

describe('wrong settings', () => {
  test('stop every command that reads them, with one report of all errors', async () => {
    const env = {
      REDIS_URL: `http://user:${PASSWORD}@redis.example`,
      WORKER_CONCURRENCY: 'many',
      LOCK_DURATION: 'soon',
      QUEUE_PREFIX: 'a b',
    };

    const failures = await Promise.all(NEED_REDIS.map((args) => runGwm(args, { env })));

    for (const finished of failures) {
      expectPlainFailure(finished, SETTINGS);
      expect(finished.stderr).toMatch(/^4 settings are wrong:$/m);
      expect(finished.stderr).toMatch(/^ {2}REDIS_URL: wanted an address .* \(not shown\)$/m);
      expect(finished.stderr).toMatch(/^ {2}WORKER_CONCURRENCY: wanted a whole number .*, got "many"$/m);
      expect(finished.stderr).toMatch(/^ {2}LOCK_DURATION: wanted a duration .*, got "soon"$/m);
      expect(finished.stderr).toMatch(/^ {2}QUEUE_PREFIX: wanted .*, got "a b"$/m);
    }
  });

  test('include two settings that contradict each other', async () => {
    const finished = await runGwm(['worker'], { env: { LOCK_DURATION: '5s', REQUEST_TIMEOUT: '4s' } });

    expectPlainFailure(finished, SETTINGS);
    expect(finished.stderr).toContain('LOCK_DURATION: wanted at least twice REQUEST_TIMEOUT');
  });

  test('may come from ENV_FILE, which must exist', async () => {
    const file = await temporaryFile('settings.env', 'HTTP_PORT=eighty\n');

    const wrong = await runGwm(['serve'], { env: { ENV_FILE: file } });
    const missing = await runGwm(['serve'], { env: { ENV_FILE: `${file}.bak` } });

    expectPlainFailure(wrong, SETTINGS);
    expect(wrong.stderr).toContain('HTTP_PORT: wanted a whole number from 0 to 65535, got "eighty"');
    expectPlainFailure(missing, SETTINGS);
    expect(missing.stderr).toContain(`The settings file ${file}.bak cannot be read`);
  });
});

describe('a wrong tenants file', () => {
  test('stops the worker, with every error and its path', async () => {
    const file = await temporaryFile(
      'tenants.json',
      JSON.stringify({
        tenants: [
          {
            id: 'acme',
            clientId: 'c',
            clientSecret: PASSWORD,
            hosts: { login: 'http://a', api: 'https://a' },
          },
          {
            id: 'acme',
            dialect: 'guest',
            region: 'mypurecloud.de',
            clientId: 'c',
            clientSecret: { env: 'X' },
          },
        ],
      }),
    );

    const finished = await runGwm(['worker'], { env: { TENANTS_FILE: file } });

    expectPlainFailure(finished, SETTINGS);
    expect(finished.stderr).toContain(`The tenants file ${file} is wrong:`);
    expect(finished.stderr).toContain('tenants[0].dialect: ');
    expect(finished.stderr).toContain('tenants[0].clientSecret: expected a reference');
    expect(finished.stderr).toContain('tenants[0].hosts.login: expected https://');
    expect(finished.stderr).toContain('tenants[1].id: "acme" is also the id of tenants[0]');
  });

  test('is reported without its content if it is no JSON', async () => {
    const unquoted = await temporaryFile('tenants.json', `{"tenants": [{"clientSecret": ${PASSWORD}}]}`);
    const noComma = await temporaryFile('tenants.json', `{"tenants": [{"clientSecret": "${PASSWORD}" "id"`);

    const [one, other] = await Promise.all([
      runGwm(['worker'], { env: { TENANTS_FILE: unquoted } }),
      runGwm(['worker'], { env: { TENANTS_FILE: noComma } }),
    ]);

    expectPlainFailure(one, SETTINGS);
    expect(one.stderr).toContain(`The tenants file ${unquoted} is not JSON`);
    expectPlainFailure(other, SETTINGS);
    expect(other.stderr).toMatch(/is not JSON at position \d+ \(line 1 column \d+\)/);
  });

  test('is reported if it refers to a missing secret', async () => {
    const { environment } = await openSystem();

    const finished = await runGwm(['worker'], { env: { ...environment, CLIENT_SECRET_0: undefined } });

    expectPlainFailure(finished, SETTINGS);
    expect(finished.stderr).toContain(
      'tenants[0].clientSecret: the environment variable CLIENT_SECRET_0 is missing or empty',
    );
  });

  test.each([
    ['worker', ['worker']],
    ['enqueue', ['enqueue', 'message-transmission', 'package.json']],
  ])('is reported by gwm %s with the remedy if it is missing', async (_what, args) => {
    const { environment } = await openSystem();

    const finished = await runGwm(args, { env: { ...environment, TENANTS_FILE: '/nowhere/tenants.json' } });

    expectPlainFailure(finished, SETTINGS);
    expect(finished.stderr).toContain('The tenants file /nowhere/tenants.json cannot be read');
    expect(finished.stderr).toContain('Copy tenants.example.json, or set TENANTS_FILE');
  });
});

describe('Redis', () => {
  test('is reported as missing in time by every command that needs it', async () => {
    const { environment } = await openSystem();
    const port = await freePort();
    const env = { ...environment, REDIS_URL: `redis://user:${PASSWORD}@127.0.0.1:${port}/3`, HTTP_PORT: '0' };

    const failures = await Promise.all(NEED_REDIS.map((args) => runGwm(args, { env })));

    for (const finished of failures) {
      expectPlainFailure(finished, UNAVAILABLE);
      expect(finished.stderr).toContain(`Redis at redis://127.0.0.1:${port}/3 does not answer`);
      expect(finished.stderr).toContain('ECONNREFUSED');
    }
  });

  test('is reported by every command if it refuses the login', async () => {
    const redis = await openOwnRedis();
    const { environment, client } = await openSystem({ redis });
    await client.config('SET', 'requirepass', 'the right password');
    const withoutPassword = { ...environment, HTTP_PORT: '0' };
    const wrong = { ...withoutPassword, REDIS_URL: redis.url.replace('//', `//:${PASSWORD}@`) };

    const failures = await Promise.all([
      ...NEED_REDIS.map((args) => runGwm(args, { env: wrong })),
      runGwm(['worker'], { env: withoutPassword }),
    ]);

    for (const finished of failures) {
      expectPlainFailure(finished, UNAVAILABLE);
      expect(finished.stderr).toContain(`Redis at ${redis.url} refuses the login`);
      expect(finished.stderr).toContain('Check user and password in REDIS_URL');
    }
  });
});

describe('an unknown queue', () => {
  test.each([
    ['worker', ['worker', 'message-transmission', 'messages']],
    ['enqueue', ['enqueue', 'messages', 'package.json']],
  ])('is reported by gwm %s with the existing queues', async (_what, args) => {
    const finished = await runGwm(args);

    expectPlainFailure(finished, USAGE);
    expect(finished.stderr).toContain(`There is no such queue. The queues are: ${JOB_KINDS.join(', ')}.`);
    expect(finished.stderr).not.toMatch(/\bmessages\b/);
  });
});

describe('an unknown command', () => {
  test('is reported with the help command', async () => {
    const finished = await runGwm(['wroker']);

    expectPlainFailure(finished, USAGE);
    expect(finished.stderr).toContain('unknown command\n(Did you mean worker?)');
    expect(finished.stderr).toContain('gwm --help');
  });
});

/** Checks for text on standard error only, without a stack trace and without a password. */
function expectPlainFailure({ code, stdout, stderr }: Finished, wanted: number): void {
  expect(code).toBe(wanted);
  expect(stderr).not.toBe('');
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).not.toMatch(/node:internal|\.ts:\d+/);
  expect(stdout + stderr).not.toContain(PASSWORD);
}

async function temporaryFile(name: string, content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gwm-start-up-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, name), content);
  return join(folder, name);
}
