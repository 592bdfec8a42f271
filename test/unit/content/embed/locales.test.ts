import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localeIssues } from '../../../../src/content/embed/locales.ts';
import { describeIssue } from '../../../../src/core/issues.ts';
import { embedFields } from '../../../support/guides/embed.ts';

const issuesOf = (matrix: unknown) => localeIssues(matrix).map(describeIssue);

describe('a locale matrix', () => {
  test.for([
    { name: 'of three languages', matrix: embedFields.locales },
    { name: 'whose chains have several links', matrix: { 'de-AT': 'de', de: 'en-GB', 'en-GB': 'en' } },
    { name: 'whose chains meet', matrix: { 'de-AT': 'de', 'de-CH': 'de', de: 'en', fr: 'en' } },
    {
      name: 'with scripts, variants and extensions',
      matrix: { 'zh-Hant-TW': 'zh-Hant', 'de-DE-u-co-phonebk': 'de' },
    },
    { name: 'in another spelling than the usual', matrix: { 'EN-us': 'EN' } },
  ])('$name is valid', ({ matrix }) => {
    expect(issuesOf(matrix)).toEqual([]);
  });

  test('without languages is invalid', () => {
    expect(issuesOf({})).toEqual(['locales: expected at least one language and its fallback, got none']);
  });

  test('is left to the contract if it is no object', () => {
    for (const matrix of [undefined, null, 'en', ['en']]) expect(issuesOf(matrix)).toEqual([]);
  });
});

describe('a language', () => {
  test.for([
    'en_US',
    'e',
    'en-',
    '-en',
    'en-US-',
    'english language',
    'en-a',
    '',
    '*',
    'en-US.UTF-8',
    'en\n',
  ])('may not have the name %j', (tag) => {
    const issues = localeIssues({ [tag]: 'en' });
    expect(issues.map(({ message }) => message)).toEqual([
      'expected a BCP 47 language tag such as en-US for a name, got another',
    ]);
    expect(issues[0]?.path).toMatch(/^locales[.[]/);
  });

  test.for([
    ['en_US', 'got a text of 5 characters'],
    ['', 'got a text of 0 characters'],
    [null, 'got null'],
    [7, 'got a number'],
    [['en'], 'got a list of 1'],
    [{}, 'got an object'],
  ])('may not fall back to %j', ([fallback, got]) => {
    expect(issuesOf({ 'en-US': fallback })).toEqual([
      `locales.en-US: expected the BCP 47 tag of the language to fall back to, such as en, ${got}`,
    ]);
  });

  test('may occur once only, in any spelling', () => {
    expect(issuesOf({ 'en-US': 'en', 'EN-us': 'en', 'fr-FR': 'fr' })).toEqual([
      'locales.EN-us: expected each language once, got it at locales.en-US as well',
    ]);
  });
});

describe('a chain of fallbacks', () => {
  test.for([
    { en: 'en' },
    { 'en-US': 'en', en: 'en' },
    { 'EN-us': 'en-US', 'en-GB': 'en-US' },
    { de: 'de', fr: 'fr', 'fr-CA': 'fr' },
  ])('may end at a language that falls back to itself: %j', (matrix) => {
    expect(issuesOf(matrix)).toEqual([]);
  });

  test.for([
    {
      name: 'where it was before',
      matrix: { 'en-US': 'en', en: 'de', de: 'en' },
      path: 'locales.en',
      cycle: 'en → de → en',
    },
    {
      name: 'itself in another spelling',
      matrix: { 'EN-us': 'en', en: 'en-US' },
      path: 'locales.EN-us',
      cycle: 'en-US → en → en-US',
    },
  ])('may not lead to $name', ({ matrix, path, cycle }) => {
    expect(issuesOf(matrix)).toEqual([
      `${path}: expected a chain of fallbacks that ends, got one that comes back: ${cycle}`,
    ]);
  });

  test('is reported once per cycle, for every cycle', () => {
    const matrix = { 'en-US': 'en', 'en-GB': 'en', en: 'fr', fr: 'en', de: 'nl', nl: 'de', es: 'pt' };
    expect(localeIssues(matrix).map(({ path }) => path)).toEqual(['locales.en', 'locales.de']);
  });

  test('gets a short error at any length', () => {
    const tags = Array.from({ length: 2000 }, (_, n) => `en-x-n${n}`);
    const matrix = Object.fromEntries(tags.map((tag, n) => [tag, tags[(n + 1) % tags.length]]));
    expect(issuesOf(matrix)).toEqual([expect.stringMatching(/en-x-n0 → .* → en-x-n4 → … → en-x-n0$/)]);
  });

  test('is valid exactly if every language of it leads to an end', () => {
    const tag = fc.constantFrom('en', 'de', 'fr', 'es', 'pt', 'nl', 'it');
    fc.assert(
      fc.property(fc.dictionary(tag, tag, { minKeys: 1 }), (matrix) => {
        expect(localeIssues(matrix).length > 0).toBe(
          Object.keys(matrix).some((start) => !ends(matrix, start)),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('a large locale matrix', () => {
  const floodOf = (length: number) => {
    return Object.fromEntries(Array.from({ length }, (_, n) => [`not_a_tag_${n}`, '?'.repeat(n % 9)]));
  };

  test('causes a limited number of issues', () => {
    const issues = issuesOf(floodOf(3276));
    expect(issues).toHaveLength(20);
    expect(issues.join().length).toBeLessThan(5000);
  });

  test('is not searched if it exceeds the limit', () => {
    expect(issuesOf(floodOf(250_000))).toEqual(['locales: expected at most 3276 languages, got 250000']);
  });
});

/** The reference: a chain with more steps than languages never ends. */
function ends(matrix: Readonly<Record<string, string>>, start: string): boolean {
  let tag: string | undefined = start;
  for (let step = 0; step <= Object.keys(matrix).length; step++) {
    const fallback: string | undefined = tag === undefined ? undefined : matrix[tag];
    tag = fallback === tag ? undefined : fallback;
  }
  return tag === undefined;
}
