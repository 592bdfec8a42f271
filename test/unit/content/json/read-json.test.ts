import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJson } from '../../../../src/content/json/read-json.ts';

const LIMITS = { levels: 5, bytes: 1000, issues: Number.POSITIVE_INFINITY };

function issuesOf(root: unknown, limits = LIMITS): string[] {
  return readJson(root, 'root', limits).issues.map(({ path, message }) => `${path}: ${message}`);
}

describe('a value', () => {
  test('is read in order, each value with its path and its key', () => {
    const { nodes, issues } = readJson({ a: ['x', { b: 1 }], c: null }, 'root', LIMITS);
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

  test('has all its values in the nodes, and its scalars in the leaves', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (root) => {
        fc.pre(!JSON.stringify(root).includes('__proto__'));
        const { nodes, leaves, issues } = readJson(root, 'root');
        expect(issues).toEqual([]);
        expect(nodes.map(({ value }) => value)).toEqual(valuesOf(root));
        expect(leaves).toEqual(nodes.filter(({ value }) => typeof value !== 'object' || value === null));
      }),
    );
  });

  test('has no nodes if it exceeds a limit', () => {
    const { nodes, leaves } = readJson(['a', 'b', 'x'.repeat(1001)], 'root', LIMITS);
    expect([nodes, leaves]).toEqual([[], []]);
  });
});

describe('the limits', () => {
  test('count lists and objects, and not the scalars in them', () => {
    expect(issuesOf([[[[['x']]]]])).toEqual([]);
    expect(issuesOf([[[[[[]]]]]])).toEqual([
      'root[0][0][0][0][0]: expected at most 5 levels of nesting, got more',
    ]);
    expect(issuesOf({ a: { b: { c: { d: {} } } } })).toEqual([]);
    expect(issuesOf({ a: { b: { c: { d: { e: {} } } } } })).toHaveLength(1);
  });

  test('end cycles and repeated values', () => {
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
  ] as const)('apply to %s', ([, root]) => {
    expect(issuesOf(root)).toEqual(['root: expected at most 1000 bytes as JSON, got more']);
  });
});

test('reading stops after twenty issues by default', () => {
  const root = Array.from({ length: 30 }, () => undefined);
  expect(readJson(root, 'root').issues).toHaveLength(20);
  expect(readJson(root, 'root', { issues: 25 }).issues).toHaveLength(25);
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

  test('is left out if JSON leaves it out', () => {
    expect(issuesOf({ a: undefined, b: 1 })).toEqual([]);
  });
});

describe('a name', () => {
  test('is refused by the rule of the caller, and its value is not read', () => {
    const nameIssue = (name: string) => (name === 'bad' ? 'expected another name' : undefined);
    const { nodes, issues } = readJson({ bad: { x: 1 }, other: 1 }, 'root', { nameIssue });
    expect(issues).toEqual([{ path: 'root', message: 'expected another name' }]);
    expect(nodes.map(({ path }) => path)).toEqual(['root', 'root.other']);
  });

  test('of the prototype is refused without a rule', () => {
    const { issues } = readJson(JSON.parse('{"a":{"__proto__":{"x":1}}}'), 'root');
    expect(issues).toEqual([{ path: 'root.a', message: 'expected no field of the name "__proto__"' }]);
  });
});

/** Every value, a parent before its children. */
function valuesOf(value: unknown): unknown[] {
  const held = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return [value, ...held.flatMap(valuesOf)];
}
