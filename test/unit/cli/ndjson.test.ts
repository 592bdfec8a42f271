import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type NdjsonLine, openNdjson } from '../../../src/cli/ndjson.ts';
import { OperatorError } from '../../../src/core/errors.ts';

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gwm-ndjson-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function write(content: string): string {
  const file = join(createFolder(), 'jobs.ndjson');
  writeFileSync(file, content);
  return file;
}

async function collect(lines: AsyncIterable<NdjsonLine>): Promise<NdjsonLine[]> {
  const collected: NdjsonLine[] = [];
  for await (const line of lines) collected.push(line);
  return collected;
}

async function read(content: string): Promise<NdjsonLine[]> {
  const { lines } = await openNdjson(write(content));
  return await collect(lines);
}

const NO_JSON = 'expected JSON, one job on the line';

describe('lines', () => {
  test('are numbered from 1, and blank ones count although they are left out', async () => {
    expect(await read('{"a":1}\n\n   \n{"a":2}\n\t\n{"a":3}')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 4, value: { a: 2 } },
      { line: 6, value: { a: 3 } },
    ]);
  });

  test('may end as they do on Windows', async () => {
    expect(await read('{"a":1}\r\n\r\n{"a":2}\r\n')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 3, value: { a: 2 } },
    ]);
  });

  test('may begin with a byte order mark', async () => {
    expect(await read('\ufeff{"a":1}\n{"a":2}\n')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 2, value: { a: 2 } },
    ]);
  });

  test('may be of any JSON: what it should be is for others to say', async () => {
    const values = (await read('null\n7\n"text"\n[1]\n')).map(({ value }) => value);
    expect(values).toEqual([null, 7, 'text', [1]]);
  });

  test('may be none at all', async () => {
    expect(await read('')).toEqual([]);
    expect(await read('\n\n')).toEqual([]);
  });

  test('come back as they were written, whatever a text in them holds', async () => {
    const texts = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(texts, async (values) => {
        const lines = await read(values.map((text) => `${JSON.stringify({ text })}\n`).join(''));
        expect(lines).toEqual(values.map((text, index) => ({ line: index + 1, value: { text } })));
      }),
    );
  });

  test.for([
    { name: 'a line separator', mark: '\u2028' },
    { name: 'a paragraph separator', mark: '\u2029' },
    { name: 'the next-line character', mark: '\u0085' },
  ])('do not end at $name, which JSON allows in a text', async ({ mark }) => {
    expect(await read(`{"text":"one${mark}two"}\n{"a":2}\n`)).toEqual([
      { line: 1, value: { text: `one${mark}two` } },
      { line: 2, value: { a: 2 } },
    ]);
  });
});

describe('a line that is no JSON', () => {
  test('is reported by its number, and those around it are read', async () => {
    expect(await read('{"a":1}\n{"a":\n{"a":3}{"a":4}\n{"a":5}\n')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 2, fault: NO_JSON },
      { line: 3, fault: NO_JSON },
      { line: 4, value: { a: 5 } },
    ]);
  });

  test('is not quoted: it may be what a customer wrote', async () => {
    const lines = await read('{"content":"jkqxz\njkqxz\n[jkqxz]\n');
    expect(lines).toHaveLength(3);
    expect(JSON.stringify(lines)).not.toContain('jkqxz');
  });

  test('is one over a mebi of characters, and one just below is read', async () => {
    const lineOf = (length: number) => `"${'a'.repeat(length - 2)}"`;
    const lines = await read(`${lineOf(1_048_577)}\n${lineOf(1_048_576)}\n{"a":3}\n`);
    expect(lines.map(({ line, fault }) => [line, fault])).toEqual([
      [1, 'expected at most 1048576 characters on a line, got more'],
      [2, undefined],
      [3, undefined],
    ]);
  });
});

describe('reading that begins late', () => {
  test('misses nothing: a command has other things to do between opening and reading', async () => {
    const file = write('{"text":"any"}\n'.repeat(20_000));
    const { lines } = await openNdjson(file);
    // As a connection to Redis does, this gives the event loop time for whatever else is ready.
    for (let turn = 0; turn < 20; turn++) await readFile(file);
    const numbers = (await collect(lines)).map(({ line }) => line);
    expect([numbers.length, numbers[0], numbers.at(-1)]).toEqual([20_000, 1, 20_000]);
  }, 3000);
});

describe('the size', () => {
  test('is known from the start, and all of it is counted in the end', async () => {
    const file = write('{"text":"äöü€"}\n{"a":2}\n');
    const input = await openNdjson(file);
    expect(input.size).toBe(29);
    expect(input.bytesRead()).toBe(0);
    await collect(input.lines);
    expect(input.bytesRead()).toBe(29);
  });
});

describe('what cannot be read', () => {
  test('is a file that is not there', async () => {
    const file = join(createFolder(), 'missing.ndjson');
    await expect(openNdjson(file)).rejects.toThrow(OperatorError);
    await expect(openNdjson(file)).rejects.toThrow(`The file ${file} cannot be read: ENOENT`);
  });

  test('is a folder', async () => {
    const folder = createFolder();
    await expect(openNdjson(folder)).rejects.toThrow(OperatorError);
    await expect(openNdjson(folder)).rejects.toThrow(`${folder} is a folder`);
  });
});

test('a number with more digits than JavaScript keeps is refused, and its field is named', async () => {
  const [long, short] = await read('{"fields":{"pin":76561197980428154}}\n{"pin":424242424242}\n');
  expect(long?.fault).toBe(
    '"pin": expected a number that keeps its digits (about 15 of them), or a text in quotes, got a longer number',
  );
  expect(short?.value).toEqual({ pin: 424242424242 });
});
