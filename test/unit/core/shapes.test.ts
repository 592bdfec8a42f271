import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checked, issuesFrom } from '../../../src/core/checked.ts';
import { describeIssue } from '../../../src/core/issues.ts';
import { listOf, textOf } from '../../../src/core/shapes.ts';

const shape = z.strictObject({
  name: textOf({ min: 2, max: 3 }),
  tags: listOf(z.string(), { min: 1, max: 2 }).optional(),
});

function issuesOf(input: unknown, schema: z.ZodType = shape): string[] {
  const result = checked(schema, input);
  return result.ok ? [] : result.issues.map(describeIssue);
}

const HOSTILE = [
  '{"length":{"toString":0,"valueOf":0}}',
  '{"length":99}',
  '{"length":{"__proto__":null}}',
  '{"size":{"toString":0,"valueOf":0}}',
  'null',
  '[]',
];

describe('a bounded text', () => {
  test('has a minimum and a maximum number of characters', () => {
    expect(issuesOf({ name: 'ab' })).toEqual([]);
    expect(issuesOf({ name: 'a' })).toEqual([
      'name: expected string to have >=2 characters, got a text of 1 characters',
    ]);
    expect(issuesOf({ name: 'abcd' })).toEqual([
      'name: expected string to have <=3 characters, got a text of 4 characters',
    ]);
  });

  test.for(HOSTILE)('causes one issue for %s', (json) => {
    expect(issuesOf({ name: JSON.parse(json) })).toEqual([
      expect.stringMatching(/^name: expected string, received \w+$/),
    ]);
  });

  test('may have its own message', () => {
    const own = z.strictObject({ name: textOf({ max: 1, error: () => 'expected one letter' }) });
    expect(issuesOf({ name: 'ab' }, own)).toEqual(['name: expected one letter, got a text of 2 characters']);
  });
});

describe('a bounded list', () => {
  test('has a minimum and a maximum number of items', () => {
    expect(issuesOf({ name: 'ab', tags: ['x'] })).toEqual([]);
    expect(issuesOf({ name: 'ab', tags: [] })).toEqual([
      'tags: expected array to have >=1 items, got a list of 0',
    ]);
    expect(issuesOf({ name: 'ab', tags: ['x', 'y', 'z'] })).toEqual([
      'tags: expected array to have <=2 items, got a list of 3',
    ]);
  });

  test.for(HOSTILE.slice(0, 5))('causes one issue for %s', (json) => {
    expect(issuesOf({ name: 'ab', tags: JSON.parse(json) })).toEqual([
      expect.stringMatching(/^tags: expected array, received \w+$/),
    ]);
  });
});

describe('a schema that throws', () => {
  const boom = z.custom<string>(() => {
    throw new TypeError('boom');
  });

  test('causes an issue of the field that threw', () => {
    const schema = z.strictObject({ a: z.string(), b: z.strictObject({ c: boom }) });
    expect(issuesOf({ a: 'x', b: { c: 1 } }, schema)).toEqual([
      'b.c: expected values of JSON that can be read, got one that broke the check',
    ]);
  });

  test('causes an issue of the whole input if no field threw', () => {
    expect(issuesOf(1, boom)).toEqual([
      'expected values of JSON that can be read, got one that broke the check',
    ]);
  });

  test('causes an issue of the field with a throwing getter', () => {
    const input = {
      get name(): string {
        throw new Error('no');
      },
    };
    expect(issuesOf(input)).toEqual([expect.stringMatching(/^name: /)]);
  });

  test('causes one issue if the check is no schema', () => {
    const issues = issuesFrom(() => {
      throw new RangeError('boom');
    });
    expect(issues).toEqual([{ path: '', message: expect.stringContaining('broke the check') }]);
  });
});
