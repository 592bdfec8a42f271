import { createHook } from 'node:async_hooks';
import type { Transform } from 'node:stream';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decoded } from '../../../src/ingest/decode-body.ts';
import { all, allAndError, inChunks } from './bodies.ts';

const ROOMY = { maxBytes: 10_000_000 };
const CODINGS = [
  { name: 'gzip', compress: (bytes: Uint8Array) => gzipSync(bytes) },
  { name: 'zstd', compress: (bytes: Uint8Array) => zstdCompressSync(bytes) },
];

async function textOf(
  body: string | Uint8Array,
  encoding: string | undefined,
  sizes: readonly number[] = [],
): Promise<string> {
  return Buffer.concat(await all(decoded(inChunks(body, sizes), encoding, ROOMY))).toString();
}

const failureOf = async (body: Uint8Array, encoding: string, sizes: readonly number[], limits = ROOMY) =>
  (await allAndError(decoded(inChunks(body, sizes), encoding, limits))).error;

describe('a body', () => {
  test.for([undefined, '', 'identity', ' Identity ', 'identity, identity'])(
    'of the encoding %j stays as it is',
    async (encoding) => {
      expect(await textOf('Hello', encoding, [2])).toBe('Hello');
    },
  );

  test.for(['gzip', 'GZIP', ' x-gzip ', 'identity, gzip'])('of the encoding %j is gzip', async (encoding) => {
    expect(await textOf(gzipSync('Hello'), encoding)).toBe('Hello');
  });

  test.for([
    'br',
    'deflate',
    'gzip, gzip',
    'gzip, zstd',
    'constructor',
    '__proto__',
    '*',
    'gzip;q=1',
    'gzip\u00a0',
    ' '.repeat(16_000),
  ])('of the encoding %j is refused before it is read', (encoding) => {
    expect(() => decoded(inChunks('x', []), encoding, ROOMY)).toThrow(
      expect.objectContaining({ code: 'ENCODING_UNSUPPORTED', status: 415 }),
    );
  });
});

describe.for(CODINGS)('a body in $name', ({ name, compress }) => {
  const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 10 });

  test('is the same bytes again, in whichever chunks and members it comes', async () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 2000, size: 'max' }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(parts, sizes, async (members, cuts) => {
        const body = Buffer.concat(members.map(compress));
        const bytes = await all(decoded(inChunks(body, cuts), name, ROOMY));
        expect(Buffer.concat(bytes).equals(Buffer.concat(members))).toBe(true);
      }),
    );
  });

  // The zstd decoder of Node ends in silence at the end of the first frame of a chunk.
  test('of several members in one chunk loses none', async () => {
    const members = ['one\n', 'two\n', 'three\n'].map((text) => compress(Buffer.from(text)));
    expect(await textOf(Buffer.concat(members), name)).toBe('one\ntwo\nthree\n');
  });

  test('that is cut off anywhere is an error, however it is cut into chunks', async () => {
    const whole = compress(Buffer.from('Hello, hello, hello'));
    for (const member of [Buffer.alloc(0), whole]) {
      for (let length = member.length === 0 ? 0 : 1; length < whole.length; length++) {
        for (const cuts of [[1000], [1], [member.length || 1000]]) {
          const body = Buffer.concat([member, whole.subarray(0, length)]);
          expect(await failureOf(body, name, cuts)).toMatchObject({ code: 'BODY_DAMAGED', status: 400 });
        }
      }
    }
  });

  test('with other bytes behind it is an error', async () => {
    for (const rest of ['garbage', '\0\0\0\0\0\0\0\0']) {
      const body = Buffer.concat([compress(Buffer.from('Hello')), Buffer.from(rest)]);
      for (const cuts of [[1000], [1], [body.length - rest.length]]) {
        expect(await failureOf(body, name, cuts)).toMatchObject({ code: 'BODY_DAMAGED' });
      }
    }
  });

  test('that is no such data is an error, and its text is not quoted', async () => {
    const error = await failureOf(Buffer.from('secret text'), name, []);
    expect(error).toMatchObject({ code: 'BODY_DAMAGED' });
    expect(String(error)).not.toContain('secret');
  });

  test('never passes for another body when a byte of it is changed', async () => {
    const text = 'Hello, hello, hello';
    const body = name === 'zstd' ? zstdChecked(text) : compress(Buffer.from(text));
    for (let at = 0; at < body.length; at++) {
      const changed = Buffer.from(body);
      changed[at] = (changed[at] ?? 0) ^ 0x55;
      const { list, error } = await allAndError(decoded(inChunks(changed, [7]), name, ROOMY));
      if (error === undefined) expect(Buffer.concat(list).toString()).toBe(text);
      else expect(error).toMatchObject({ code: 'BODY_DAMAGED' });
    }
  });

  test('is bounded after decompression', async () => {
    const bomb = compress(Buffer.alloc(50_000_000));
    const { list, error } = await allAndError(decoded(inChunks(bomb, [1000]), name, { maxBytes: 100_000 }));

    expect(error).toMatchObject({ code: 'BODY_TOO_LARGE', status: 413 });
    expect(Buffer.concat(list)).toHaveLength(100_000);
  });

  test('is bounded before decompression: members of nothing go on for ever', async () => {
    const nothing = compress(Buffer.alloc(0));
    async function* source() {
      for (;;) yield nothing;
    }
    const { error } = await allAndError(decoded(source(), name, { maxBytes: 1000 }));
    expect(error).toMatchObject({ code: 'BODY_TOO_LARGE' });
  });

  test('is read no faster than its reader takes it', async () => {
    const body = compress(
      Buffer.concat(Array.from({ length: 500 }, (_, n) => Buffer.alloc(10_000, String(n)))),
    );
    let asked = 0;
    async function* source() {
      for await (const chunk of inChunks(Buffer.concat([body, body, body, body]), [100])) {
        asked++;
        yield chunk;
      }
    }
    const bytes = decoded(source(), name, { maxBytes: 100_000_000 });
    await bytes.next();
    const before = asked;
    // Only a decoder that ran ahead would ask for more now.
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toBe(before);
    await bytes.return();
  });

  test('ends its source and its decoder when the reader stops early', async () => {
    const member = compress(Buffer.alloc(1_000_000));
    let isClosed = false;
    async function* source() {
      try {
        for (;;) yield member;
      } finally {
        isClosed = true;
      }
    }
    const opened = await decodersOf(async () => {
      const bytes = decoded(source(), name, ROOMY);
      await bytes.next();
      await bytes.return();
    });
    expect(opened.map(({ destroyed }) => destroyed)).toEqual([true]);
    expect(isClosed).toBe(true);
  });

  test('passes the error of its source on', async () => {
    const broken = new Error('aborted');
    async function* source() {
      yield compress(Buffer.from('Hello')).subarray(0, 5);
      throw broken;
    }
    expect((await allAndError(decoded(source(), name, ROOMY))).error).toBe(broken);
  });
});

test('more than 1,000 zstd frames within chunks are refused: each costs a decoder', async () => {
  const frame = zstdCompressSync(Buffer.from('1\n'));
  const of = (frames: number) => Buffer.concat(Array(frames).fill(frame));
  expect(await textOf(of(1000), 'zstd')).toBe('1\n'.repeat(1000));
  expect(await failureOf(of(2000), 'zstd', [])).toMatchObject({
    code: 'BODY_DAMAGED',
    message: 'expected at most 1000 zstd frames in a body, got more',
  });
});

test('a zstd window of more than 8 MiB is refused: each body would take so much memory', async () => {
  const params = { [constants.ZSTD_c_windowLog]: 24 };
  const body = zstdCompressSync(Buffer.alloc(20_000_000), { params });
  expect(await failureOf(body, 'zstd', [], { maxBytes: 100_000_000 })).toMatchObject({
    code: 'BODY_DAMAGED',
    message: 'expected a zstd window of at most 8 MiB, got a larger one',
  });
});

function zstdChecked(text: string): Buffer {
  return zstdCompressSync(Buffer.from(text), { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
}

/** The decoders that an act opens. Node tells its hooks of the handle, which leads to its stream. */
async function decodersOf(act: () => Promise<void>): Promise<Transform[]> {
  const handles: object[] = [];
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (type === 'ZLIB') handles.push(resource);
    },
  }).enable();
  await act();
  hook.disable();
  return handles.map((handle) => {
    const owner = Object.getOwnPropertySymbols(handle).find(
      ({ description }) => description === 'owner_symbol',
    );
    return Reflect.get(handle, owner ?? '') as Transform;
  });
}

test('a body that is made to expand ends soon, however large its limit is', async () => {
  const bomb = zstdCompressSync(Buffer.alloc(200_000_000));
  const limits = { maxBytes: 1_000_000_000 };
  let expanded = 0;
  const read = async () => {
    for await (const piece of decoded(inChunks(bomb, []), 'zstd', limits)) expanded += piece.length;
  };

  await expect(read()).rejects.toMatchObject({
    code: 'BODY_TOO_LARGE',
    message: expect.stringContaining('1000 times its size'),
  });

  expect(expanded).toBeLessThanOrEqual(bomb.length * 1000);
});

test('a short body, and one of equal lines, may expand as they do', async () => {
  const line = `${JSON.stringify({ kind: 'message-transmission', conversationId: 'c', body: 'x' })}\n`;
  const lines = Array.from({ length: 100_000 }, (_, n) => line.replace('"c"', `"c-${n}"`)).join('');

  expect(await textOf(zstdCompressSync(Buffer.alloc(900_000)), 'zstd')).toHaveLength(900_000);
  expect(await textOf(zstdCompressSync(lines), 'zstd')).toBe(lines);
});
