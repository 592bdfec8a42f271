import { expect, test } from 'vitest';
import { readJson, writeJson } from '../../../../src/sandbox/input/json.ts';

test.each([
  '{"id":76561197980428154}',
  '[0.1000000000000000055511151231257827]',
  '[1e400,-1e-400,12345678901234567890e3]',
  '{"a":{"b":[123456789012345678901234567890,1]},"c":"76561197980428154"}',
])('numbers of %s keep their digits', (text) => {
  expect(writeJson(readJson(text))).toBe(text);
});

test.each([
  ['[1.50]', [1.5]],
  ['[1000000000000000000000]', [1e21]],
  ['[1E2,-0.0,0e7]', [100, -0, 0]],
  ['[9007199254740992]', [2 ** 53]],
  ['"1234567890123456789"', '1234567890123456789'],
])('%s is read as the numbers of JavaScript that hold it', (text, value) => {
  expect(readJson(text)).toEqual(value);
});

test('an object that only looks like digits is written as it is', () => {
  for (const value of [{ '#digits': '1' }, { '#digits': 'x' }, { '#digits': '1e400', more: 1 }]) {
    expect(JSON.parse(writeJson(value))).toEqual(value);
  }
  expect(writeJson(undefined)).toBe('null');
});

test('a text that is no JSON is refused', () => {
  for (const text of ['', '{', '01', '[1e]']) expect(() => readJson(text)).toThrow(SyntaxError);
});
