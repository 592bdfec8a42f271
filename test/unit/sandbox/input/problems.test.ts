import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseInput, pathText, sentenceOf } from '../../../../src/sandbox/input/problems.ts';

function sentences(schema: z.ZodType, input: unknown): string[] {
  const parsed = parseInput(schema, input);
  return parsed.ok ? [] : parsed.problems.map(sentenceOf);
}

test('a valid input is parsed', () => {
  expect(parseInput(z.coerce.number(), '7')).toEqual({ ok: true, value: 7 });
});

test('every kind of problem names the wanted and the given value', () => {
  const schema = z.strictObject({
    kind: z.enum(['a', 'b']),
    name: z.string().min(2),
    rate: z.number().max(1),
    url: z.url(),
    wait: z.union([z.number(), z.strictObject({ min: z.number() })]),
  });
  const input = { kind: 'c', name: '', rate: 2, url: 'x', wait: 'long', more: true };
  expect(sentences(schema, input).toSorted()).toEqual([
    'kind: wanted one of "a", "b", got "c"',
    'more: wanted nothing of this name, got true',
    'name: wanted a length of at least 2, got ""',
    'rate: wanted a number of at most 1, got 2',
    'url: wanted a valid url, got "x"',
    'wait: wanted number, or object, got "long"',
  ]);
});

test('a missing value is distinguished from a wrong one', () => {
  const schema = z.object({ a: z.string(), b: z.string() });
  const parsed = parseInput(schema, { b: null });
  expect(parsed).toMatchObject({
    ok: false,
    problems: [
      { path: 'a', isMissing: true, got: 'nothing' },
      { path: 'b', isMissing: false, got: 'null' },
    ],
  });
});

test('a long value is shortened', () => {
  expect(sentences(z.number(), 'x'.repeat(500))[0]?.length).toBeLessThan(100);
});

test('paths read like code', () => {
  expect(pathText(['operations', 'message.send', 'errors', 0, 'rate'])).toBe(
    'operations["message.send"].errors[0].rate',
  );
  expect(pathText([1, 'clientId'])).toBe('[1].clientId');
  expect(pathText([])).toBe('');
});

test('a long name in a path is shortened', () => {
  expect(pathText(['flags', 'x'.repeat(500)]).length).toBeLessThan(80);
});
