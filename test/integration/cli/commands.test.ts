import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { VERSION } from '../../../src/core/version.ts';
import { type Finished, runGwm } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { onEnd } from '../../support/lifetime.ts';
import { message, openSystem, type System } from '../../support/system.ts';

const KIND = 'message-transmission';
const SECRET = 'https://u:SECRET@host.example/?token=SECRET';
const [USAGE, NOT_FOUND, REFUSED, UNAVAILABLE, SETTINGS] = [2, 3, 4, 69, 78];

let system: System;
let jobId: string;
let file: string;

beforeAll(async () => {
  system = await openSystem({ tenants: ['acme', 'globex'] });
  const { jobIds } = await system.openProducer().enqueue(KIND, message());
  jobId = jobIds[0] ?? '';
  const folder = await mkdtemp(join(tmpdir(), 'gwm-commands-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  file = join(folder, 'messages.ndjson');
  await writeFile(file, `${JSON.stringify(message())}\n`);
});

function gwm(...args: readonly string[]): Promise<Finished> {
  return runCommand(args, { env: system.environment });
}

/** Every command with its JSON output and exit code. */
const COMMANDS: readonly { args: (string | (() => string))[]; code?: number; rows: unknown[] }[] = [
  { args: ['status'], rows: [{ tenantId: 'acme', bucketClass: 'messages' }] },
  {
    args: ['top', '--once'],
    rows: [{ at: expect.any(String), tenants: [{ id: 'acme' }, { id: 'globex' }] }],
  },
  { args: ['top', '--once', '--tenant', 'globex'], rows: [{ tenants: [{ id: 'globex' }] }] },
  { args: ['top', '--once', '--tenant', 'nothing'], code: NOT_FOUND, rows: [] },
  { args: ['top', '--every', '1ms'], code: USAGE, rows: [] },
  { args: ['enqueue', KIND, () => file], rows: [{ line: 1, kind: KIND, id: expect.stringMatching(/^j/) }] },
  {
    args: ['pause', 'acme', '--bucket', 'cards', '--for', '1m'],
    rows: [{ tenantId: 'acme', paused: ['cards'], forMs: 60_000 }],
  },
  { args: ['resume', 'acme'], rows: [{ tenantId: 'acme', resumed: ['messages', 'cards', 'platform'] }] },
  {
    args: ['jobs', 'get', KIND, () => jobId],
    rows: [{ kind: KIND, tenantId: 'acme', lane: 'conv-def-456' }],
  },
  { args: ['jobs', 'list', KIND, 'waiting', '--limit', '1'], rows: [{ kind: KIND }] },
  { args: ['jobs', 'list', KIND], rows: [] },
  {
    args: ['jobs', 'list', '--tenant', 'acme', '--conversation', 'conv-def-456'],
    rows: [{ kind: KIND, tenantId: 'acme' }, { jobId: expect.stringMatching(/^j/) }],
  },
  { args: ['jobs', 'list', '--tenant', 'globex'], rows: [] },
  { args: ['why', () => jobId], rows: [{ reason: 'unconfigured', kind: KIND, tenantId: 'acme' }] },
  { args: ['why', 'jnothing'], code: NOT_FOUND, rows: [] },
  {
    args: ['jobs', 'cancel', '--tenant', 'acme', '--dry-run'],
    rows: [{ seen: 2, matched: 2, done: 2, dryRun: true }],
  },
  { args: ['jobs', 'retry', '--tenant', 'acme'], rows: [{ seen: 0, matched: 0, done: 0, dryRun: false }] },
  { args: ['jobs', 'retry', '--conversation', 'c'], code: USAGE, rows: [] },
  { args: ['jobs', 'retry', KIND, '--tenant', 'acme'], code: USAGE, rows: [] },
  { args: ['jobs', 'cancel', KIND, () => jobId], rows: [{ outcome: 'cancelled' }] },
  { args: ['jobs', 'retry', KIND, () => jobId], code: REFUSED, rows: [] },
  { args: ['webhooks', 'list'], rows: [] },
  { args: ['webhooks', 'list', 'wh-1'], code: NOT_FOUND, rows: [] },
  { args: ['webhooks', 'replay', 'wh-1'], code: NOT_FOUND, rows: [] },
  { args: ['webhooks', 'enable', 'ep-1'], code: NOT_FOUND, rows: [] },
  { args: ['webhooks', 'test', 'https://127.0.0.1/', '--tenant', 'acme'], code: SETTINGS, rows: [] },
  { args: ['audit', 'schedule'], rows: [] },
  {
    args: ['audit', 'schedule', '--tenant', 'acme', '--organizations', 'org-1', '--every', '1h'],
    rows: [{ tenantId: 'acme', every: '1h' }],
  },
  { args: ['audit', 'schedule', '--tenant', 'acme', '--off'], rows: [{ tenantId: 'acme', every: null }] },
  { args: ['audit', 'schedule', '--tenant', 'acme', '--off'], code: NOT_FOUND, rows: [] },
  { args: ['audit', 'verify'], code: UNAVAILABLE, rows: [] },
  { args: ['audit', 'export', '--tenant', 'acme'], code: UNAVAILABLE, rows: [] },
];

describe('gwm for programs', () => {
  test('prints JSON alone on standard output, and exits with the right code', async () => {
    for (const { args, code = 0, rows } of COMMANDS) {
      const given = args.map((arg) => (typeof arg === 'function' ? arg() : arg));
      const finished = await gwm(...given, '--json');
      const printed =
        finished.stdout === '' ? [] : finished.stdout.split('\n').map((line) => JSON.parse(line));
      expect({ args: given, ...finished, printed }).toMatchObject({ code });
      for (const [n, row] of rows.entries()) expect(printed[n], given.join(' ')).toMatchObject(row as object);
      if (rows.length === 0) expect(finished.stdout).toBe('');
      if (code !== 0) expect(finished.stderr).not.toBe('');
    }
  });

  test.for([
    { args: ['status'], code: 0 },
    { args: ['jobs'], code: USAGE },
    { args: ['audit', 'verify'], code: UNAVAILABLE },
  ])('ends with the exit code of the command: %j', async ({ args, code }) => {
    const env = system.environment;
    const { stderr, ...finished } = await runGwm(args, { env });

    expect(finished.code).toBe(code);
    expect(await runCommand(args, { env })).toMatchObject({ code, stderr });
  });

  test('prints its version, and lists the exit codes in its help', async () => {
    expect(await runGwm(['--version'])).toEqual({ code: 0, stdout: VERSION, stderr: '' });
    const help = await gwm('--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(/^ {2}69 {3}Redis, a database or a port is not available/m);
    expect((await gwm('jobs')).code).toBe(USAGE);
  });
});

describe('a wrong value', () => {
  test.for([
    ['jobs', 'list', KIND, 'failed', '--limit', 'abc'],
    ['enqueue', SECRET],
    ['webhooks', 'test', SECRET, '--tenant', 'acme'],
    [
      'audit',
      'schedule',
      '--tenant',
      'acme',
      '--organizations',
      SECRET,
      '--every',
      '1h',
      '--actions',
      SECRET,
    ],
  ])('is refused and not quoted: %j', async (args) => {
    const { code, stdout, stderr } = await gwm(...args);

    expect({ code, stdout }).toEqual({ code: USAGE, stdout: '' });
    expect(stderr).not.toMatch(/SECRET|host\.example/);
    expect(stderr).not.toMatch(/globex|^\s+at /m);
  });

  test.for([
    ['pause', SECRET, '--for', '1h'],
    ['jobs', 'retry', KIND, 'meta'],
    ['webhooks', 'enable', SECRET],
    ['audit', 'schedule', '--tenant', SECRET, '--organizations', 'a', '--every', '1h'],
    ['enqueue', KIND, SECRET],
    ['sandbox', '--clients', SECRET],
    ['demo', '--messages', SECRET],
  ])('is not found, and the error quotes neither it nor existing names: %j', async (args) => {
    const { code, stdout, stderr } = await gwm(...args);

    expect({ code, stdout }).toEqual({ code: NOT_FOUND, stdout: '' });
    expect(stderr).not.toMatch(/SECRET|globex|acme/);
  });
});

test.for(['ENV_FILE', 'TENANTS_FILE', 'BOARD_USER', 'HTTP_HOST', 'QUEUE_PREFIX', 'LOG_LEVEL', 'NO_PROXY'])(
  'a secret in place of the setting %s is not quoted',
  async (name) => {
    const finished = await runCommand(['status'], {
      env: { ...system.environment, [name]: `${SECRET}\u00e4` },
    });

    expect(finished).toMatchObject({ code: SETTINGS, stdout: '' });
    expect(finished.stderr).not.toMatch(/SECRET|host\.example/);
  },
);

describe('text from other programs', () => {
  test('cannot control the terminal, in names of fields, tenants, reasons and files', async () => {
    const hostile = '\u009b2J\u202eKEY\u200b\u2066';
    await writeFile(file, `${JSON.stringify({ tenantId: `acme${hostile}`, [hostile]: 1 })}\n`);

    const printed = await Promise.all([
      gwm('enqueue', KIND, file),
      gwm('enqueue', KIND, file, '--json'),
      gwm('enqueue', KIND, `/nowhere/${hostile}`),
      gwm('pause', 'acme', '--for', '1m', '--reason', hostile).then(() => gwm('status')),
      gwm(hostile),
    ]);

    for (const { stdout, stderr } of printed) {
      expect(stdout + stderr).not.toMatch(/(?!\n)[\p{C}\p{DI}]/u);
    }
    expect(printed[0]?.stderr).toContain('U+009B');
    expect(printed[3]?.stdout).toContain('\\u009b2J');
    await gwm('resume', 'acme');
  });
});

test('acts on unknown ids leave no audit record', async () => {
  const before = await system.client.xlen(system.keys.auditStream(0));

  for (const args of [
    ['jobs', 'cancel', KIND, 'jnothing'],
    ['jobs', 'retry', KIND, 'jnothing'],
    ['pause', 'nowhere', '--for', '1m'],
    ['resume', 'nowhere'],
    ['webhooks', 'replay', 'wh-nothing'],
    ['webhooks', 'enable', 'ep-nothing'],
    ['keys', 'revoke', 'k_00000000000'],
    ['audit', 'schedule', '--tenant', 'nowhere', '--off'],
  ]) {
    expect((await gwm(...args)).code, args.join(' ')).toBe(NOT_FOUND);
  }

  expect(await system.client.xlen(system.keys.auditStream(0))).toBe(before);
});
