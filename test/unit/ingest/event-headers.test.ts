import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeHeader } from '../../../src/ingest/event-headers.ts';
import { expectLinear } from '../../support/effort.ts';

/** As the HTTP binding of CloudEvents encodes a text, section 3.1.3.2. */
function encoded(text: string): string {
  const isPlain = (character: string) => /^[\x21-\x7e]$/.test(character) && !/["%]/.test(character);
  const percent = (character: string) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join('');
  return [...text].map((character) => (isPlain(character) ? character : percent(character))).join('');
}

describe('a header of an event', () => {
  test.for([
    { header: 'Euro%20%E2%82%AC%20%F0%9F%98%80', value: 'Euro € 😀', what: 'the example of the binding' },
    { header: '%c3%a4', value: 'ä', what: 'lower case' },
    { header: '%41', value: 'A', what: 'an encoding without need' },
    { header: '%2541', value: '%41', what: 'one round only' },
    { header: 'a b', value: 'a b', what: 'a space of an older sender' },
    { header: '"a b"', value: 'a b', what: 'quotes of an older sender' },
    { header: '"a \\"b\\" \\\\"', value: 'a "b" \\', what: 'escapes within quotes' },
    { header: '"%C3%A4"', value: 'ä', what: 'percent signs within quotes' },
    { header: 'a\\b', value: 'a\\b', what: 'a backslash outside quotes' },
    { header: '%EF%BB%BFa', value: '\ufeffa', what: 'a byte order mark' },
    { header: '', value: '', what: 'nothing' },
  ])('keeps $what', ({ header, value }) => {
    expect(decodeHeader(header)).toEqual({ value });
  });

  test.for([
    { header: '%C0%A0', what: 'an overlong encoding' },
    { header: '%ED%A0%80', what: 'half of a surrogate pair' },
    { header: '%E2%82', what: 'a character that is cut off' },
    { header: '%FF', what: 'a byte of no character' },
    { header: '%', what: 'a percent sign alone' },
    { header: '%4', what: 'one digit' },
    { header: '%zz', what: 'other digits' },
    { header: 'Gr\xfc\xdfe', what: 'Latin-1' },
    { header: 'Gr\xc3\xbc', what: 'bytes of UTF-8 that are not encoded' },
    { header: 'a\tb', what: 'a tab' },
    { header: '"a', what: 'an open quote' },
    { header: 'a"b"c"', what: 'an open quote behind others' },
    { header: '"a\\', what: 'a backslash at the end' },
  ])('is refused with $what', ({ header }) => {
    expect(decodeHeader(header)).toEqual({ error: expect.stringMatching(/^expected /) });
  });

  test('of any text is that text again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeHeader(encoded(text))).toEqual({ value: text });
      }),
    );
  });

  test.for(['"\\"', '%41', '%', '"', '\\'])('of many %s is read in linear time', (part) => {
    expectLinear(400_000, (size) => part.repeat(size / part.length), decodeHeader);
  });
});
