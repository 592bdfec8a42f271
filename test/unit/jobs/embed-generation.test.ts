import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createPayload, MAX_PAYLOAD_BYTES, measurePayload } from '../../../src/content/embed/embed-code.ts';
import { createContentPolicy } from '../../../src/content/policy/policy.ts';
import { describeIssue } from '../../../src/core/issues.ts';
import { parseJob } from '../../../src/jobs/define.ts';
import { type EmbedGeneration, embedGeneration } from '../../../src/jobs/embed-generation.ts';
import { expectLinear } from '../../support/effort.ts';
import { embed, GUIDE_WIDGET } from '../../support/guides/embed.ts';

const policy = createContentPolicy();

function issuesOf(input: unknown): string[] {
  const parsed = parseJob(embedGeneration, input, policy);
  return parsed.ok ? [] : parsed.issues.map(describeIssue);
}

function accepted(input: unknown): EmbedGeneration {
  const parsed = parseJob(embedGeneration, input, policy);
  if (parsed.ok) return parsed.data;
  throw new Error(parsed.issues.map(describeIssue).join('; '));
}

describe('an embed job', () => {
  test('from the sample is accepted, and resends its request after a lost answer', () => {
    expect(accepted(embed())).toEqual({ ...embed(), onUnknownOutcome: 'resend' });
  });

  test('may have every field', () => {
    const full = embed({
      cms: { url: 'https://cms.example.com/embeds' },
      idempotencyKey: 'campaign-42',
      callback: { url: 'https://events.example.com/hook', events: ['failed'] },
      priority: 'urgent',
      expiresAt: '2026-03-01T09:30:00+01:00',
      onUnknownOutcome: 'hold',
    });
    expect(accepted(full)).toEqual(full);
  });

  test('may lack attributes and theme', () => {
    const { customAttributes, theme, ...least } = embed();
    expect(accepted(least)).toMatchObject({ ...least, customAttributes: {}, theme: {} });
  });

  test('passes the check again unchanged', () => {
    const input = embed({ customAttributes: { customer: { tier: 'gold' } } });
    const before = structuredClone(input);
    expect(accepted(accepted(input))).toEqual(accepted(input));
    expect(input).toEqual(before);
  });

  test('of the examples is valid, line by line', () => {
    const file = readFileSync(new URL('../../../examples/embeds.ndjson', import.meta.url), 'utf8');
    const inputs = file
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(inputs.length).toBeGreaterThan(2);
    for (const input of inputs) expect(issuesOf(input)).toEqual([]);
  });

  test('shares a lane with jobs of the same widget only', () => {
    const [one, same, other] = [embed(), embed({ theme: {} }), embed({ widgetId: 'other' })].map(accepted);
    const laneOf = (job: EmbedGeneration | undefined) => job && embedGeneration.lane(job);
    expect(laneOf(one)).toBe(laneOf(same));
    expect(laneOf(one)).not.toBe(laneOf(other));
    // Messages of a conversation with the same id have another lane.
    expect(laneOf(one)).not.toBe(GUIDE_WIDGET);
  });
});

describe('issues', () => {
  test('are reported together, each with its path', () => {
    const issues = issuesOf({
      tenantId: 'no such tenant',
      widgetId: 'a b',
      locales: { en_US: 'en', fr: 'f' },
      customAttributes: { a: { '': 1 } },
      theme: 'dark',
      cms: { url: 'ftp://cms.example.com' },
      expiresAt: 'tomorrow',
      script: 'x',
    });
    const paths = issues.map((issue) => issue.split(':')[0]);
    expect(paths).toEqual([
      'tenantId',
      'widgetId',
      'theme',
      'cms.url',
      'expiresAt',
      'unknown field "script"',
      'locales.en_US',
      'locales.fr',
      'customAttributes.a[""]',
    ]);
  });

  test.for(['tenantId', 'widgetId', 'locales'])('say that %s is missing', (name) => {
    expect(issuesOf({ ...embed(), [name]: undefined })).toEqual([
      expect.stringMatching(new RegExp(`^${name}: expected .*, but it is missing$`)),
    ]);
  });

  test.for([
    ['null', null],
    ['a text', 'en'],
    ['a list', [['en-US', 'en']]],
    ['a number', 7],
  ])('say that a part must be an object, not %s', ([, value]) => {
    for (const name of ['locales', 'customAttributes', 'theme']) {
      expect(issuesOf(embed({ [name]: value }))).toEqual([
        expect.stringMatching(new RegExp(`^${name}: expected object, received `)),
      ]);
    }
  });

  test.for([
    'https://user:password@cms.example.com/',
    'https://user@cms.example.com/',
    'cms.example.com',
    'javascript:alert(1)',
    '',
    7,
  ])('say that the CMS may not have the address %s', (url) => {
    expect(issuesOf(embed({ cms: { url } }))).toEqual([expect.stringMatching(/^cms\.url: expected /)]);
  });

  test('say that the theme has values that JSON lacks', () => {
    expect(issuesOf(embed({ theme: { since: new Date(0), size: Number.POSITIVE_INFINITY } }))).toEqual([
      'theme.since: expected a value of JSON, got an object of a class',
      'theme.size: expected a value of JSON, got Infinity',
    ]);
  });

  test('never quote an attribute', () => {
    const customAttributes = { note: `canary ${'x'.repeat(40_000)}`, bad: ['canary', Number.NaN] };
    expect(issuesOf(embed({ customAttributes, locales: { en: 'canary!' } })).join()).not.toContain('canary');
    expect(issuesOf(embed({ customAttributes: { note: customAttributes.note } })).join()).not.toContain(
      'canary',
    );
  });
});

describe('the size of the payload', () => {
  /**
   * The job whose payload has this many bytes without the region. The worker adds the region later.
   */
  const jobOf = (bytes: number) => {
    const fill = (length: number) => embed({ customAttributes: { note: 'x'.repeat(length) } });
    const occasion = { widgetId: GUIDE_WIDGET, environment: '', generatedAt: new Date() };
    return fill(bytes - measurePayload(createPayload(fill(0), occasion)).bytes);
  };

  test('is at most 32,768 bytes', () => {
    expect(MAX_PAYLOAD_BYTES).toBe(32_768);
    expect(issuesOf(jobOf(32_767))).toEqual([]);
    expect(issuesOf(jobOf(32_768))).toEqual([]);
    expect(issuesOf(jobOf(32_769))).toEqual([
      'customAttributes: expected a payload of at most 32768 bytes of JSON, got at least 32769: ' +
        'customAttributes 32509, theme 59, locales 40, the rest 161',
    ]);
  });

  test('is reported for the largest part', () => {
    expect(issuesOf(embed({ theme: { css: 'x'.repeat(40_000) } }))).toEqual([
      expect.stringMatching(/^theme: expected a payload of .* theme 40010, customAttributes /),
    ]);
  });

  test('counts a letter beyond ASCII as its escape', () => {
    expect(issuesOf(embed({ theme: { text: '漢'.repeat(5_400) } }))).toEqual([]);
    expect(issuesOf(embed({ theme: { text: '漢'.repeat(5_500) } }))).toHaveLength(1);
  });
});

describe('hostile input', () => {
  const DEPTH = 100_000;
  const deep = (): unknown => JSON.parse(`${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`);
  const deepList = (): unknown => JSON.parse('['.repeat(DEPTH) + ']'.repeat(DEPTH));

  test.for(['tenantId', 'widgetId', 'locales', 'customAttributes', 'theme', 'cms', 'callback', 'unknown'])(
    'with endless nesting is refused, without a stack overflow: %s',
    (name) => {
      expect(issuesOf({ ...embed(), [name]: deep() })).not.toEqual([]);
      expect(issuesOf({ ...embed(), [name]: { a: deepList() } })).not.toEqual([]);
    },
  );

  test('does not change a prototype', () => {
    for (const name of ['locales', 'customAttributes', 'theme']) {
      const input = JSON.parse(JSON.stringify(embed({ [name]: { x: 1 } })).replace('"x"', '"__proto__"'));
      expect(issuesOf(input)).not.toEqual([]);
    }
    expect('x' in {}).toBe(false);
  });

  test.for([
    { name: 'attributes', fieldsOf: (size: number) => ({ customAttributes: { note: 'x'.repeat(size) } }) },
    { name: 'a name', fieldsOf: (size: number) => ({ theme: { ['x'.repeat(size)]: new Date(0) } }) },
    { name: 'a language', fieldsOf: (size: number) => ({ locales: { ['x'.repeat(size)]: 'en' } }) },
    { name: 'an id', fieldsOf: (size: number) => ({ widgetId: 'x'.repeat(size) }) },
  ])('of 16 MiB is refused in linear time, with a short error: $name', ({ fieldsOf }) => {
    const inputOf = (size: number) => embed(fieldsOf(size));
    expectLinear(2 ** 24, inputOf, issuesOf);
    const issues = issuesOf(inputOf(2 ** 24));
    expect(issues).not.toEqual([]);
    expect(issues.join().length).toBeLessThan(10_000);
  });
});
