import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeUtf8, firstBadByte } from '../../../src/core/utf8.ts';

describe('bytes of an input', () => {
  test('are decoded to their text, without a byte order mark', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeUtf8(Buffer.from(`\uFEFF${text}`))).toBe(text);
      }),
    );
  });

  test('are rejected if they are not UTF-8, and the first bad byte is named', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const place = firstBadByte(bytes);
        expect(decodeUtf8(bytes) === undefined).toBe(!isUtf8(bytes));
        expect(place === 0).toBe(isUtf8(bytes));
        // The bytes before the bad byte are valid, except for a character that it cuts off.
        const before = bytes.subarray(0, Math.max(0, place - 1));
        expect([0, 1, 2, 3].some((cut) => isUtf8(before.subarray(0, Math.max(0, before.length - cut))))).toBe(
          true,
        );
      }),
    );
  });

  test.for([
    { what: 'Latin-1', hex: '4772fcdf65', place: 3 },
    { what: 'a character that is cut off', hex: 'e282', place: 2 },
    { what: 'half of a surrogate pair', hex: 'eda080', place: 2 },
  ])('of $what are rejected', ({ hex, place }) => {
    expect(decodeUtf8(Buffer.from(hex, 'hex'))).toBeUndefined();
    expect(firstBadByte(Buffer.from(hex, 'hex'))).toBe(place);
  });
});
