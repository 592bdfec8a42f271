import type { Socket } from 'node:net';
import { endOfHead, isInterim, MAX_HEAD_BYTES, mendHead, startOfHead, statusIn } from './head.ts';

/** What a connection has received of the answer to its present request. */
export interface Wire {
  /** The status of the answer, from its first line on, even if undici cannot read the answer. */
  status(): number | undefined;
}

/** Called with the connection at the moment at which the request is written to it. */
export type OnWritten = (wire: Wire) => void;

/**
 * The request that is about to be written. undici calls `onRequestStart` and writes in the same
 * turn of the event loop, but does not name the connection.
 */
let starting: OnWritten | undefined;

/** Call this from `onRequestStart`. */
export function expectWrite(onWritten: OnWritten): void {
  starting = onWritten;
}

/**
 * Filters the bytes that undici reads from a connection with `read()`. It drops interim answers and
 * rewrites odd heads (see head.ts). It does not change bodies.
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

/** Reads the answers of one connection, one after the other. Requests are not pipelined. */
function createReader() {
  let isInHead = false;
  let status: number | undefined;
  /** The bytes of an incomplete head, and their number. */
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

  /** Splits the held and the new bytes at the end of the head. */
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

    /** Returns the bytes that undici gets. */
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
        // The usual case: the head is unchanged and came in one piece, so no copy is made.
        if (mended === parts.head && parts.head.length + parts.rest.length === bytes.length) return bytes;
        return Buffer.concat([Buffer.from(mended, 'latin1'), parts.rest]);
      }
      return bytes;
    },
  };
}
