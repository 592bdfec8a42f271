import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { describeIssue, issuesOf } from '../../../src/core/issues.ts';

function issues(schema: z.ZodType, input: unknown): string[] {
  const { error } = schema.safeParse(input, { reportInput: true });
  return error ? issuesOf(error).map(describeIssue) : [];
}

describe('an issue', () => {
  test('has its path in the syntax of code', () => {
    const schema = z.object({
      list: z.array(z.object({ url: z.string() })),
      deep: z.object({ a: z.number() }),
    });
    expect(issues(schema, { list: [{ url: 'x' }, { url: 1 }], deep: { a: 'x' } })).toEqual([
      'list[1].url: expected string, received number',
      'deep.a: expected number, received string',
    ]);
  });

  test('has no path if the whole input is wrong', () => {
    expect(issues(z.object({}), 'x')).toEqual(['expected object, received string']);
    expect(issues(z.array(z.string()), [1])).toEqual(['[0]: expected string, received number']);
  });

  test('distinguishes a missing field from a wrong one', () => {
    expect(issues(z.object({ a: z.string() }), {})).toEqual(['a: expected string, but it is missing']);
    expect(issues(z.object({ a: z.string() }), { a: null })).toEqual(['a: expected string, received null']);
  });

  test('does not quote a number, long or short', () => {
    for (const size of [4111111111111111, 4711, -1.5]) {
      expect(issues(z.object({ size: z.literal(7) }), { size })).toEqual(['size: expected 7, got a number']);
    }
  });

  test('gives the length of a text, and says that another value is a number', () => {
    const schema = z.object({
      name: z.string().max(3),
      size: z.number().max(10),
      list: z.array(z.any()).max(1),
    });
    expect(issues(schema, { name: 'hello', size: 11, list: [1, 2] })).toEqual([
      'name: expected string to have <=3 characters, got a text of 5 characters',
      'size: expected number to be <=10, got a number',
      'list: expected array to have <=1 items, got a list of 2',
    ]);
  });

  test('never quotes a text, for any broken rule', () => {
    const rules = fc.constantFrom<z.ZodType>(
      z.number(),
      z.enum(['one', 'two']),
      z.string().max(2),
      z.string().regex(/^\d$/),
      z.string().startsWith('§'),
      z.url({ protocol: /^none$/ }),
      z.iso.datetime(),
      z.literal(7),
      z.union([z.number(), z.boolean()]),
      z.strictObject({}),
    );
    fc.assert(
      fc.property(rules, fc.stringMatching(/^[jkxz]{6,20}$/), (rule, canary) => {
        for (const input of [canary, [canary], { field: canary }]) {
          const found = issues(z.object({ value: rule }), { value: input });
          expect(found).not.toEqual([]);
          expect(found.join()).not.toContain(canary);
        }
      }),
    );
  });
});

describe('an unknown field', () => {
  test('is reported together with the others', () => {
    expect(issues(z.strictObject({ a: z.string() }), { a: 'x', b: 1, c: 2 })).toEqual([
      'unknown field "b", "c"',
    ]);
    expect(issues(z.object({ in: z.strictObject({}) }), { in: { __proto: 1 } })).toEqual([
      'in: unknown field "__proto"',
    ]);
  });

  test('is named by its length if it is no plain name', () => {
    const [long] = issues(z.strictObject({}), { ['x'.repeat(5000)]: 1 });
    expect(long?.length).toBeLessThan(100);
    expect(issues(z.strictObject({}), { '\u001b[2J\n': 1 })).toEqual([
      'unknown field (a name of 5 characters)',
    ]);
  });

  test.each([
    ['SECRETVALUE 4111 1111', 'unknown field (a name of 21 characters)'],
    ['card4111111111111111', 'unknown field (a name of 20 characters)'],
    ['me@example.com', 'unknown field (a name of 14 characters)'],
    ['x'.repeat(65), 'unknown field (a name of 65 characters)'],
    ['feature.new-menu', 'unknown field "feature.new-menu"'],
    ['größe', 'unknown field "größe"'],
    ['order12345678', 'unknown field "order12345678"'],
  ])('is quoted only if it has the form of a name: %s', (name, issue) => {
    expect(issues(z.strictObject({}), { [name]: 1 })).toEqual([issue]);
    const inside = issues(z.object({ in: z.record(z.string(), z.string()) }), { in: { [name]: 1 } });
    expect(inside.join().includes(name)).toBe(issue.includes(name));
  });

  test('among a hundred thousand others gets a short message', () => {
    const flood = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`field${index}`, 1]));
    const found = issues(z.strictObject({}), flood);
    expect(found).not.toEqual([]);
    expect(found.join().length).toBeLessThan(10_000);
  });
});
