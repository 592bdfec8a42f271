import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LineLimits, readLines } from '../../../src/ingest/lines.ts';
import { all, allAndError, inChunks } from './bodies.ts';

const ROOMY: LineLimits = { maxLineBytes: 1000, maxBytes: 1_000_000 };

const linesOf = (body: string | Uint8Array, limits: LineLimits = ROOMY, sizes: readonly number[] = []) =>
  all(readLines(inChunks(body, sizes), limits));

const valuesOf = async (body: string) => (await linesOf(body)).map(({ value }) => value);

describe('a body of lines', () => {
  test('gives the value of each line, with its number', async () => {
    expect(await linesOf('{"a":1}\n[2]\n"three"\n')).toEqual([
      { number: 1, value: { a: 1 } },
      { number: 2, value: [2] },
      { number: 3, value: 'three' },
    ]);
  });

  test('may end its lines with CRLF, and its last line without a line end', async () => {
    expect(await valuesOf('1\r\n2\r\n3')).toEqual([1, 2, 3]);
    expect(await valuesOf('1\r\n2\r\n3\r')).toEqual([1, 2, 3]);
  });

  test('counts empty lines and leaves them out', async () => {
    expect(await linesOf('\n1\n\n \t\r\n2\n\n')).toEqual([
      { number: 2, value: 1 },
      { number: 5, value: 2 },
    ]);
    expect(await linesOf('')).toEqual([]);
  });

  test('keeps the line breaks of Unicode within a text', async () => {
    expect(await valuesOf('"a\u2028b\u2029c\u0085d"\n1')).toEqual(['a\u2028b\u2029c\u0085d', 1]);
  });

  test('may begin with a byte order mark', async () => {
    expect(await valuesOf('\ufeff1\n2')).toEqual([1, 2]);
  });
});

describe('a bad line does not spoil its neighbors', () => {
  const errorOf = async (line: string | Uint8Array) => {
    const body = Buffer.concat([Buffer.from('1\n'), Buffer.from(line), Buffer.from('\n3')]);
    const [first, second, third, ...others] = await linesOf(body);
    expect([first, third, others]).toEqual([{ number: 1, value: 1 }, { number: 3, value: 3 }, []]);
    expect(second?.number).toBe(2);
    return second?.error;
  };

  test('when it is no JSON; its text is not quoted', async () => {
    expect(await errorOf('{"secret text"')).toEqual({ path: '', message: 'expected JSON, got another text' });
  });

  test('when it is not UTF-8', async () => {
    expect(await errorOf(Buffer.from('"Gr\xfc\xdfe"', 'latin1'))).toEqual({
      path: '',
      message: 'expected UTF-8, got another encoding from byte 4 of the line on',
    });
  });

  test('when it is too long', async () => {
    expect(await errorOf(JSON.stringify('x'.repeat(1000)))).toEqual({
      path: '',
      message: 'expected a line of at most 1000 bytes, got more',
    });
  });

  test('when a number would lose digits; the field is named', async () => {
    expect(await errorOf('{"a":[1,76561197980428154]}')).toEqual({
      path: 'a[1]',
      message: expect.stringMatching(/^expected a number that keeps its digits/),
    });
  });

  test('when it has a field __proto__, at any depth', async () => {
    expect(await errorOf('{"__proto__":{"a":1}}')).toEqual({
      path: '',
      message: 'expected no field of the name "__proto__"',
    });
    expect((await errorOf('{"a":[{"\\u005f_proto__":1}]}'))?.path).toBe('a[0]');
    expect('a' in {}).toBe(false);
  });

  test('when it is nested too deep', async () => {
    const deep = `${'['.repeat(33)}${']'.repeat(33)}`;
    expect((await errorOf(deep))?.message).toBe('expected at most 32 levels of nesting, got more');
  });
});

describe('nesting without end', () => {
  test.for([
    { what: 'lists', open: '[', close: ']', inside: '' },
    { what: 'objects', open: '{"a":', close: '}', inside: '1' },
    { what: 'lists around a long number', open: '[', close: ']', inside: '76561197980428154' },
    { what: 'lists that do not close', open: '[', close: '', inside: '' },
  ])('of $what is an error of its line', async ({ open, close, inside }) => {
    const line = open.repeat(100_000) + inside + close.repeat(100_000);
    const lines = await linesOf(`${line}\n2`, { maxLineBytes: 1_000_000, maxBytes: 2_000_000 });

    expect(lines).toEqual([
      { number: 1, error: { path: expect.any(String), message: expect.any(String) } },
      { number: 2, value: 2 },
    ]);
  });

  test('is refused with too many values as well', async () => {
    const [line] = await linesOf(`[${'0,'.repeat(40_000)}0]`, {
      maxLineBytes: 1_000_000,
      maxBytes: 2_000_000,
    });
    expect(line?.error?.message).toBe('expected at most 40000 values, got more');
  });
});

describe('limits', () => {
  test('a line has exactly as many bytes as allowed, whichever line end it has', async () => {
    const limits = { maxLineBytes: 6, maxBytes: 100 };
    for (const sizes of [[100], [1], [6], [7]]) {
      expect(await linesOf('"abcd"\r\n"abcd"\n"abcd"', limits, sizes)).toHaveLength(3);
      const lines = await linesOf('"abcde"\r\n"abcde"\n"abcde"', limits, sizes);
      expect(lines.map(({ error }) => error?.message)).toEqual(
        Array(3).fill('expected a line of at most 6 bytes, got more'),
      );
    }
  });

  test('a body beyond its limit ends with an error, behind the lines within it', async () => {
    for (const sizes of [[100], [1], [3], [4, 2]]) {
      const { list, error } = await allAndError(
        readLines(inChunks('11\n22\n33\n', sizes), { maxLineBytes: 10, maxBytes: 7 }),
      );
      expect(list.map(({ value }) => value)).toEqual([11, 22]);
      expect(error).toMatchObject({ code: 'BODY_TOO_LARGE', status: 413 });
    }
    expect(await linesOf('11\n22', { maxLineBytes: 10, maxBytes: 5 })).toHaveLength(2);
  });
});

describe('any chunking of a body', () => {
  const piece = fc.oneof(
    fc.json().map((text) => Buffer.from(text)),
    fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom('\n', '\r\n', '\r', '\n\n', ' ', '\ufeff').map((text) => Buffer.from(text)),
  );
  const body = fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.concat(pieces));
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 });
  const limits = fc.record({
    maxLineBytes: fc.integer({ min: 1, max: 60 }),
    maxBytes: fc.integer({ min: 1, max: 500 }),
  });

  test('gives the same lines and the same error', async () => {
    await fc.assert(
      fc.asyncProperty(body, sizes, limits, async (bytes, chunkSizes, bounds) => {
        const whole = await allAndError(readLines(inChunks(bytes, [bytes.length]), bounds));
        const cut = await allAndError(readLines(inChunks(bytes, chunkSizes), bounds));
        expect(cut).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });

  test('gives the lines of the text, one by one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 20 }),
        sizes,
        async (values, cuts) => {
          const texts = values
            .map((value) => JSON.stringify(value))
            .filter((text) => !text.includes('__proto__'));
          const lines = await linesOf(
            texts.join('\n'),
            { maxLineBytes: 100_000, maxBytes: 10_000_000 },
            cuts,
          );
          const good = lines.flatMap((line) => (line.error ? [] : [JSON.stringify(line.value)]));
          // A number of many digits is an error of its line.
          expect(lines).toHaveLength(texts.length);
          for (const text of good) expect(texts).toContain(text);
          expect(
            lines.filter(({ error }) => error).every(({ error }) => /digits/.test(error?.message ?? '')),
          ).toBe(true);
        },
      ),
    );
  });
});

describe('the source', () => {
  test('is asked for the next chunk only when all lines of the last one are taken', async () => {
    let asked = 0;
    async function* source() {
      for (;;) {
        asked++;
        yield Buffer.from('1\n2\n');
      }
    }
    const lines = readLines(source(), ROOMY);
    const after: number[] = [];
    for (let line = 0; line < 6; line++) {
      await lines.next();
      after.push(asked);
    }
    expect(after).toEqual([1, 1, 2, 2, 3, 3]);
  });

  test('ends when the caller stops early', async () => {
    let isClosed = false;
    async function* source() {
      try {
        for (;;) yield Buffer.from('1\n2\n');
      } finally {
        isClosed = true;
      }
    }
    for await (const { number } of readLines(source(), ROOMY)) if (number === 3) break;
    expect(isClosed).toBe(true);
  });

  test('passes its error on, behind the lines before it', async () => {
    const broken = new Error('aborted');
    async function* source() {
      yield Buffer.from('1\n2');
      throw broken;
    }
    expect(await allAndError(readLines(source(), ROOMY))).toEqual({
      list: [{ number: 1, value: 1 }],
      error: broken,
    });
  });
});
