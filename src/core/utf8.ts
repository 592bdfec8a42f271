import { isUtf8 } from 'node:buffer';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What a file may begin with; it is no part of the text. */
const BYTE_ORDER_MARK = /^\uFEFF/;

/**
 * Text of bytes that came from outside, without a byte order mark. Undefined when they are not UTF-8: a decoder that replaces
 * what it cannot read would have us send `Gr��e` to a customer.
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  return isUtf8(bytes) ? decoder.decode(bytes).replace(BYTE_ORDER_MARK, '') : undefined;
}

/** Where the first byte stands, counted from 1, that is not UTF-8; 0 when all are. For messages: it reads the bytes twice. */
export function firstBadByte(bytes: Uint8Array): number {
  if (isUtf8(bytes)) return 0;
  let [good, bad] = [0, bytes.length];
  // The longest beginning that ends within a character at most, by halves.
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
