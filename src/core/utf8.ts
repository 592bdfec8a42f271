import { isUtf8 } from 'node:buffer';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A file may begin with this mark. It is no part of the text. */
const BYTE_ORDER_MARK = /^\uFEFF/;

/**
 * The text of bytes from outside, without a byte order mark; undefined when they are not UTF-8. A
 * decoder that replaces bad bytes would make us send `Gr��e` to a customer.
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  return isUtf8(bytes) ? decoder.decode(bytes).replace(BYTE_ORDER_MARK, '') : undefined;
}

/**
 * The position, from 1, of the first byte that is not UTF-8; 0 for valid UTF-8. For messages only:
 * it reads the bytes several times.
 */
export function firstBadByte(bytes: Uint8Array): number {
  if (isUtf8(bytes)) return 0;
  let [good, bad] = [0, bytes.length];
  // Finds the longest beginning that more bytes could complete, by halves.
  while (good + 1 < bad) {
    const middle = (good + bad) >> 1;
    if (isBeginning(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return bad;
}

/** Whether more bytes could make it UTF-8. */
function isBeginning(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
