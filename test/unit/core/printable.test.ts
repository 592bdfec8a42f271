import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable, printableLines } from '../../../src/core/printable.ts';

describe('printable text', () => {
  test.for([
    ['plain text', 'plain text'],
    ['Grüße, 東京', 'Grüße, 東京'],
    ['\u001b[2J', '\\u001b[2J'],
    ['\u009b31m', '\\u009b31m'],
    ['a\u202eb', 'a\\u202eb'],
    ['a\u2066b\u2069', 'a\\u2066b\\u2069'],
    ['zero\u200bwidth\u200d', 'zero\\u200bwidth\\u200d'],
    ['line\u2028break\nand\r\t', 'line\\u2028break\\u000aand\\u000d\\u0009'],
    ['half \ud83d', 'half \\ud83d'],
    ['tag \u{e0041}', 'tag \\udb40\\udc41'],
    ['soft\u00adhyphen\ufeff', 'soft\\u00adhyphen\\ufeff'],
  ] as const)('shows %j', ([text, shown]) => {
    expect(printable(text)).toBe(shown);
  });

  test('has no control characters and no invisible characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{DI}]/u);
        expect(printableLines(text).replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{DI}]/u);
      }),
    );
  });

  test('has the same meaning as JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, key) => {
        const text = JSON.stringify({ [key]: value });
        expect(JSON.parse(printable(text))).toEqual(JSON.parse(text));
      }),
    );
  });
});
