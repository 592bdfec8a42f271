import type { Socket } from 'node:net';
import { endOfHead, isInterim, MAX_HEAD_BYTES, mendHead, startOfHead, statusIn } from './head.ts';

/** What a connection has heard of the answer to its present request. */
export interface Wire {
  /** The status of the answer, as soon as its first line is there, also of one that undici could not read. */
  status(): number | undefined;
}

/** Told of its connection at the moment at which a request is written to it. */
export type OnWritten = (wire: Wire) => void;

/**
 * The request that is about to be written. undici says so (`onRequestStart`), and writes in the same turn, but does not say
 * to which connection.
 */
let starting: OnWritten | undefined;

/** To be called from `onRequestStart`. */
export function expectWrite(onWritten: OnWritten): void {
  starting = onWritten;
}

/**
 * Stands between a connection and undici, which reads it by `read()`: interim answers are left out, odd heads are mended
 * (see head.ts), bodies pass as they are.
 */
export function watch(socket: Socket): void {
  const reader = createReader();
  const read = socket.read.bind(socket);
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  socket.read = () => {
    for (;;) {
      const chunk = read() as Buffer | null;
      if (chunk === null) return null;
      const taken = reader.take(chunk);
      if (taken instanceof Error) {
        socket.destroy(taken);
        return null;
      }
      if (taken.length > 0) return taken;
    }
  };
  socket.write = (...args: unknown[]) => {
    reader.begin();
    starting?.(reader);
    starting = undefined;
    return write(...args);
  };
}

const NOTHING = Buffer.alloc(0);

/** Reads the answers of one connection; one after the other, for nothing is pipelined. */
function createReader() {
  let isInHead = false;
  let status: number | undefined;
  /** A head that is not complete: its bytes, and how many there are. */
  let held = NOTHING;
  let size = 0;

  function hold(bytes: Buffer): void {
    if (size + bytes.length > held.length) {
      const larger = Buffer.allocUnsafe(Math.max(4096, 2 * (size + bytes.length)));
      held.copy(larger, 0, 0, size);
      held = larger;
    }
    bytes.copy(held, size);
    size += bytes.length;
  }

  /** Splits what was held, and what has come, at the end of the head. */
  function split(bytes: Buffer): { head: string; rest: Buffer } | undefined {
    const searched = Math.max(0, size - 3);
    if (size > 0) hold(bytes);
    const all = size > 0 ? held.subarray(0, size) : bytes;
    const end = endOfHead(all, searched);
    if (end < 0) {
      if (size === 0) hold(bytes);
      return undefined;
    }
    held = NOTHING;
    size = 0;
    return { head: all.toString('latin1', 0, end), rest: all.subarray(end) };
  }

  return {
    begin() {
      isInHead = true;
      status = undefined;
      held = NOTHING;
      size = 0;
    },

    status() {
      const seen = status ?? statusIn(held.toString('latin1', 0, Math.min(size, 32)));
      return seen !== undefined && seen >= 200 ? seen : undefined;
    },

    /** What undici is to see of these bytes. */
    take(chunk: Buffer): Buffer | Error {
      let bytes = chunk;
      while (isInHead && bytes.length > 0) {
        if (size === 0) bytes = bytes.subarray(startOfHead(bytes));
        if (bytes.length === 0) return NOTHING;
        const parts = split(bytes);
        if (!parts) return size > MAX_HEAD_BYTES ? new Error('the head of the answer is too long') : NOTHING;
        const found = statusIn(parts.head);
        if (found !== undefined && isInterim(found)) {
          bytes = parts.rest;
          continue;
        }
        isInHead = false;
        status = found;
        const mended = found === undefined ? parts.head : mendHead(parts.head);
        // Untouched, as almost always, when head and body came together.
        if (mended === parts.head && parts.head.length + parts.rest.length === bytes.length) return bytes;
        return Buffer.concat([Buffer.from(mended, 'latin1'), parts.rest]);
      }
      return bytes;
    },
  };
}
