import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBytes } from '../../../src/outbound/read-body.ts';

const readText = async (...args: Parameters<typeof readBytes>) => (await readBytes(...args)).toString();

const bytes = (text: string) => new TextEncoder().encode(text);

/** A body that comes in these chunks and counts the chunks that are read. */
function answerOf(chunks: Iterable<Uint8Array<ArrayBuffer>>) {
  const source = chunks[Symbol.iterator]();
  const taken = { chunks: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        const next = source.next();
        if (next.done) return controller.close();
        taken.chunks++;
        controller.enqueue(next.value);
      },
      cancel() {
        taken.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body: stream, taken };
}

function* endless(chunk: Uint8Array<ArrayBuffer>) {
  for (;;) yield chunk;
}

describe('a body', () => {
  test('within the limit is read to its end', async () => {
    const { body, taken } = answerOf([bytes('{"id":'), bytes('"msg-001"}')]);
    expect(await readText(body, 1000)).toBe('{"id":"msg-001"}');
    expect(taken).toEqual({ chunks: 2, cancelled: false });
  });

  test('is joined from chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 5 }), async (text, size) => {
        const whole = bytes(text.toWellFormed());
        const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
          whole.slice(index * size, (index + 1) * size),
        );
        expect(await readText(answerOf(chunks).body, 10_000)).toBe(text.toWellFormed());
      }),
    );
  });

  test('without bytes is an empty text', async () => {
    expect(await readText(answerOf([]).body, 1000)).toBe('');
  });

  test('causes an error if it is incomplete', async () => {
    function* broken() {
      yield bytes('{"id":');
      throw new TypeError('terminated');
    }
    await expect(readText(answerOf(broken()).body, 1000)).rejects.toThrow('terminated');
  });
});

describe('the limit', () => {
  test.for([
    [9, 'ten bytes'.slice(0, 9)],
    [10, 'ten bytes!'],
    [11, 'ten bytes!'],
  ] as const)('of %d bytes gives %s', async ([maxBytes, text]) => {
    expect(await readText(answerOf([bytes('ten bytes!')]).body, maxBytes)).toBe(text);
  });

  test('cuts within a chunk, and within the sum of chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ minLength: 1 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        async (texts, maxBytes) => {
          const text = texts.join('');
          fc.pre(text.length === bytes(text).length);
          const { body } = answerOf(texts.map(bytes));
          expect(await readText(body, maxBytes)).toBe(text.slice(0, maxBytes));
        },
      ),
    );
  });

  test('stops an endless body, and reads no more chunks than needed', async () => {
    const { body, taken } = answerOf(endless(bytes('x'.repeat(1000))));
    expect(await readText(body, 2500)).toBe('x'.repeat(2500));
    expect(taken).toEqual({ chunks: 3, cancelled: true });
  });
});
