import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyChanges,
  type Change,
  changesBetween,
  equalTrees,
  isTree,
  mergeTrees,
  overlapping,
  reverseChanges,
  type Tree,
} from '../../../../src/content/json/tree.ts';
import type { Json } from '../../../../src/core/json.ts';

/** A few names, so that two trees share fields. Some of them are names of Object.prototype. */
const key = fc.constantFrom('a', 'b', 'c', 'constructor', '__proto__', 'toString', '');
const scalar = fc.oneof(fc.constantFrom('x', 'y', '', 0, 1, true, false, null), fc.integer());
const { tree } = fc.letrec<{ tree: Tree; value: Json }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie('value'), { maxLength: 3 }), tie('tree')),
  tree: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));

describe('merging', () => {
  test('merges objects, and takes lists and other values from the second tree', () => {
    const base = { widget: { colors: { primary: '#000', text: '#111' }, size: [1, 2, 3] }, kept: null };
    const over = { widget: { colors: { primary: '#fff' }, size: [4] }, added: { a: 1 } };
    expect(mergeTrees(base, over)).toEqual({
      widget: { colors: { primary: '#fff', text: '#111' }, size: [4] },
      kept: null,
      added: { a: 1 },
    });
  });

  test('replaces an object by another value, and the reverse', () => {
    expect(mergeTrees({ a: { b: 1 }, c: 2 }, { a: 1, c: { d: 2 } })).toEqual({ a: 1, c: { d: 2 } });
  });

  test('gives the same result the second time', () => {
    fc.assert(
      fc.property(tree, tree, (base, over) => {
        const merged = mergeTrees(base, over);
        expect(equalTrees(mergeTrees(merged, over), merged)).toBe(true);
        expect(equalTrees(mergeTrees(base, base), base)).toBe(true);
      }),
    );
  });

  test('changes neither of its inputs', () => {
    fc.assert(
      fc.property(tree, tree, (base, over) => {
        const before = JSON.stringify([base, over]);
        mergeTrees(base, over);
        applyChanges(base, changesBetween(base, over));
        expect(JSON.stringify([base, over])).toBe(before);
      }),
    );
  });
});

describe('an object that a change removes', () => {
  test('loses the fields of the change, and keeps the fields of another writer', () => {
    const made = changesBetween({}, { widget: { label: 'Chat', theme: { color: '#fff' } } });
    const found = { widget: { label: 'Ask', theme: { color: '#fff', font: 'Inter' } } };
    expect(applyChanges(found, reverseChanges(made))).toEqual({ widget: { theme: { font: 'Inter' } } });
  });
});

describe('the changes between two trees', () => {
  test('name each field that differs, and leave out the side without the field', () => {
    const from = { widget: { a: 1, b: 2, list: [1, 2] }, gone: { x: 1 }, same: { y: [1] } };
    const to = { widget: { a: 1, b: 3, list: [1] }, came: null, same: { y: [1] } };
    expect(changesBetween(from, to)).toEqual([
      { path: ['widget', 'b'], from: 2, to: 3 },
      { path: ['widget', 'list'], from: [1, 2], to: [1] },
      { path: ['gone'], from: { x: 1 } },
      { path: ['came'], to: null },
    ]);
  });

  test('compare lists as a whole, and objects in any order', () => {
    const from = { list: [{ a: 1, b: [2] }] };
    expect(changesBetween(from, { list: [{ b: [2], a: 1 }] })).toEqual([]);
    expect(changesBetween(from, { list: [{ b: [3], a: 1 }] })).toHaveLength(1);
  });

  test('are empty exactly if the trees are equal', () => {
    fc.assert(
      fc.property(tree, tree, (from, to) => {
        expect(changesBetween(from, from)).toEqual([]);
        expect(changesBetween(from, to).length === 0).toBe(equalTrees(from, to));
      }),
    );
  });

  test('turn the first tree into the second, and in reverse the second into the first', () => {
    fc.assert(
      fc.property(tree, tree, (from, to) => {
        const changes = changesBetween(from, to);
        const changed = applyChanges(from, changes);
        expect(equalTrees(changed, to)).toBe(true);
        expect(equalTrees(applyChanges(changed, reverseChanges(changes)), from)).toBe(true);
      }),
    );
  });

  test('keep their meaning in a queue, as JSON', () => {
    fc.assert(
      fc.property(tree, tree, (from, to) => {
        const stored: Change[] = JSON.parse(JSON.stringify(changesBetween(from, to)));
        expect(equalTrees(applyChanges(from, stored), to)).toBe(true);
      }),
    );
  });

  test('keep the changes of another writer', () => {
    const changes = changesBetween({ a: { b: 1 } }, { a: { b: 2 } });
    const current = { a: { b: 2, c: 3 }, d: 4 };
    expect(applyChanges(current, reverseChanges(changes))).toEqual({ a: { b: 1, c: 3 }, d: 4 });
  });

  test('remove missing fields, and replace values by objects where needed', () => {
    expect(applyChanges({ a: 1 }, [{ path: ['a', 'b'], from: 1 }, { path: ['x'] }])).toEqual({ a: 1 });
    expect(applyChanges({ a: 1 }, [{ path: ['a', 'b'], to: 2 }])).toEqual({ a: { b: 2 } });
    expect(applyChanges({ a: 1 }, [{ path: [], to: 2 }])).toEqual({ a: 1 });
  });
});

describe('changes that overlap', () => {
  const at = (...paths: string[]): Change[] => paths.map((path) => ({ path: path.split('.'), to: 1 }));

  test.for([
    ['the same field', at('a.b'), at('a.b'), [['a', 'b']]],
    ['a field within', at('a'), at('a.b'), [['a']]],
    ['what the field lies in', at('a.b.c'), at('a'), [['a', 'b', 'c']]],
    ['its neighbor', at('a.b'), at('a.c', 'ab', 'b'), []],
    ['one of two', at('a.b', 'c'), at('c.d'), [['c']]],
    ['nothing', at('a'), [], []],
  ] as const)('share a path: %s', ([, ours, theirs, expected]) => {
    expect(overlapping(ours, theirs)).toEqual(expected);
  });

  test('are changes with one path at the start of the other', () => {
    const changes = fc.array(
      fc.array(key, { minLength: 1, maxLength: 3 }).map((path): Change => ({ path, to: 1 })),
      { maxLength: 4 },
    );
    const begins = (path: readonly string[], start: readonly string[]) =>
      start.every((name, at) => path[at] === name);
    fc.assert(
      fc.property(changes, changes, (ours, theirs) => {
        const expected = ours
          .map(({ path }) => path)
          .filter((path) => theirs.some((other) => begins(path, other.path) || begins(other.path, path)));
        expect(overlapping(ours, theirs)).toEqual(expected);
      }),
    );
  });

  test('are found for any names', () => {
    expect(overlapping([{ path: ['a","b'] }], [{ path: ['a', 'b'] }])).toEqual([]);
    expect(overlapping([{ path: ['__proto__'] }], [{ path: ['constructor'] }])).toEqual([]);
  });
});

describe('hostile trees', () => {
  const hostile: Tree = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');

  test('pollute no prototype: their names are data', () => {
    const merged = mergeTrees(mergeTrees({}, hostile), JSON.parse('{"__proto__":{"polluted":2}}'));
    expect(Object.hasOwn(merged, '__proto__')).toBe(true);
    applyChanges({}, [
      { path: ['__proto__', 'polluted'], to: 1 },
      { path: ['constructor', 'prototype', 'polluted'], to: 1 },
    ]);
    expect(applyChanges({}, changesBetween({}, hostile))).toEqual(hostile);
    expect('polluted' in {}).toBe(false);
    expect(changesBetween({}, { constructor: 1 })).toEqual([{ path: ['constructor'], to: 1 }]);
  });

  test('are rejected if they are too deep, have cycles or have values that JSON lacks', () => {
    const deep: unknown = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`);
    const cyclic: Record<string, unknown> = {};
    cyclic['again'] = cyclic;
    for (const value of [deep, cyclic, hostile, { a: Number.NaN }, { a: new Date(0) }, [], null, 'text', 7]) {
      expect(isTree(value)).toBe(false);
    }
    expect(isTree({ a: [{ b: null }], constructor: 'data' })).toBe(true);
  });

  test('are followed for 64 levels', () => {
    const deep: Tree = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`);
    const lists: Tree = { a: JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) };
    const other: Tree = JSON.parse(JSON.stringify({ a: JSON.parse('['.repeat(80) + ']'.repeat(80)) }));
    const path = Array.from({ length: 65 }, () => 'a');
    for (const act of [
      () => mergeTrees(deep, deep),
      () => changesBetween(deep, { a: deep }),
      () => equalTrees(deep, { a: deep }),
      () => equalTrees(lists, other),
      () => applyChanges({}, [{ path, to: 1 }]),
    ]) {
      expect(act).toThrow(new RangeError('a tree of more than 64 levels'));
    }
  });
});
