import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { attributeIssues } from '../../../src/content/embed/custom-attributes.ts';
import { readJson } from '../../../src/content/json/read-json.ts';
import { createContentPolicy } from '../../../src/content/policy/policy.ts';
import { CATALOG, type JobKind } from '../../../src/jobs/catalog.ts';
import { parseJob } from '../../../src/jobs/define.ts';
import { configurationOf, configurationRollout } from '../../support/guides/configuration.ts';
import { embed } from '../../support/guides/embed.ts';
import { cardOf } from './cards.ts';
import { attachmentOf, messageOf } from './messages.ts';

/** The tests count reads, because other processes on the machine do not change that number. */

const policy = createContentPolicy();
/** Reads for each value of an input, by the measure, the schema, the walks and the checks. */
const READS_PER_VALUE = 40;
/** Reads of a small input. */
const READS_AT_LEAST = 2000;

const items = <Item>(count: number, item: (n: number) => Item) =>
  Array.from({ length: count }, (_, n) => item(n));
const fields = (count: number, value: unknown = 1) =>
  Object.fromEntries(items(count, (n) => [`a${n}`, value]));
const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });

const FLOODS: readonly (readonly [string, JobKind, (count: number) => unknown])[] = [
  ['attributes', 'embed-generation', (count) => embed({ customAttributes: fields(count) })],
  [
    'attributes in lists',
    'embed-generation',
    (count) => embed({ customAttributes: { a: items(count, (n) => n) } }),
  ],
  ['languages', 'embed-generation', (count) => embed({ locales: fields(count, 'en') })],
  [
    'a chain of languages',
    'embed-generation',
    (count) => embed({ locales: Object.fromEntries(items(count, (n) => [`en-x-n${n}`, `en-x-n${n + 1}`])) }),
  ],
  ['a theme', 'embed-generation', (count) => embed({ theme: { list: items(count, (n) => ({ n })) } })],
  ['fields of a card', 'card-delivery', (count) => cardOf({ fields: fields(count, 'x') })],
  ['lists in a card', 'card-delivery', (count) => cardOf({ fields: { list: items(count, (n) => [n]) } })],
  [
    'components',
    'card-delivery',
    (count) => cardOf({ components: items(count, () => ({ type: 'x', no: 1 })) }),
  ],
  [
    'bad keys of a card',
    'card-delivery',
    (count) => cardOf({ fields: Object.fromEntries(items(count, (n) => [`<${n}`, 1])) }),
  ],
  [
    'organizations',
    'config-rollout',
    (count) => configurationRollout({ organizationIds: items(count, () => 'same') }),
  ],
  [
    'availability rules',
    'config-rollout',
    (count) =>
      configurationRollout({
        configuration: configurationOf({
          availabilityRules: items(count, () => configurationOf().availabilityRules[0]),
        }),
      }),
  ],
  [
    'feature flags',
    'config-rollout',
    (count) => configurationRollout({ configuration: configurationOf({ featureFlags: fields(count) }) }),
  ],
  [
    'attachments',
    'message-transmission',
    (count) => messageOf({ attachments: items(count, () => attachmentOf()) }),
  ],
  ['unknown fields', 'message-transmission', (count) => messageOf(fields(count))],
];

describe('the number of reads is linear in the input', () => {
  test.for(FLOODS)('%s', ([, kind, inputOf]) => {
    for (const count of [10, 100, 1000, 5000]) {
      expect(readsOf(kind, inputOf(count)), `${count}`).toBeLessThan(
        READS_AT_LEAST + READS_PER_VALUE * count * 2,
      );
    }
  });

  test('an oversized job ends the reads', () => {
    expect(
      readsOf('embed-generation', embed({ customAttributes: { list: new Array(2 ** 31) } })),
    ).toBeLessThan(READS_AT_LEAST);
    expect(
      readsOf('message-transmission', messageOf({ body: { content: 'x'.repeat(2 ** 24) } })),
    ).toBeLessThan(READS_AT_LEAST);
  });
});

describe('attributes under a long name', () => {
  // Once flattened, each attribute begins with the whole name.
  const flood = (nameLength: number, count: number) => ({ ['k'.repeat(nameLength)]: fields(count) });

  test.for([
    [20_000, 2000],
    [20_000, 5000],
    [60_000, 30_000],
    [1, 30_000],
  ] as const)(
    'of %i characters are refused in a number of steps that is linear in their bytes: %i',
    ([nameLength, count]) => {
      const attributes = flood(nameLength, count);
      const bytes = JSON.stringify(attributes).length;
      const { steps, leaves } = readJson(attributes, 'customAttributes', { flat: 131_072 });
      expect(steps).toBeLessThan(2 * bytes);
      if (nameLength > 1) expect(leaves).toEqual([]);
      expect(attributeIssues(attributes).length).toBeLessThanOrEqual(20);
    },
  );

  test('have no joined names until a caller reads them', () => {
    const { leaves } = readJson({ a: { b: [nested(3)] } }, 'x');
    const [leaf] = leaves;
    expect(leaf && Object.keys(leaf)).not.toContain('names');
    expect(leaf?.names).toEqual(['a', 'b', '0', 'a', 'a', 'a']);
    expect(leaf?.path).toBe('x.a.b[0].a.a.a');
  });

  test('are reported with the size of their payload, if it is near the limit', () => {
    const issues = attributeIssues(flood(1000, 50));
    expect(issues).toEqual([]);
    expect(attributeIssues(flood(2000, 100))).toEqual([
      { path: 'customAttributes', message: expect.stringContaining('at most 131072 characters') },
    ]);
  });
});

/** How often a check reads from any object of an input. */
function readsOf(kind: JobKind, input: unknown): number {
  let reads = 0;
  const known = new WeakMap<object, object>();
  const counted = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const proxy =
      known.get(value) ??
      new Proxy(value, {
        get(target, key, receiver) {
          reads++;
          return counted(Reflect.get(target, key, receiver));
        },
        has(target, key) {
          reads++;
          return Reflect.has(target, key);
        },
        ownKeys(target) {
          const keys = Reflect.ownKeys(target);
          reads += keys.length;
          return keys;
        },
      });
    known.set(value, proxy);
    return proxy;
  };
  parseJob<z.ZodType>(CATALOG[kind], counted(input), policy);
  return reads;
}
