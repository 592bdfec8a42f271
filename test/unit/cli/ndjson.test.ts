import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type NdjsonLine, openNdjson, openNdjsonStream } from '../../../src/cli/ndjson.ts';
import { OperatorError } from '../../../src/core/errors.ts';

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gwm-ndjson-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function write(content: string | Buffer): string {
  const file = join(createFolder(), 'jobs.ndjson');
  writeFileSync(file, content);
  return file;
}

async function collect(lines: AsyncIterable<NdjsonLine>): Promise<NdjsonLine[]> {
  const collected: NdjsonLine[] = [];
  for await (const line of lines) collected.push(line);
  return collected;
}

async function read(content: string | Buffer): Promise<NdjsonLine[]> {
  const { lines } = openNdjsonStream(Readable.from([Buffer.from(content)]), 'a pipe');
  return await collect(lines);
}

const NO_JSON = 'expected JSON, one job on the line';

describe('lines', () => {
  test('are numbered from 1, and blank ones count', async () => {
    expect(await read('{"a":1}\n\n   \n{"a":2}\n\t\n{"a":3}')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 4, value: { a: 2 } },
      { line: 6, value: { a: 3 } },
    ]);
  });

  test('may end with CR LF', async () => {
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

  test('may be any JSON, because the contracts check it', async () => {
    const values = (await read('null\n7\n"text"\n[1]\n')).map(({ value }) => value);
    expect(values).toEqual([null, 7, 'text', [1]]);
  });

  test('may be missing', async () => {
    expect(await read('')).toEqual([]);
    expect(await read('\n\n')).toEqual([]);
  });

  test('keep their values, with any text in them', async () => {
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

describe('a line that is not JSON', () => {
  test('is reported by its number, and the other lines are read', async () => {
    expect(await read('{"a":1}\n{"a":\n{"a":3}{"a":4}\n{"a":5}\n')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 2, issue: NO_JSON },
      { line: 3, issue: NO_JSON },
      { line: 4, value: { a: 5 } },
    ]);
  });

  test("is not quoted, because it may be a customer's text", async () => {
    const lines = await read('{"content":"jkqxz\njkqxz\n[jkqxz]\n');
    expect(lines).toHaveLength(3);
    expect(JSON.stringify(lines)).not.toContain('jkqxz');
  });

  test('is reported also if it exceeds 2^20 characters', async () => {
    const lineOf = (length: number) => `"${'a'.repeat(length - 2)}"`;
    const lines = await read(`${lineOf(1_048_577)}\n${lineOf(1_048_576)}\n{"a":3}\n`);
    expect(lines.map(({ line, issue }) => [line, issue])).toEqual([
      [1, 'expected at most 1048576 characters on a line, got more'],
      [2, undefined],
      [3, undefined],
    ]);
  });
});

describe('a line that is not UTF-8', () => {
  const latin1 = (text: string) => Buffer.from(text, 'latin1');
  const refused = (byte: number) => `expected UTF-8, got another encoding from byte ${byte} of the line on`;

  test.for([
    { what: 'Latin-1', bytes: latin1('{"text":"Gr\u00fc\u00dfe"}'), byte: 12 },
    { what: 'a cut character', bytes: Buffer.from('{"text":"\u20ac').subarray(0, -1), byte: 11 },
    { what: 'an encoded surrogate', bytes: Buffer.from('227b22eda0bd', 'hex'), byte: 5 },
    { what: 'an overlong slash', bytes: Buffer.from('22c0af22', 'hex'), byte: 2 },
    { what: 'UTF-16 with its mark', bytes: Buffer.from('\ufeff{}', 'utf16le'), byte: 1 },
  ])('is reported, and the other lines are read: $what', async ({ bytes, byte }) => {
    const input = Buffer.concat([Buffer.from('{"a":1}\n'), bytes, Buffer.from('\n{"a":"\u00fc"}\n')]);
    expect(await read(input)).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 2, issue: refused(byte) },
      { line: 3, value: { a: '\u00fc' } },
    ]);
  });

  test('is never decoded as another text, for any bytes', async () => {
    const bytes = fc
      .uint8Array({ maxLength: 60 })
      .map((held) => Buffer.from(held.filter((byte) => byte !== 10)));
    await fc.assert(
      fc.asyncProperty(bytes, async (line) => {
        const quoted = Buffer.concat([Buffer.from('["'), line, Buffer.from('"]\n')]);
        for (const { value } of await read(quoted)) {
          if (value !== undefined)
            expect(Buffer.from(JSON.stringify(value))).toEqual(
              Buffer.from(
                JSON.stringify(
                  JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(quoted)),
                ),
              ),
            );
        }
      }),
    );
  });
});

describe('a pipe', () => {
  test('may deliver the bytes in any chunks', async () => {
    const bytes = Buffer.from('\ufeff{"t":"\u20ac\ud83d\ude00"}\r\n\r\n{"t":"\u00fc"}\n{"t":');
    for (let size = 1; size <= 7; size++) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
        bytes.subarray(n * size, (n + 1) * size),
      );
      expect(await collect(openNdjsonStream(Readable.from(pieces), 'a pipe').lines)).toEqual([
        { line: 1, value: { t: '\u20ac\ud83d\ude00' } },
        { line: 3, value: { t: '\u00fc' } },
        { line: 4, issue: NO_JSON },
      ]);
    }
  });
});

describe('a late start of the reading', () => {
  test('loses no byte', async () => {
    const file = write('{"text":"any"}\n'.repeat(20_000));
    const { lines } = await openNdjson(file);
    // Lets the event loop run, as a connection to Redis does.
    for (let turn = 0; turn < 20; turn++) await readFile(file);
    const numbers = (await collect(lines)).map(({ line }) => line);
    expect([numbers.length, numbers[0], numbers.at(-1)]).toEqual([20_000, 1, 20_000]);
  });
});

describe('the progress of the reading', () => {
  test('has the size from the start, and reaches it at the end', async () => {
    const file = write('{"text":"äöü€"}\n{"a":2}\n');
    const input = await openNdjson(file);
    expect(input.size).toBe(29);
    expect(input.bytesRead()).toBe(0);
    await collect(input.lines);
    expect(input.bytesRead()).toBe(29);
  });
});

describe('an unreadable input', () => {
  test('may be a missing file', async () => {
    const file = join(createFolder(), 'missing.ndjson');
    await expect(openNdjson(file)).rejects.toThrow(OperatorError);
    await expect(openNdjson(file)).rejects.toThrow(`The file ${file} cannot be read: ENOENT`);
  });

  test('may be a folder', async () => {
    const folder = createFolder();
    await expect(openNdjson(folder)).rejects.toThrow(OperatorError);
    await expect(openNdjson(folder)).rejects.toThrow(`${folder} is a folder`);
  });
});

test('a number that JavaScript would round is refused with the name of its field', async () => {
  const [long, short] = await read('{"fields":{"pin":76561197980428154}}\n{"pin":424242424242}\n');
  expect(long?.issue).toBe(
    '"pin": expected a number that keeps its digits (about 15 of them), or a text in quotes, got a longer number',
  );
  expect(short?.value).toEqual({ pin: 424242424242 });
});

test('an address in place of a file is not quoted, because it may have a password', async () => {
  const opened = openNdjson('https://user:jkqxzjkqxz@example.com/jobs');
  await expect(opened).rejects.toThrow('cannot be read: ENOENT');
  await expect(opened).rejects.not.toThrow('jkqxzjkqxz');
});
