import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attributeIssues, flatten } from '../../../../src/content/embed/custom-attributes.ts';
import { describeIssue } from '../../../../src/core/issues.ts';

const issuesOf = (attributes: unknown) => attributeIssues(attributes).map(describeIssue);

describe('custom attributes', () => {
  test('stay unchanged if they are flat', () => {
    const attributes = { source: 'marketing_campaign', visits: 3, isKnown: true, segment: null };
    expect(issuesOf(attributes)).toEqual([]);
    expect(flatten(attributes)).toEqual(attributes);
  });

  test('are flattened, because routing reads one list of names', () => {
    const attributes = {
      customer: { tier: 'gold', address: { city: 'Ulm' } },
      skills: ['tax', { level: 2 }],
    };
    expect(issuesOf(attributes)).toEqual([]);
    expect(flatten(attributes)).toEqual({
      'customer.tier': 'gold',
      'customer.address.city': 'Ulm',
      'skills.0': 'tax',
      'skills.1.level': 2,
    });
  });

  test('keep their order', () => {
    const names = Object.keys(flatten({ b: { d: 1, c: 2 }, a: 3 }));
    expect(names).toEqual(['b.d', 'b.c', 'a']);
  });

  test('may have any name and any text, as data', () => {
    const attributes = {
      'a "quoted" name': "it's",
      '</script><script>': '</script><script>alert(1)</script>',
      'line\nbreak': '\r\n\u2028\u2029\t',
      größe: '漢字 😀 \ud800',
      constructor: 'x',
      toString: 'y',
    };
    expect(issuesOf(attributes)).toEqual([]);
    expect(flatten(attributes)).toEqual(attributes);
  });

  test('are left to the contract if they are no object', () => {
    for (const attributes of [undefined, null, 'a', [1]]) expect(issuesOf(attributes)).toEqual([]);
  });
});

describe('an issue has the path of', () => {
  test.for([
    {
      name: 'two names that become one',
      attributes: { 'a.b': 1, a: { b: 2 } },
      issues: [
        'customAttributes.a.b: expected names that differ once flattened, got that of customAttributes["a.b"] again',
      ],
    },
    {
      name: 'no name',
      attributes: { '': 1, a: { '': 2 } },
      issues: [
        'customAttributes[""]: expected a name, got an empty one',
        'customAttributes.a[""]: expected a name, got an empty one',
      ],
    },
    {
      name: 'what JSON does not have',
      attributes: { a: Number.NaN, b: [undefined], c: () => 1, d: 1n, e: new Date(0), f: new Map() },
      issues: [
        'customAttributes.a: expected a value of JSON, got NaN',
        'customAttributes.b[0]: expected a value of JSON, got undefined',
        'customAttributes.c: expected a value of JSON, got function',
        'customAttributes.d: expected a value of JSON, got bigint',
        'customAttributes.e: expected a value of JSON, got an object of a class',
        'customAttributes.f: expected a value of JSON, got an object of a class',
      ],
    },
    {
      name: 'the prototype',
      attributes: JSON.parse('{"a":{"__proto__":{"b":1}}}'),
      issues: ['customAttributes.a: expected no field of the name "__proto__"'],
    },
  ])('$name', ({ attributes, issues }) => {
    expect(issuesOf(attributes)).toEqual(issues);
  });

  test('endless nesting and cycles', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`);
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    for (const attributes of [deep, cyclic]) {
      expect(issuesOf(attributes)).toEqual([
        expect.stringMatching(/^customAttributes\..*: expected at most 16 levels of nesting, got more$/),
      ]);
    }
  });

  test('custom attributes may have 16 levels of nesting', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });
    expect(issuesOf(nested(16))).toEqual([]);
    expect(issuesOf(nested(17))).toHaveLength(1);
  });
});

test('a flood of attributes gets a short error', () => {
  const many = Object.fromEntries(Array.from({ length: 250_000 }, (_, n) => [`n${n}`, n]));
  const selves: Record<string, unknown> = {};
  for (let n = 0; n < 1000; n++) selves[`n${n}`] = selves;
  for (const attributes of [many, { list: Array.from({ length: 250_000 }, () => 1) }, selves]) {
    expect(issuesOf(attributes).join().length).toBeLessThan(10_000);
    expect(issuesOf(attributes)).not.toEqual([]);
  }
});

test('flattening keeps every value, under any names', () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary', minLength: 1 }), value), (attributes) => {
      fc.pre(!Object.hasOwn(attributes, '__proto__'));
      expect(attributeIssues(attributes)).toEqual([]);
      expect(flatten(attributes)).toEqual({ ...attributes });
    }),
    { numRuns: 200 },
  );
});
