import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectLinear } from '../../support/effort.ts';
import { configurationOf, configurationRollout } from '../../support/guides/configuration.ts';
import { deploymentRollout, widgetOf } from '../../support/guides/deployment.ts';
import { issuesOf, STEPS } from './rollouts.ts';

/** Three times the frames that the stack of Node holds for the smallest function. */
const DEPTH = 50_000;

const DEEP = {
  lists: '['.repeat(DEPTH) + ']'.repeat(DEPTH),
  objects: `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`,
};

const PLACES: Readonly<Record<string, (value: unknown) => unknown>> = {
  type: (value) => deploymentRollout({ type: value }),
  organizationIds: (value) => configurationRollout({ organizationIds: [value] }),
  configuration: (value) => configurationRollout({ configuration: value }),
  'the color': (value) => configurationRollout({ configuration: configurationOf({ brandColor: value }) }),
  greetings: (value) => configurationRollout({ configuration: configurationOf({ greetings: [value] }) }),
  rules: (value) => configurationRollout({ configuration: configurationOf({ availabilityRules: [value] }) }),
  flags: (value) => configurationRollout({ configuration: configurationOf({ featureFlags: { a: value } }) }),
  segments: (value) =>
    configurationRollout({ configuration: configurationOf({ audienceSegments: [value] }) }),
  rollback: (value) => ({ tenantId: 'acme', rollback: value }),
  launcher: (value) => deploymentRollout({ launcher: value }),
  theme: (value) => deploymentRollout({ widget: widgetOf({ theme: value }), strict: true }),
  language: (value) => deploymentRollout({ language: value }),
  settings: (value) => ({ ...STEPS.organization, settings: { a: value } }),
  restore: (value) => ({ ...STEPS.restore, restore: [{ path: ['a'], to: value }] }),
  'a path': (value) => ({ ...STEPS.restore, restore: [{ path: [value] }] }),
};

describe(`${DEPTH} levels are refused without a stack overflow`, () => {
  test.for(Object.entries(PLACES))('as %s', ([, place]) => {
    for (const json of Object.values(DEEP)) expect(issuesOf(place(JSON.parse(json)))).not.toEqual([]);
  });

  test('as the whole input', () => {
    for (const json of Object.values(DEEP)) expect(issuesOf(JSON.parse(json))).not.toEqual([]);
  });
});

test('a cycle is refused', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic['again'] = cyclic;
  for (const place of Object.values(PLACES)) expect(issuesOf(place(cyclic))).not.toEqual([]);
});

describe('__proto__', () => {
  test('is an unknown field, and changes no prototype', () => {
    const hostile: unknown = JSON.parse('{"__proto__":{"polluted":true}}');
    for (const place of Object.values(PLACES)) expect(issuesOf(place(hostile))).not.toEqual([]);
    const whole = JSON.parse(
      `{"__proto__":{"polluted":true},${JSON.stringify(deploymentRollout()).slice(1)}`,
    );
    expect(issuesOf(whole)).toEqual(['unknown field "__proto__"']);
    expect('polluted' in {}).toBe(false);
  });

  test('supplies neither a missing field nor a type', () => {
    const input = JSON.parse('{"__proto__":{"rollback":"kabc","type":"rollback"},"tenantId":"acme"}');
    expect(issuesOf(input)).toContain('launcher: expected object, but it is missing');
  });
});

describe('a flood is refused in linear time, with a short error', () => {
  const fill = (count: number, value: unknown) => Array.from({ length: count }, () => value);
  const flags = (count: number) => Object.fromEntries(fill(count, 0).map((_, index) => [`f${index}`, index]));

  test.for([
    ['organizations', 250_000, (size) => configurationRollout({ organizationIds: fill(size, 'a') })],
    ['one organization', 1000, (size) => configurationRollout({ organizationIds: fill(size, 'a') })],
    [
      'greetings',
      250_000,
      (size) => PLACES['configuration']?.(configurationOf({ greetings: fill(size, '<b>') })),
    ],
    ['a greeting of 16 MiB', 2 ** 21, (size) => PLACES['greetings']?.('<script>'.repeat(size))],
    [
      'rules',
      250_000,
      (size) => PLACES['configuration']?.(configurationOf({ availabilityRules: fill(size, {}) })),
    ],
    ['flags', 100_000, (size) => PLACES['configuration']?.(configurationOf({ featureFlags: flags(size) }))],
    [
      'a flag of 16 MiB',
      2 ** 24,
      (size) => PLACES['configuration']?.(configurationOf({ featureFlags: { ['k'.repeat(size)]: 1 } })),
    ],
    [
      'segments',
      250_000,
      (size) => PLACES['configuration']?.(configurationOf({ audienceSegments: fill(size, '') })),
    ],
    ['a color of 16 MiB', 2 ** 24, (size) => PLACES['the color']?.(`#${'0'.repeat(size)}`)],
    ['a language of 16 MiB', 2 ** 22, (size) => PLACES['language']?.('en-'.repeat(size))],
    [
      'a welcome of 16 MiB',
      2 ** 24,
      (size) => deploymentRollout({ widget: widgetOf({ welcomeMessage: '<'.repeat(size) }) }),
    ],
    ['settings', 250_000, (size) => PLACES['settings']?.(fill(size, 1))],
    ['changes', 250_000, (size) => ({ ...STEPS.restore, restore: fill(size, {}) })],
    ['changes that fit', 20_000, (size) => ({ ...STEPS.restore, restore: fill(size, {}) })],
  ] as readonly [string, number, (size: number) => unknown][])('of %s', ([, size, inputOf]) => {
    const issues = expectLinear(size, inputOf, issuesOf);
    expect(issues).not.toEqual([]);
    expect(issues.join().length).toBeLessThan(10_000);
  });
});

test('an issue never quotes the value of a field', () => {
  const property = fc.property(fc.stringMatching(/^[jkqxz]{8,12}$/), fc.nat(4), (canary, spelling) => {
    const text = [canary, `<script>${canary}`, `#${canary}`, canary.repeat(900), ` ${canary} `][spelling];
    const theme = Object.fromEntries(Object.keys(widgetOf().theme).map((key) => [key, text]));
    const inputs = [
      {
        ...configurationRollout({ organizationIds: [text, text], onConflict: text }),
        tenantId: text,
        configuration: {
          ...configurationOf({
            brandColor: text,
            greetings: [text, ` ${text}<b>`],
            audienceSegments: [text],
          }),
          availabilityRules: [{ dayOfWeek: text, startTime: text, endTime: text, timeZone: text }],
          featureFlags: { a: text },
        },
      },
      deploymentRollout({
        id: ` ${text}`,
        name: ` ${text}`,
        language: text,
        widget: widgetOf({ title: `<b>${text}`, theme }),
      }),
      { ...STEPS.restore, restore: [{ path: [text], value: text }] },
    ];
    for (const input of inputs) {
      expect(issuesOf(input)).not.toEqual([]);
      expect(issuesOf(input).join('\n')).not.toContain(canary);
    }
  });
  fc.assert(property, { numRuns: 100 });
});
