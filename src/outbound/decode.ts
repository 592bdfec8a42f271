import { Readable, type Transform } from 'node:stream';
import {
  brotliDecompressSync,
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  gunzipSync,
  inflateRawSync,
  inflateSync,
} from 'node:zlib';
import { readBytes } from './read-body.ts';

/** The compressions that requests accept. */
export const ACCEPT_ENCODING = 'gzip, deflate, br';

/** Each layer costs a decoder. No server has a reason for more layers than this. */
const MAX_LAYERS = 3;

export interface Decoded {
  readonly bytes: Buffer;
  readonly ending: 'whole' | 'cut' | 'broken';
}

interface Coding {
  /** Decodes at once. @throws if the body is broken, or longer than `maxBytes` when decoded */
  readonly whole: (bytes: Buffer, maxBytes: number) => Buffer;
  /** Decodes piece by piece, for bodies that must be cut. */
  readonly pieces: () => Transform;
}

const UNFINISHED = { finishFlush: constants.Z_SYNC_FLUSH };

const gzip: Coding = {
  whole: (bytes, maxOutputLength) => gunzipSync(bytes, { maxOutputLength }),
  pieces: () => createGunzip(UNFINISHED),
};
const zlib: Coding = {
  whole: (bytes, maxOutputLength) => inflateSync(bytes, { maxOutputLength }),
  pieces: () => createInflate(UNFINISHED),
};
/** Some servers send this form as `deflate`. */
const rawDeflate: Coding = {
  whole: (bytes, maxOutputLength) => inflateRawSync(bytes, { maxOutputLength }),
  pieces: () => createInflateRaw(UNFINISHED),
};
const brotli: Coding = {
  whole: (bytes, maxOutputLength) => brotliDecompressSync(bytes, { maxOutputLength }),
  pieces: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
};

/**
 * Decompresses a body and keeps at most `maxBytes` of the result, because a few bytes may expand to
 * gigabytes. A body that is broken, or has another compression than those asked for, becomes empty.
 *
 * @param encoding as in `Content-Encoding`
 */
export async function decode(bytes: Buffer, encoding: string, maxBytes: number): Promise<Decoded> {
  const layers = encoding
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
    .reverse();
  let decoded: Decoded = { bytes, ending: 'whole' };
  if (layers.length > MAX_LAYERS) return BROKEN;
  for (const name of layers) {
    const coding = codingOf(name, decoded.bytes);
    if (!coding) return BROKEN;
    const isCut = decoded.ending === 'cut';
    decoded = await undo(coding, decoded.bytes, maxBytes);
    if (decoded.ending === 'broken') return BROKEN;
    if (isCut) decoded = { ...decoded, ending: 'cut' };
  }
  return decoded;
}

const BROKEN: Decoded = { bytes: Buffer.alloc(0), ending: 'broken' };

function codingOf(name: string, [first = 0]: Buffer): Coding | undefined {
  switch (name) {
    case 'gzip':
    case 'x-gzip':
      return gzip;
    case 'deflate':
      return (first & 0x0f) === 8 ? zlib : rawDeflate;
    case 'br':
      return brotli;
    default:
      return undefined;
  }
}

async function undo(coding: Coding, bytes: Buffer, maxBytes: number): Promise<Decoded> {
  if (bytes.length === 0) return { bytes, ending: 'whole' };
  try {
    return { bytes: coding.whole(bytes, maxBytes), ending: 'whole' };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') return BROKEN;
  }
  const pieces = Readable.from([bytes]).pipe(coding.pieces());
  const cut = await readBytes(pieces, maxBytes).catch(() => undefined);
  return cut ? { bytes: cut, ending: 'cut' } : BROKEN;
}
