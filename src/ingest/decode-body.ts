import type { Transform } from 'node:stream';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { BodyError, tooLarge } from './body-error.ts';

/** For `Accept-Encoding` in an answer to another encoding. */
export const ACCEPTED_ENCODINGS = 'gzip, zstd';

export interface BodyLimits {
  /** Before and after decompression. A few bytes may expand to gigabytes, or to nothing for hours. */
  readonly maxBytes: number;
}

/** Streams of `node:zlib`. `bytesWritten` counts the bytes that the library has used. */
type Decoder = Transform & { readonly bytesWritten: number };

/** RFC 9659: a body in zstd needs a window of at most 8 MiB. The library itself would take 128 MiB. */
const ZSTD_WINDOW_LOG = 23;
const CHUNK_BYTES = 64 * 1024;
/** Decoders for one body. A zstd frame of nothing has 9 bytes, and costs a decoder, which takes 0.2 ms. */
const MAX_DECODERS = 1000;

const DECODERS: ReadonlyMap<string, () => Decoder> = new Map([
  ['gzip', openGunzip],
  ['x-gzip', openGunzip],
  [
    'zstd',
    () =>
      createZstdDecompress({
        chunkSize: CHUNK_BYTES,
        params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG },
      }) as Decoder,
  ],
]);

function openGunzip(): Decoder {
  return createGunzip({ chunkSize: CHUNK_BYTES }) as Decoder;
}

/**
 * Undoes the `Content-Encoding` of a body: gzip, zstd or identity. It asks for the next chunk only
 * when the caller has taken all bytes of this one. A caller that stops early ends the source.
 *
 * @param encoding the header as it came; undefined for none.
 * @throws {BodyError} at once for another encoding. While it is read: `BODY_TOO_LARGE`, or
 * `BODY_DAMAGED` for data that is broken or ends too early. Also any error of the source.
 */
export function decoded(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string | undefined,
  { maxBytes }: BodyLimits,
): AsyncGenerator<Uint8Array, void> {
  const names = codingsIn(encoding ?? '');
  const [name] = names;
  if (name === undefined) return atMost(chunks, maxBytes);
  const open = names.length === 1 ? DECODERS.get(name) : undefined;
  if (!open) {
    const message = 'expected a Content-Encoding of gzip, zstd or identity, and one only';
    throw new BodyError('ENCODING_UNSUPPORTED', message);
  }
  return atMost(
    inProportion(atMost(chunks, maxBytes), (came) => decompressed(came, open)),
    maxBytes,
  );
}

/** A body of jobs expands to some hundred times its size at most. */
const MAX_RATIO = 1000;
/** A short body may expand more: it costs little. */
const FREE_BYTES = 1024 * 1024;

/** Ends a body that is made to expand: some kilobytes would keep a core busy for seconds. */
async function* inProportion(
  chunks: AsyncIterable<Uint8Array>,
  expand: (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  let [came, expanded] = [0, 0];
  async function* counted() {
    for await (const chunk of chunks) {
      came += chunk.length;
      yield chunk;
    }
  }
  for await (const piece of expand(counted())) {
    expanded += piece.length;
    if (expanded > FREE_BYTES && expanded > came * MAX_RATIO)
      throw new BodyError('BODY_TOO_LARGE', TOO_DENSE);
    yield piece;
  }
}

const TOO_DENSE = `expected a body that expands to at most ${MAX_RATIO} times its size, got more`;

/** Longer than any header in use. The expression below may take the square of the length. */
const MAX_HEADER = 100;

/** The codings of a header, without those that change nothing. */
function codingsIn(header: string): string[] {
  if (header.length > MAX_HEADER) return [header];
  const names = header.toLowerCase().split(/[ \t]*(?:,[ \t]*|$)/);
  return names
    .map((name) => name.replace(/^[ \t]+/, ''))
    .filter((name) => name !== '' && name !== 'identity');
}

/** Passes on the first `maxBytes` bytes, however they are cut into chunks. */
async function* atMost(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array, void> {
  let left = maxBytes;
  for await (const chunk of chunks) {
    const allowed = chunk.subarray(0, left);
    if (allowed.length > 0) yield allowed;
    if (allowed.length < chunk.length) throw tooLarge(maxBytes);
    left -= chunk.length;
  }
}

/**
 * A body may be several gzip members or zstd frames, one behind the other. The decoder takes them
 * all, but for one case: it ends at a frame that ends within a chunk, and would lose the rest. The
 * rest goes to a new decoder, which refuses it unless it is a frame.
 */
async function* decompressed(
  chunks: AsyncIterable<Uint8Array>,
  open: () => Decoder,
): AsyncGenerator<Uint8Array, void> {
  let member = openMember(open());
  let decoders = 1;
  try {
    for await (const chunk of chunks) {
      let rest = chunk;
      while (rest.length > 0) {
        yield* member.take(rest);
        rest = rest.subarray(member.used());
        if (rest.length === 0) break;
        member.close();
        if (++decoders > MAX_DECODERS) throw new BodyError('BODY_DAMAGED', TOO_MANY_FRAMES);
        member = openMember(open());
      }
    }
    yield* member.finish();
  } finally {
    member.close();
  }
}

const TOO_MANY_FRAMES = `expected at most ${MAX_DECODERS} zstd frames in a body, got more`;

interface Member {
  /** Decompresses one chunk, or the part up to the end of the last member in it. */
  take(chunk: Uint8Array): AsyncGenerator<Uint8Array, void>;
  /** How many bytes of that chunk it used. */
  used(): number;
  /** What is left when no chunk follows. */
  finish(): AsyncGenerator<Uint8Array, void>;
  close(): void;
}

function openMember(decoder: Decoder): Member {
  let failure: unknown;
  let wake = () => {};
  const notify = () => wake();
  decoder.on('error', (error) => {
    failure = error;
    wake();
  });
  decoder.on('readable', notify).on('end', notify).on('close', notify);
  let usedBefore = 0;

  /** Reads until the decoder has done what it was asked to do, and everything is read. */
  async function* output(isDone: () => boolean): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      if (failure !== undefined) throw damage(failure);
      const bytes: Buffer | null = decoder.read();
      if (bytes !== null) yield bytes;
      else if (isDone()) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }

  return {
    take(chunk) {
      let isTaken = false;
      usedBefore = decoder.bytesWritten;
      decoder.write(chunk, () => {
        isTaken = true;
        wake();
      });
      return output(() => isTaken || decoder.readableEnded);
    },
    used: () => decoder.bytesWritten - usedBefore,
    finish() {
      decoder.end();
      return output(() => decoder.readableEnded);
    },
    close: () => void decoder.destroy(),
  };
}

function damage(cause: unknown): BodyError {
  const { code = '' } = cause as { code?: string };
  return new BodyError('BODY_DAMAGED', DAMAGES[code] ?? 'the compressed data of the body is broken', {
    cause,
  });
}

const DAMAGES: Readonly<Record<string, string>> = {
  Z_BUF_ERROR: 'the compressed data of the body ends too early',
  ZSTD_error_frameParameter_windowTooLarge: 'expected a zstd window of at most 8 MiB, got a larger one',
};
