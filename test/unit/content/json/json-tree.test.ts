import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTree, rebuild } from '../../../../src/content/json/json-tree.ts';

const LIMITS = { depth: 5, bytes: 1000 };

function issuesOf(root: unknown, limits = LIMITS): string[] {
  return readTree(root, 'root', limits).issues.map(({ path, message }) => `${path}: ${message}`);
}

describe('a tree', () => {
  test('is read in order, each value with its place, and the key it stands under', () => {
    const { nodes, issues } = readTree({ a: ['x', { b: 1 }], c: null }, 'root', LIMITS);
    expect(issues).toEqual([]);
    expect(nodes.map(({ path, key, depth }) => [path, key, depth])).toEqual([
      ['root', 'root', 1],
      ['root.a', 'a', 2],
      ['root.a[0]', 'a', 3],
      ['root.a[1]', 'a', 3],
      ['root.a[1].b', 'b', 4],
      ['root.c', 'c', 2],
    ]);
  });

  test('is built anew from what was read, whatever it holds', () => {
    const key = fc.stringMatching(/^[a-m][a-z0-9]{0,5}$/);
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(tree, (root) => {
        const { nodes, issues } = readTree(root, 'root', { depth: 20, bytes: 100_000 });
        expect(issues).toEqual([]);
        expect(rebuild(nodes, (_node, text) => text)).toEqual(root);
      }),
    );
  });
});

describe('the limits', () => {
  test('hold for lists and objects within each other, not for what they hold', () => {
    expect(issuesOf([[[[['x']]]]])).toEqual([]);
    expect(issuesOf([[[[[[]]]]]])).toEqual([
      'root[0][0][0][0][0]: expected at most 5 levels of nesting, got more',
    ]);
    expect(issuesOf({ a: { b: { c: { d: {} } } } })).toEqual([]);
    expect(issuesOf({ a: { b: { c: { d: { e: {} } } } } })).toHaveLength(1);
  });

  test('hold for what holds itself, and for what is held again and again', () => {
    const cycle: Record<string, unknown> = { name: 'x' };
    cycle['self'] = cycle;
    expect(issuesOf(cycle)).toEqual([
      'root.self.self.self.self.self: expected at most 5 levels of nesting, got more',
    ]);
    const many: unknown[] = [];
    for (let n = 0; n < 10; n++) many.push(many);
    expect(issuesOf(many)).toEqual(['root: expected at most 1000 bytes as JSON, got more']);
  });

  test.for([
    ['a long text', 'x'.repeat(1001)],
    ['a long list', Array.from({ length: 1001 }, () => 1)],
    ['a list of nothing', new Array(4_000_000_000)],
    ['long keys', { ['k'.repeat(1001)]: 1 }],
    ['many keys', Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`k${n}`, 1]))],
  ] as const)('hold for %s', ([, root]) => {
    expect(issuesOf(root)).toEqual(['root: expected at most 1000 bytes as JSON, got more']);
  });
});

describe('a value that JSON does not have', () => {
  class Order {
    toJSON() {
      return '<script>';
    }
  }
  test.for([
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['a bigint', 1n],
    ['a function', () => {}],
    ['a symbol', Symbol('x')],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a boxed text', Object('x')],
    ['an object that writes itself as another', new Order()],
    ['a list that does so', Object.assign([], { toJSON: () => 'x' })],
  ] as const)('is refused: %s', ([, value]) => {
    expect(issuesOf([value])).toEqual([expect.stringMatching(/^root\[0\]: expected a value of JSON, got /)]);
  });

  test('is left out where JSON leaves it out', () => {
    expect(issuesOf({ a: undefined, b: 1 })).toEqual([]);
  });
});

describe('a key', () => {
  test.for([
    'a',
    'imageUrl',
    'order.number',
    'one-time_code2',
    'größe',
    'onlineSince',
    'onboarding',
    'once',
    '名',
  ])('may be %s', (key) => {
    expect(issuesOf({ [key]: 1 })).toEqual([]);
  });

  test.for([
    ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'toJSON', 'valueOf'],
    ...['onclick', 'onError', 'ONLOAD', 'ｏnclick', 'onanimationend'],
    ...['', 'a b', 'a=b', '<img>', '"x', "'x", 'a/b', 'xlink:href', '1a', '-a', 'a\u200bb', 'a'.repeat(65)],
  ])('may not be %j', (key) => {
    const root = JSON.parse(`{${JSON.stringify(key)}:{"x":1},"other":1}`);
    expect(issuesOf(root)).toEqual([expect.stringMatching(/^root: /)]);
    expect(readTree(root, 'root', LIMITS).nodes.map(({ path }) => path)).toEqual(['root', 'root.other']);
  });
});
