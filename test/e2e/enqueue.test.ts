import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runGwm } from '../support/gwm.ts';
import { onEnd } from '../support/lifetime.ts';
import { message, openSystem, type System, text } from '../support/system.ts';

const ARGS = ['enqueue', 'message-transmission'];
const TEXT = 'canary: my card number is 1234';

let system: System;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gwm-enqueue-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
});
beforeEach(async () => {
  system = await openSystem({ tenants: ['acme', 'globex'] });
});

describe('gwm enqueue FILE', () => {
  test('enqueues every line, prints a summary, and exits 0', async () => {
    const file = await write([message(), message({ tenantId: 'globex' }), message()]);

    const { code, stdout, stderr } = await enqueue([file]);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^(j[0-9a-f]{32}(\n|$)){3}$/);
    expect(stderr).toMatch(/^message-transmission: 3 accepted, 0 duplicates, 0 rejected$/m);
    expect(await waiting()).toBe(3);
  });

  test('reports invalid lines with number and reason, enqueues the valid ones, and exits 1', async () => {
    const file = await write([
      message({ body: text(TEXT) }),
      '{"tenantId": "acme", ',
      '',
      message({ guestId: 7, body: text(`${TEXT} malware.exe`) }),
      message({ tenantId: 'initech' }),
      '[1, 2]',
      'null',
      message({ body: text(`${TEXT}${'x'.repeat(5_000)}`) }),
      message(),
    ]);

    const { code, stdout, stderr } = await enqueue([file]);

    expect(code).toBe(1);
    expect(stdout).toMatch(/^(j[0-9a-f]{32}(\n|$)){2}$/);
    expect(stderr).toMatch(/^message-transmission: 2 accepted, 0 duplicates, 6 rejected$/m);
    expect(issueLines(stderr)).toEqual([
      'line 2: expected JSON, one job on the line',
      expect.stringMatching(/^line 4: guestId: expected string.*; body\.content: blocked by the pattern/),
      'line 5: tenantId: there is no such tenant in the tenants file',
      expect.stringMatching(/^line 6: expected object, received array/),
      expect.stringMatching(/^line 7: expected object, received null/),
      expect.stringMatching(/^line 8: body\.content: expected at most 4096 bytes of UTF-8, got \d+/),
    ]);
    expect(stderr).not.toContain('canary');
    expect(await waiting()).toBe(2);
  });

  test('reports a line that makes a check throw, and goes on', async () => {
    const hostile = { length: { toString: 0, valueOf: 0 } };
    const file = await write([message(), { tenantId: 'acme', attachments: hostile }, message()]);

    const { code, stdout, stderr } = await enqueue([file]);

    expect(code).toBe(1);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toContain('2 accepted, 0 duplicates, 1 rejected');
    expect(issueLines(stderr)).toEqual([expect.stringMatching(/^line 2: .*attachments: expected array/)]);
    expect(await waiting()).toBe(2);
  });

  test('keeps the line numbers across batches', async () => {
    const lines: unknown[] = Array.from({ length: 1_200 }, (_, n) =>
      message({ conversationId: `conv-${n}` }),
    );
    lines[599] = 'no JSON';
    lines[1_199] = message({ guestId: '' });

    const { code, stdout, stderr } = await enqueue([await write(lines)]);

    expect(code).toBe(1);
    expect(stdout.split('\n')).toHaveLength(1_198);
    expect(stderr).toContain('1198 accepted');
    expect(issueLines(stderr).map((line) => line.split(':')[0])).toEqual(['line 600', 'line 1200']);
    expect(await waiting()).toBe(1_198);
  });

  test('counts duplicates, and exits 0', async () => {
    const file = await write([
      message({ idempotencyKey: 'order-1' }),
      message({ idempotencyKey: 'order-1' }),
    ]);

    const { code, stdout, stderr } = await enqueue([file]);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^k[a-z2-7]{32}$/);
    expect(issueLines(stderr)).toEqual([`line 2: duplicate of ${stdout}`]);
    expect(stderr).toMatch(/^message-transmission: 1 accepted, 1 duplicates, 0 rejected$/m);
  });

  test('prints the number of jobs of a split text', async () => {
    const file = await write([message({ body: text('lorem ipsum '.repeat(800)), split: true })]);

    const { stdout, stderr } = await enqueue([file]);

    const [id] = stdout.split('\n');
    expect(stdout).toBe([id, `${id}-2`, `${id}-3`].join('\n'));
    expect(stderr).toContain('1 accepted as 3 jobs');
    expect(await waiting()).toBe(3);
  });

  test('reads files with the line ends of Windows', async () => {
    const file = join(folder, 'windows.ndjson');
    await writeFile(file, `\uFEFF${JSON.stringify(message())}\r\n${JSON.stringify(message())}\r\n`);

    expect((await enqueue([file])).code).toBe(0);
    expect(await waiting()).toBe(2);
  });

  test('reports a line that is not UTF-8, and enqueues the others', async () => {
    const file = await write([message(), message({ body: text('Gr\u00fc\u00dfe') }), message()]);
    const lines = (await readFile(file, 'utf8'))
      .split('\n')
      .map((line, n) => Buffer.from(line, n === 1 ? 'latin1' : 'utf8'));
    await writeFile(file, Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));

    const { code, stdout, stderr } = await enqueue([file]);

    expect(code).toBe(1);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(issueLines(stderr)).toEqual([
      expect.stringMatching(/^line 2: expected UTF-8, got another encoding from byte \d+ of the line on$/),
    ]);
  });

  test('reports a missing file and a folder in plain words', async () => {
    const missing = await enqueue([join(folder, 'missing.ndjson')]);
    const directory = await enqueue([folder]);

    expect(missing).toMatchObject({ code: 3, stdout: '' });
    expect(missing.stderr).toMatch(/^The file .*missing\.ndjson cannot be read: ENOENT/);
    expect(directory).toMatchObject({ code: 3, stdout: '' });
    expect(directory.stderr).toContain('is a folder; wanted a file with one job per line');
  });
});

describe('gwm enqueue --json', () => {
  test('prints only the result of each line on standard output, in the order of the input', async () => {
    const lines: unknown[] = Array.from({ length: 600 }, (_, n) => message({ idempotencyKey: `k-${n}` }));
    lines[3] = message({ idempotencyKey: 'k-0' });
    lines[300] = 'x';
    lines[301] = '';
    lines[400] = message({ guestId: '', idempotencyKey: 'bad' });
    lines[599] = message({ body: text('lorem ipsum '.repeat(800)), split: true });

    const { code, stdout, stderr } = await enqueue([await write(lines), '--json']);

    const results = stdout.split('\n').map((line) => JSON.parse(line));
    expect(code).toBe(1);
    expect(results.map(({ line }) => line)).toEqual(
      Array.from({ length: 600 }, (_, n) => n + 1).filter((line) => line !== 302),
    );
    expect(results[0]).toEqual({ line: 1, kind: 'message-transmission', id: expect.stringMatching(/^k/) });
    expect(results[3]).toEqual({ line: 4, kind: 'message-transmission', duplicateOf: results[0].id });
    expect(results[300]).toEqual({
      line: 301,
      kind: 'message-transmission',
      errors: [{ path: '', message: 'expected JSON, one job on the line' }],
    });
    expect(results[399]).toMatchObject({ line: 401, errors: [{ path: 'guestId' }] });
    const { id, ids } = results.at(-1);
    expect(ids).toEqual([id, `${id}-2`, `${id}-3`]);
    expect(stderr).toContain('596 accepted as 598 jobs, 1 duplicates, 2 rejected');
  });
});

describe('gwm enqueue -', () => {
  test.each([
    ['-', ['-']],
    ['no file at all', []],
  ])('reads standard input: %s', async (_what, args) => {
    const stdin = await write([message(), 'no JSON', message()]);

    const { code, stdout, stderr } = await runGwm([...ARGS, ...args], { env: system.environment, stdin });

    expect(code).toBe(1);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toBe(
      'line 2: expected JSON, one job on the line\nmessage-transmission: 2 accepted, 0 duplicates, 1 rejected',
    );
    expect(await waiting()).toBe(2);
  });
});

describe('gwm enqueue --no-tenants', () => {
  test('needs no tenants file, and accepts every tenant', async () => {
    const file = await write([message({ tenantId: 'initech' })]);
    const env = { ...system.environment, TENANTS_FILE: '/nowhere/tenants.json' };

    const { code } = await runGwm([...ARGS, file, '--no-tenants'], { env });

    expect(code).toBe(0);
    expect(await waiting()).toBe(1);
  });
});

async function enqueue(args: readonly string[]) {
  return await runGwm([...ARGS, ...args], { env: system.environment });
}

/** Writes a file with these lines. A value that is no text becomes JSON. */
async function write(lines: readonly unknown[]): Promise<string> {
  const file = join(folder, 'messages.ndjson');
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  await writeFile(file, `${texts.join('\n')}\n`);
  return file;
}

/** The lines about errors, in the order of the input, without the progress. */
function issueLines(stderr: string): string[] {
  const numberOf = (line: string) => Number(/^line (\d+)/.exec(line)?.[1]);
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('line '))
    .toSorted((a, b) => numberOf(a) - numberOf(b));
}

async function waiting(): Promise<number> {
  return await system.queues.of('message-transmission', 'acme').getJobCountByTypes('waiting', 'delayed');
}
