import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cardOf, issuesOf } from './cards.ts';

const DEPTH = 100_000;
const SOON_MS = 50;

/** From a line of NDJSON, where anything may be nested in anything. */
const DEEP: Readonly<Record<string, string>> = {
  lists: '['.repeat(DEPTH) + ']'.repeat(DEPTH),
  objects: `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`,
  components: `${'[{"type":"list","components":'.repeat(DEPTH)}[]${'}]'.repeat(DEPTH)}`,
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

describe(`${DEPTH} levels are refused in ${SOON_MS} ms, and do not overflow the stack`, () => {
  const cases = Object.keys(DEEP).flatMap((kind) => Object.keys(PLACES).map((place) => ({ kind, place })));
  test.for(cases)('$kind as $place', ({ kind, place }) => {
    const input = PLACES[place]?.(JSON.parse(DEEP[kind] ?? ''));
    expect(issuesOf(input)).not.toEqual([]);
    // The best of three: another process may have the processor for longer than that.
    expect(Math.min(...[1, 2, 3].map(() => millisecondsFor(input)))).toBeLessThan(SOON_MS);
  });

  test('as the whole input', () => {
    for (const json of Object.values(DEEP)) expect(issuesOf(JSON.parse(json))).not.toEqual([]);
  });
});

describe('what holds itself is refused', () => {
  test.for([1, 3, 50])('%i times', (times) => {
    const component: Record<string, unknown> = { type: 'list' };
    component['components'] = Array.from({ length: times }, () => component);
    const startedMs = performance.now();
    expect(issuesOf(cardOf({ components: [component] }))).not.toEqual([]);
    expect(issuesOf(cardOf({ fields: component }))).not.toEqual([]);
    expect(performance.now() - startedMs).toBeLessThan(3000);
  });
});

describe('the prototype', () => {
  test('is an unknown field like any other, and is not touched', () => {
    for (const part of ['fields', 'template', 'components']) {
      const hostile = JSON.parse('{"__proto__":{"polluted":true},"type":"text","id":"x"}');
      const value = part === 'components' ? [hostile] : hostile;
      expect(issuesOf(cardOf({ [part]: value }))).toContainEqual(expect.stringContaining('__proto__'));
    }
    expect('polluted' in {}).toBe(false);
  });

  test('lends no field that is missing', () => {
    const input = JSON.parse(`{"__proto__":${JSON.stringify(cardOf())},"tenantId":"acme"}`);
    expect(issuesOf(input)).toContain(
      'fields: expected the fields to make a card of, or else its components',
    );
  });
});

describe('a flood is refused soon, and in few words', () => {
  const fill = (count: number, value: unknown) => Array.from({ length: count }, () => value);

  test.for([
    ['components', () => cardOf({ components: fill(250_000, {}) })],
    ['components that fit', () => cardOf({ components: fill(20_000, {}) })],
    ['actions', () => cardOf({ fields: { actions: fill(250_000, {}) } })],
    ['actions that fit', () => cardOf({ fields: { actions: fill(20_000, 1) } })],
    ['bad keys', () => cardOf({ fields: Object.fromEntries(fill(9_000, 0).map((_, n) => [`<${n}`, 1])) })],
    ['bad texts', () => cardOf({ fields: { list: fill(3_000, 'javascript:') } })],
    ['a text of 16 MiB', () => cardOf({ fields: { title: '<script>'.repeat(2 ** 21) } })],
    ['a key of 16 MiB', () => cardOf({ fields: { ['k'.repeat(2 ** 24)]: 1 } })],
    ['brackets', () => cardOf({ fields: { title: '<'.repeat(65_000) } })],
    ['tags', () => cardOf({ fields: { title: '<p><b>'.repeat(10_000) } })],
  ] as const)('of %s', ([, input]) => {
    const hostile = input();
    const startedMs = performance.now();
    const issues = issuesOf(hostile);
    expect(performance.now() - startedMs).toBeLessThan(3000);
    expect(issues.join().length).toBeLessThan(10_000);
  });
});

test('an issue never says what stands in any field', () => {
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

function millisecondsFor(input: unknown): number {
  const startedMs = performance.now();
  issuesOf(input);
  return performance.now() - startedMs;
}
