import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Configuration,
  mergeConfiguration,
} from '../../../../src/sandbox/configurations/configuration.ts';

const trees = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<Configuration>;

describe('a merge', () => {
  test('merges objects, and replaces lists and all other values', () => {
    const configuration = { a: { b: 1, c: { d: [1, 2] } }, e: [1], f: { g: 1 } };
    const changes = { a: { c: { d: [3] } }, e: { h: 1 }, f: null, i: 2 };
    expect(mergeConfiguration(configuration, changes)).toEqual({
      a: { b: 1, c: { d: [3] } },
      e: { h: 1 },
      f: null,
      i: 2,
    });
    expect(configuration).toEqual({ a: { b: 1, c: { d: [1, 2] } }, e: [1], f: { g: 1 } });
  });

  test('without changes, with itself or a second time changes nothing', () => {
    fc.assert(
      fc.property(trees, trees, (configuration, changes) => {
        expect(mergeConfiguration(configuration, {})).toEqual(configuration);
        expect(mergeConfiguration(configuration, configuration)).toEqual(configuration);
        const once = mergeConfiguration(configuration, changes);
        expect(mergeConfiguration(once, changes)).toEqual(once);
      }),
    );
  });

  test('changes no prototype', () => {
    const hostile = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    mergeConfiguration({ a: 1 }, hostile);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
