import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lengthIn, MAX_TEXT_BYTES, splitText, utf8Bytes } from '../../../../src/content/message/text.ts';
import { expectLinear } from '../../../support/effort.ts';

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });
const FAMILY = '👨‍👩‍👧‍👦';

/** Pieces of a customer's text that must not be cut: at most 25 bytes each. */
const grapheme = fc.constantFrom(
  ...['a', 'b', 'ß', '€', '漢', '\u05e9', '\u0645', '.', '-'],
  ...[' ', ' ', ' ', '\n', '\t', '\r\n', '\u00a0', '\u3000'],
  ...['😀', '👍🏽', '🇩🇪', FAMILY, 'e\u0301', 'क्षि', '각', '\u200d', '\u202e', '\ufeff'],
);
const texts = fc.array(grapheme, { maxLength: 200 }).map((graphemes) => graphemes.join(''));
const limits = fc.integer({ min: 60, max: 120 });

/** The place of each part in the text. Throws if the text between two parts is not blank. */
function placesOf(text: string, parts: readonly string[]): { start: number; end: number }[] {
  let end = 0;
  const places = parts.map((part) => {
    const gap = text.slice(end).search(/\S|$/u);
    const skipped = Array.from({ length: gap + 1 }, (_, index) => end + index);
    const start = skipped.find((index) => text.startsWith(part, index));
    if (start === undefined) throw new Error(`${JSON.stringify(part)} does not follow`);
    end = start + part.length;
    return { start, end };
  });
  if (text.slice(end).trim() !== '') throw new Error(`${JSON.stringify(text.slice(end))} is lost`);
  return places;
}

function graphemeBoundaries(text: string): Set<number> {
  return new Set([...segmenter.segment(text)].map(({ index }) => index)).add(text.length);
}

function firstGrapheme(text: string): string {
  return segmenter.segment(text).containing(0)?.segment ?? '';
}

/** The text up to and including the first white space: the smallest piece that can be taken. */
function firstWord(text: string): string {
  const space = [...segmenter.segment(text)].find(({ segment }) => endsInSpace(segment));
  return space ? text.slice(0, space.index + space.segment.length) : text;
}

function endsInSpace(text: string): boolean {
  return /\s$/u.test(text);
}

const units = fc.constantFrom('bytes' as const, 'characters' as const);

describe('any text', () => {
  test('is kept in order, in parts that are neither blank nor too long', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 4, max: 120 }), units, (text, max, unit) => {
        const parts = splitText(text, max, unit);
        placesOf(text, parts);
        for (const part of parts) {
          expect(lengthIn(unit, part)).toBeLessThanOrEqual(max);
          expect(part.trim()).not.toBe('');
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is never cut within a character, an emoji or a line break', () => {
    fc.assert(
      fc.property(texts, limits, (text, maxBytes) => {
        const boundaries = graphemeBoundaries(text);
        const longest = Math.max(0, ...[...segmenter.segment(text)].map(({ segment }) => utf8Bytes(segment)));
        fc.pre(longest <= maxBytes);
        for (const { start, end } of placesOf(text, splitText(text, maxBytes))) {
          expect(boundaries).toContain(start);
          expect(boundaries).toContain(end);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is cut after white space if a part has any', () => {
    fc.assert(
      fc.property(texts, limits, (text, maxBytes) => {
        for (const part of splitText(text, maxBytes).slice(0, -1)) {
          if (endsInSpace(part)) continue;
          const spaces = [...segmenter.segment(part)].filter(({ segment }) => endsInSpace(segment));
          expect(spaces).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is cut as late as possible', () => {
    fc.assert(
      fc.property(texts, limits, (text, maxBytes) => {
        const places = placesOf(text, splitText(text, maxBytes));
        for (const [index, { start, end }] of places.slice(0, -1).entries()) {
          if (places[index + 1]?.start !== end) continue;
          const part = text.slice(start, end);
          const next = endsInSpace(part) ? firstWord(text.slice(end)) : firstGrapheme(text.slice(end));
          expect(utf8Bytes(part) + utf8Bytes(next)).toBeGreaterThan(maxBytes);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is one unchanged part if it fits', () => {
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(text.trim() !== '');
        expect(splitText(text, utf8Bytes(text))).toEqual([text]);
      }),
    );
  });
});

describe('the limit of a message', () => {
  test('is 4,096 bytes: one more byte makes a second part', () => {
    expect(MAX_TEXT_BYTES).toBe(4096);
    expect(splitText('a'.repeat(4095)).map(utf8Bytes)).toEqual([4095]);
    expect(splitText('a'.repeat(4096)).map(utf8Bytes)).toEqual([4096]);
    expect(splitText('a'.repeat(4097)).map(utf8Bytes)).toEqual([4096, 1]);
  });

  test('counts bytes, not characters', () => {
    expect(splitText('é'.repeat(2048)).map(utf8Bytes)).toEqual([4096]);
    expect(splitText('é'.repeat(2049)).map(utf8Bytes)).toEqual([4096, 2]);
    expect(splitText('€'.repeat(1366)).map(utf8Bytes)).toEqual([4095, 3]);
    expect(splitText('😀'.repeat(1025)).map(utf8Bytes)).toEqual([4096, 4]);
  });
});

describe('a cut', () => {
  test.for([
    { name: 'behind the last white space that fits', text: 'one two three', parts: ['one two ', 'three'] },
    { name: 'between letters where a word is too long', text: 'abcdefghijk', parts: ['abcdefgh', 'ijk'] },
    { name: 'before a word that is too long itself', text: 'a bcdefghijk', parts: ['a ', 'bcdefghi', 'jk'] },
    {
      name: 'with all that fits behind what had to go alone',
      text: 'a bcdefg👍hij',
      parts: ['a ', 'bcdefg', '👍hij'],
    },
    { name: 'behind a line break of two characters', text: 'abcdef\r\ngh', parts: ['abcdef\r\n', 'gh'] },
    { name: 'before a line break that does not fit', text: 'abcdefg\r\nhi', parts: ['abcdefg', '\r\nhi'] },
    { name: 'around an emoji', text: 'abcdef👍gh', parts: ['abcdef', '👍gh'] },
    { name: 'around a letter and its accent', text: 'abcdefge\u0301', parts: ['abcdefg', 'e\u0301'] },
    { name: 'between two flags', text: '🇩🇪🇫🇷', parts: ['🇩🇪', '🇫🇷'] },
    { name: 'behind a word from right to left', text: 'שלו עלם', parts: ['שלו ', 'עלם'] },
  ])('is made $name', ({ text, parts }) => {
    expect(splitText(text, 8)).toEqual(parts);
  });

  test('drops parts with white space only', () => {
    expect(splitText(`abcdefgh${' '.repeat(8)}ijk`, 8)).toEqual(['abcdefgh', 'ijk']);
    expect(splitText(`abc${' '.repeat(30)}def`, 8).map((part) => part.trim())).toEqual(['abc', 'def']);
    expect(splitText(' \r\n\t\u00a0'.repeat(10), 8)).toEqual([]);
    expect(splitText('', 8)).toEqual([]);
  });
});

describe('one grapheme longer than a part', () => {
  test('is cut between code points', () => {
    const parts = splitText(`${FAMILY}${FAMILY}`, 10);
    expect(parts.join('')).toBe(`${FAMILY}${FAMILY}`);
    for (const part of parts) expect(part.isWellFormed()).toBe(true);
  });

  test('leaves the text before and after it in other parts', () => {
    const zalgo = `e${'\u0301'.repeat(5000)}`;
    const parts = splitText(`before ${zalgo} behind`);
    expect(parts.join('')).toBe(`before ${zalgo} behind`);
    expect(parts[0]).toBe('before ');
    expect(parts.at(-1)?.endsWith(' behind')).toBe(true);
  });
});

describe('the time for 64 KiB', () => {
  const SIZE = 65_536;
  test.for([
    { name: 'one word', piece: 'a' },
    { name: 'short words', piece: 'word ' },
    { name: 'white space', piece: ' ' },
    { name: 'line breaks', piece: '\r\n' },
    { name: 'families', piece: FAMILY },
    { name: 'one letter under a tower of accents', piece: '\u0301' },
    { name: 'joiners', piece: '👨\u200d' },
    { name: 'flags', piece: '🇩🇪' },
    { name: 'half surrogate pairs', piece: '\ud83d' },
  ])('is short for $name', ({ piece }) => {
    const textOf = (bytes: number) => piece.repeat(bytes / utf8Bytes(piece));
    // A copy of the rest of the text for each character would be quadratic.
    expectLinear(SIZE, textOf, splitText);
  });
});
