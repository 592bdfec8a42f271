import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checked, issuesFrom } from '../../../src/core/checked.ts';

const schema = z.looseObject({ id: z.string(), tags: z.array(z.string()).min(1).optional() });
/** zod compares this `length` before it reports the type. */
const UNCOMPARABLE = { length: { toString: 0, valueOf: 0 } };

describe('a checked value', () => {
  test('has its data and no issues', () => {
    expect(checked(schema, { id: 'a', more: 1 })).toEqual({ ok: true, data: { id: 'a', more: 1 } });
  });

  test('that breaks its schema has issues and no data', () => {
    const result = checked(schema, { id: 1 });
    expect(result.data).toBeUndefined();
    expect(result).toEqual({ ok: false, issues: [{ path: 'id', message: expect.any(String) }] });
  });

  test('that zod cannot compare has an issue of the field', () => {
    const answer = { id: 'a', tags: UNCOMPARABLE };
    expect(() => schema.safeParse(answer)).toThrow(TypeError);
    expect(checked(schema, answer)).toMatchObject({ ok: false, issues: [{ path: 'tags' }] });
  });
});

test('a check without a schema keeps its own issues', () => {
  const issues = [{ path: 'id', message: 'expected an id' }];
  expect(issuesFrom(() => issues)).toBe(issues);
});
