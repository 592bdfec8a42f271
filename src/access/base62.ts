const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = BigInt(DIGITS.length);

/**
 * A number in base 62, with zeros in front. Letters and digits alone: a double click selects all of
 * it, and no shell, header or address changes it.
 * @param bytes of the number, the most significant one first.
 * @param length of the text; it must hold every number of so many bytes.
 */
export function base62(bytes: Uint8Array, length: number): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
  let text = '';
  for (let place = 0; place < length; place++) {
    text = DIGITS.charAt(Number(rest % BASE)) + text;
    rest /= BASE;
  }
  if (rest > 0n) throw new RangeError(`${bytes.length} bytes do not fit into ${length} digits`);
  return text;
}

/** The last digits of a whole number below 2^53. It needs no BigInt: each request has a check sum. */
export function digitsOf(value: number, length: number): string {
  let rest = value;
  let text = '';
  for (let place = 0; place < length; place++) {
    text = DIGITS.charAt(rest % DIGITS.length) + text;
    rest = Math.floor(rest / DIGITS.length);
  }
  return text;
}
