import { mkdtemp, rm, writeFile } from 'node:fs/promises';
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
  test('puts every line into the queue, says so, and ends well', async () => {
    const file = await write([message(), message({ tenantId: 'globex' }), message()]);

    const { code, stdout } = await enqueue([file]);

    expect(code).toBe(0);
    expect(stdout).toBe('message-transmission: 3 accepted, 0 duplicates, 0 rejected');
    expect(await waiting()).toBe(3);
  });

  test('reports bad lines with number and reason, puts the good ones in, and exits 1', async () => {
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
    expect(stdout).toBe('message-transmission: 2 accepted, 0 duplicates, 6 rejected');
    expect(faultLines(stderr)).toEqual([
      'line 2: expected JSON, one job on the line',
      expect.stringMatching(/^line 4: guestId: expected string.*; body\.content: blocked by the pattern/),
      expect.stringMatching(
        /^line 5: tenantId: no tenant "initech" in the tenants file; it has acme, globex$/,
      ),
      expect.stringMatching(/^line 6: expected object, received array/),
      expect.stringMatching(/^line 7: expected object, received null/),
      expect.stringMatching(/^line 8: body\.content: expected at most 4096 bytes of UTF-8, got \d+/),
    ]);
    expect(stderr).not.toContain('canary');
    expect(await waiting()).toBe(2);
  });

  test('names a line that breaks the check of a length, and goes on with the next one', async () => {
    const hostile = { length: { toString: 0, valueOf: 0 } };
    const file = await write([message(), { tenantId: 'acme', attachments: hostile }, message()]);

    const { code, stdout, stderr } = await enqueue([file]);

    expect(code).toBe(1);
    expect(stdout).toBe('message-transmission: 2 accepted, 0 duplicates, 1 rejected');
    expect(faultLines(stderr)).toEqual([expect.stringMatching(/^line 2: .*attachments: expected array/)]);
    expect(await waiting()).toBe(2);
  });

  test('keeps line numbers right over several batches', async () => {
    const lines: unknown[] = Array.from({ length: 1_200 }, (_, n) =>
      message({ conversationId: `conv-${n}` }),
    );
    lines[599] = 'no JSON';
    lines[1_199] = message({ guestId: '' });

    const { code, stdout, stderr } = await enqueue([await write(lines)]);

    expect(code).toBe(1);
    expect(stdout).toContain('1198 accepted');
    expect(faultLines(stderr).map((line) => line.split(':')[0])).toEqual(['line 600', 'line 1200']);
    expect(await waiting()).toBe(1_198);
  });

  test('counts duplicates, which are no fault', async () => {
    const file = await write([
      message({ idempotencyKey: 'order-1' }),
      message({ idempotencyKey: 'order-1' }),
    ]);

    const { code, stdout } = await enqueue([file]);

    expect(code).toBe(0);
    expect(stdout).toBe('message-transmission: 1 accepted, 1 duplicates, 0 rejected');
  });

  test('says how many jobs split texts became', async () => {
    const file = await write([message({ body: text('lorem ipsum '.repeat(800)), split: true })]);

    expect((await enqueue([file])).stdout).toContain('1 accepted as 3 jobs');
    expect(await waiting()).toBe(3);
  });

  test('takes files as Windows writes them', async () => {
    const file = join(folder, 'windows.ndjson');
    await writeFile(file, `\uFEFF${JSON.stringify(message())}\r\n${JSON.stringify(message())}\r\n`);

    expect((await enqueue([file])).code).toBe(0);
    expect(await waiting()).toBe(2);
  });

  test('says in plain words that there is no such file, or that it is a folder', async () => {
    const missing = await enqueue([join(folder, 'missing.ndjson')]);
    const directory = await enqueue([folder]);

    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toMatch(/^The file .*missing\.ndjson cannot be read: ENOENT/);
    expect(directory).toMatchObject({ code: 1, stdout: '' });
    expect(directory.stderr).toContain('is a folder; wanted a file with a job on each line');
  });
});

describe('gwm enqueue --json', () => {
  test('prints the summary for a program, and nothing else, on standard output', async () => {
    const file = await write([
      message(),
      message({ idempotencyKey: 'a' }),
      message({ idempotencyKey: 'a' }),
      'x',
    ]);

    const { code, stdout } = await enqueue([file, '--json']);

    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ accepted: 2, duplicates: 1, rejected: 1, jobs: 2 });
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
    expect(stdout).toBe('message-transmission: 2 accepted, 0 duplicates, 1 rejected');
    expect(stderr).toBe('line 2: expected JSON, one job on the line');
    expect(await waiting()).toBe(2);
  });
});

describe('gwm enqueue --no-tenants', () => {
  test('needs no tenants file, and takes every tenant', async () => {
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

/** Writes a file with these lines; what is no text becomes JSON. */
async function write(lines: readonly unknown[]): Promise<string> {
  const file = join(folder, 'messages.ndjson');
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  await writeFile(file, `${texts.join('\n')}\n`);
  return file;
}

/** Lines about faults, in the order of the input; the others show the progress. */
function faultLines(stderr: string): string[] {
  const numberOf = (line: string) => Number(/^line (\d+)/.exec(line)?.[1]);
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('line '))
    .toSorted((a, b) => numberOf(a) - numberOf(b));
}

async function waiting(): Promise<number> {
  return await system.queues.of('message-transmission', 'acme').getJobCountByTypes('waiting', 'delayed');
}
