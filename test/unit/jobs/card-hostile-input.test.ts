import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectLinear } from '../../support/effort.ts';
import { cardOf, issuesOf } from './cards.ts';

/** Three times the frames that the stack of Node holds for the smallest function. */
const DEPTH = 50_000;

/** Values as NDJSON allows them: nested in any way. */
const DEEP: Readonly<Record<string, (depth: number) => string>> = {
  lists: (depth) => '['.repeat(depth) + ']'.repeat(depth),
  objects: (depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
  components: (depth) => `${'[{"type":"list","components":'.repeat(depth)}[]${'}]'.repeat(depth)}`,
};
const PLACES: Readonly<Record<string, (value: unknown) => Record<string, unknown>>> = {
  fields: (value) => cardOf({ fields: value }),
  'a field': (value) => cardOf({ fields: { any: value } }),
  'the actions': (value) => cardOf({ fields: { actions: value } }),
  'the label of an action': (value) => cardOf({ fields: { actions: [{ label: value }] } }),
  components: (value) => cardOf({ components: value }),
  'a text': (value) => cardOf({ components: [{ type: 'body', text: value }] }),
  template: (value) => cardOf({ template: value }),
  truncate: (value) => cardOf({ truncate: value }),
  callback: (value) => cardOf({ callback: value }),
};

describe(`${DEPTH} levels are refused in linear time, without a stack overflow`, () => {
  const cases = Object.keys(DEEP).flatMap((kind) => Object.keys(PLACES).map((place) => ({ kind, place })));
  test.for(cases)('$kind as $place', ({ kind, place }) => {
    const inputOf = (depth: number) => PLACES[place]?.(JSON.parse(DEEP[kind]?.(depth) ?? ''));
    expect(expectLinear(DEPTH, inputOf, issuesOf)).not.toEqual([]);
  });

  test('as the whole input', () => {
    for (const json of Object.values(DEEP)) expect(issuesOf(JSON.parse(json(DEPTH)))).not.toEqual([]);
  });
});

describe('a cycle is refused', () => {
  test.for([1, 3, 50])('with %i references to itself', (times) => {
    const component: Record<string, unknown> = { type: 'list' };
    component['components'] = Array.from({ length: times }, () => component);
    // A check that follows the cycle never ends.
    expect(issuesOf(cardOf({ components: [component] }))).not.toEqual([]);
    expect(issuesOf(cardOf({ fields: component }))).not.toEqual([]);
  });
});

describe('__proto__', () => {
  test('is an unknown field, and changes no prototype', () => {
    for (const part of ['fields', 'template', 'components']) {
      const hostile = JSON.parse('{"__proto__":{"polluted":true},"type":"text","id":"x"}');
      const value = part === 'components' ? [hostile] : hostile;
      expect(issuesOf(cardOf({ [part]: value }))).toContainEqual(expect.stringContaining('__proto__'));
    }
    expect('polluted' in {}).toBe(false);
  });

  test('does not supply missing fields', () => {
    const input = JSON.parse(`{"__proto__":${JSON.stringify(cardOf())},"tenantId":"acme"}`);
    expect(issuesOf(input)).toContain(
      'fields: expected the fields to make a card of, or else its components',
    );
  });
});

describe('a flood is refused in linear time, with a short error', () => {
  const fill = (count: number, value: unknown) => Array.from({ length: count }, () => value);

  test.for([
    ['components', 250_000, (count) => cardOf({ components: fill(count, {}) })],
    ['components that fit', 20_000, (count) => cardOf({ components: fill(count, {}) })],
    ['actions', 250_000, (count) => cardOf({ fields: { actions: fill(count, {}) } })],
    ['actions that fit', 20_000, (count) => cardOf({ fields: { actions: fill(count, 1) } })],
    [
      'bad keys',
      9_000,
      (count) => cardOf({ fields: Object.fromEntries(fill(count, 0).map((_, n) => [`<${n}`, 1])) }),
    ],
    ['bad texts', 3_000, (count) => cardOf({ fields: { list: fill(count, 'javascript:') } })],
    ['a text of 16 MiB', 2 ** 21, (count) => cardOf({ fields: { title: '<script>'.repeat(count) } })],
    ['a key of 16 MiB', 2 ** 24, (length) => cardOf({ fields: { ['k'.repeat(length)]: 1 } })],
    ['brackets', 65_000, (count) => cardOf({ fields: { title: '<'.repeat(count) } })],
    ['tags', 10_000, (count) => cardOf({ fields: { title: '<p><b>'.repeat(count) } })],
  ] as readonly [string, number, (size: number) => unknown][])('of %s', ([, size, inputOf]) => {
    const issues = expectLinear(size, inputOf, issuesOf);
    expect(issues.join().length).toBeLessThan(10_000);
  });
});

test('an issue never quotes the value of a field', () => {
  const property = fc.property(fc.stringMatching(/^[jkqxz]{8,12}$/), fc.nat(6), (canary, spelling) => {
    const text = [
      canary,
      `javascript:${canary}`,
      `<script>${canary}`,
      `//${canary}.test`,
      `https://${canary}:${canary}@a.example`,
      canary.repeat(9000),
      ` ${canary} "`,
    ][spelling];
    const input = {
      ...cardOf({
        fields: { title: text, actions: [{ label: text, type: 'url', value: text }], list: [[text]] },
      }),
      tenantId: text,
      conversationId: text,
      template: { id: text, version: text },
      components: [
        { type: text, text, url: text, style: text, buttons: [{ label: text, payload: text }] },
        text,
      ],
      callback: { url: text },
    };
    const issues = issuesOf(input);
    expect(issues).not.toEqual([]);
    expect(issues.join('\n')).not.toContain(canary);
  });
  fc.assert(property, { numRuns: 300 });
});
