import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineSplitter } from '../../../src/ingest/line-splitter.ts';
import { readLines } from '../../../src/ingest/lines.ts';

const CHUNK = 64 * 1024;
/** A reader that keeps one of a hundred chunks keeps more than the test allows. */
const BODY = 320 * CHUNK;
/** Chunks between two counts. Each count collects all garbage of the process. */
const COUNT_EVERY = 100;
const MAX_LINE = 256 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** A long body in new chunks. It counts the chunks that something still refers to, now and then. */
function openBody(fill: (chunk: Buffer) => void) {
  const sent = new Set<WeakRef<Buffer>>();
  let most = 0;
  const count = async () => {
    // A weak reference holds its target until the turn ends.
    await nextTurn();
    collect();
    for (const chunk of sent) if (chunk.deref() === undefined) sent.delete(chunk);
    most = Math.max(most, sent.size);
  };
  async function* chunks() {
    for (let index = 0; index * CHUNK < BODY; index++) {
      if (index > 0 && index % COUNT_EVERY === 0) await count();
      const chunk = Buffer.alloc(CHUNK);
      fill(chunk);
      sent.add(new WeakRef(chunk));
      yield chunk;
    }
    await count();
  }
  return { chunks: chunks(), mostChunks: () => most };
}

async function read(fill: (chunk: Buffer) => void) {
  const body = openBody(fill);
  const counts = { values: 0, errors: 0 };
  for await (const { error } of readLines(body.chunks, { maxLineBytes: MAX_LINE, maxBytes: BODY })) {
    if (error) counts.errors++;
    else counts.values++;
  }
  return { ...counts, chunks: body.mostChunks() };
}

/** The one that is read, and the one that the source makes. */
const ALLOWED = 2;

describe('a long body holds one chunk at a time', () => {
  test('where its lines end within and across chunks', async () => {
    const line = Buffer.from(`${JSON.stringify({ text: 'x'.repeat(4000) })}\n`);
    let written = 0;
    const { values, errors, chunks } = await read((chunk) => {
      for (let at = 0; at < chunk.length; ) {
        const from = written % line.length;
        const size = Math.min(line.length - from, chunk.length - at);
        line.copy(chunk, at, from, from + size);
        at += size;
        written += size;
      }
    });

    expect(values).toBe(Math.floor(BODY / line.length));
    // The body ends within a line.
    expect(errors).toBe(1);
    expect(chunks).toBeLessThanOrEqual(ALLOWED);
  });

  test('where it is a single line without an end', async () => {
    const { values, errors, chunks } = await read((chunk) => chunk.fill('x'));

    expect([values, errors]).toEqual([0, 1]);
    expect(chunks).toBeLessThanOrEqual(ALLOWED);
  });

  test('where it has nothing but line ends', async () => {
    const { values, errors, chunks } = await read((chunk) => chunk.fill('\n'));

    expect([values, errors]).toEqual([0, 0]);
    expect(chunks).toBeLessThanOrEqual(ALLOWED);
  });
});

test('the splitter keeps no more than one line, and nothing of one that is too long', () => {
  const pieces = fc.array(fc.constantFrom('x', 'xxxxxx', '\n', '\r', 'x'.repeat(30)), { maxLength: 60 });
  fc.assert(
    fc.property(pieces, fc.integer({ min: 1, max: 40 }), (chunks, maxBytes) => {
      const splitter = new LineSplitter(maxBytes);
      let length = 0;
      for (const chunk of chunks) {
        for (const _ of splitter.take(Buffer.from(chunk))) length = 0;
        length = chunk.includes('\n') ? 0 : length + chunk.length;
        expect(splitter.heldBytes).toBeLessThanOrEqual(length > maxBytes + 1 ? 0 : maxBytes + 1);
      }
    }),
  );
});
