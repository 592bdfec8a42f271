import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isExactNumber, parseExact, stringifyExact } from '../../../src/core/exact-json.ts';

const rewrite = (text: string) => stringifyExact(parseExact(text));

/** The value of a decimal text as an exact fraction. */
function decimalValue(text: string): { readonly digits: bigint; readonly power: number } {
  const [, sign, whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  let digits = BigInt(`${sign}${whole}${fraction}`);
  let exponent = Number(power) - fraction.length;
  while (digits !== 0n && digits % 10n === 0n) {
    digits /= 10n;
    exponent++;
  }
  return { digits, power: digits === 0n ? 0 : exponent };
}

const digit = fc.integer({ min: 0, max: 9 }).map(String);
const numberText = fc
  .tuple(
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 10n ** 40n }),
    fc.array(digit, { maxLength: 30 }),
    fc.option(fc.integer({ min: -400, max: 400 })),
  )
  .map(([isNegative, whole, fraction, power]) => {
    const decimals = fraction.length === 0 ? '' : `.${fraction.join('')}`;
    return `${isNegative ? '-' : ''}${whole}${decimals}${power === null ? '' : `e${power}`}`;
  });

describe('a number', () => {
  test('keeps its value through reading and writing, with any number of digits', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        expect(decimalValue(rewrite(text))).toEqual(decimalValue(text));
      }),
    );
  });

  test('keeps its value wherever it stands, whatever white space is before it', () => {
    const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 4 });
    fc.assert(
      fc.property(numberText, space, fc.json(), (text, gap, other) => {
        const list = `[${other},${gap}${text}${gap},${gap}{"x":${gap}${text}}]`;
        const [, inList = '', inObject = ''] = /,([^,]+),\{"x":([^,]+)\}\]$/.exec(rewrite(list)) ?? [];
        expect(decimalValue(inList)).toEqual(decimalValue(text));
        expect(decimalValue(inObject)).toEqual(decimalValue(text));
      }),
    );
  });

  test('is an ordinary number if JavaScript can represent it', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseExact(JSON.stringify(value))).toBe(value === 0 ? 0 : value);
      }),
    );
    expect(parseExact('[1.50, 1e3, 100000000000000000000]')).toEqual([1.5, 1000, 1e20]);
  });

  test.each(['76561197980428154', '-9007199254740993', '0.1000000000000000055', '1e400', '5e-400'])(
    '%s keeps its digits in lists and objects',
    (text) => {
      expect(rewrite(`{"a":[{"b":${text}}]}`)).toBe(`{"a":[{"b":${text}}]}`);
    },
  );

  test('keeps its digits in a store of plain JSON', () => {
    const stored: unknown = JSON.parse(JSON.stringify(parseExact('{"id":76561197980428154}')));
    expect(stringifyExact(stored)).toBe('{"id":76561197980428154}');
  });
});

describe('any JSON', () => {
  test('is read and written as the JSON object of JavaScript does it', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseExact(text)).toEqual(JSON.parse(text));
        expect(rewrite(text)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  test('is no exact number just because it has that field name', () => {
    for (const digits of ['5', 'x', '', '1,"b":2', '00076561197980428154', 5, null]) {
      const value = { '#exactNumber': digits };
      expect(isExactNumber(value)).toBe(false);
      expect(stringifyExact(value)).toBe(JSON.stringify(value));
    }
  });
});

test('the reader names the fields with long numbers', () => {
  const named: string[] = [];
  parseExact('{"a":1,"b":[1,76561197980428154],"c":{"d":1e999}}', (key) => named.push(key));
  expect(named).toEqual(['1', 'd']);
});
