import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { attributesTag, missingLanguages, missingSwitches } from '../../../../src/content/embed/messenger.ts';

describe('the switches of a configuration', () => {
  const on = { messenger: { enabled: true }, defaultLanguage: 'en-us' };

  test.each<[string, object, string[]]>([
    ['on', on, []],
    ['off', { ...on, messenger: { enabled: false } }, ['webMessagingV2']],
    ['absent', {}, ['webMessagingV2', 'localeFallback']],
    [
      'without conversations',
      { ...on, messenger: { enabled: true, apps: { conversations: { enabled: false } } } },
      ['webMessagingV2'],
    ],
    ['of a wrong type', { messenger: 'on', defaultLanguage: 1 }, ['webMessagingV2', 'localeFallback']],
  ])('%s show what an embed code needs', (_, fields, missing) => {
    expect(missingSwitches(fields as never)).toEqual(missing);
  });
});

describe('languages of a page', () => {
  test('are served by texts of their own, of their language, or of a fallback', () => {
    const locales = { 'de-AT': 'de', 'gsw-CH': 'de', fr: 'en', it: 'it', 'pt-BR': 'es' };
    const languages = ['de-de', 'en-us', 7];
    expect(missingLanguages(locales, { languages } as never)).toEqual(['it', 'pt-BR']);
    expect(missingLanguages({ a1: 'b1', b1: 'a1' }, {})).toEqual(['a1', 'b1']);
  });
});

describe('the tag with the attributes for the routing', () => {
  test('gives the plugin exactly these, whatever they hold', () => {
    const attributes = { 'a</script>"\'': '<!--<script>\u2028é', n: 3, no: null };
    const tag = attributesTag(attributes);
    const [, code = ''] = /^<script>([^<]*)<\/script>$/.exec(tag) ?? [];
    const calls: unknown[][] = [];
    const Genesys = (...args: unknown[]) => {
      calls.push(args);
      if (typeof args[2] === 'function') args[2]();
    };
    runInNewContext(code, { Genesys });
    expect(calls.map((call) => call.slice(0, 2))).toEqual([
      ['subscribe', 'Database.ready'],
      ['command', 'Database.set'],
    ]);
    expect(JSON.parse(JSON.stringify(calls[1]?.[2]))).toEqual({
      messaging: { customAttributes: attributes },
    });
  });
});
