import { describe, expect, test } from 'vitest';
import {
  copyOf,
  copyOnto,
  newMessenger,
  withMessenger,
} from '../../../../src/content/configuration/messenger.ts';
import { messenger } from '../../../support/guides/messenger.ts';

const label = (key: string, value: string) => ({ key, value });

describe('settings of a rollout', () => {
  test('leave all other fields of a configuration as they are', () => {
    const before = messenger();
    const after = withMessenger(before, { messenger: { styles: { primaryColor: '#0052cc' } } });
    expect(after).toEqual({
      ...before,
      messenger: { ...before.messenger, styles: { primaryColor: '#0052cc' } },
    });
    expect(withMessenger(before, {})).toEqual(before);
  });

  test('add languages, and replace labels by language and key', () => {
    const current = {
      languages: ['en-us', 'de-de'],
      customI18nLabels: [
        { language: 'de-de', localizedLabels: [label('A', 'alt'), label('B', 'bleibt')] },
        { language: 'fr', localizedLabels: [label('A', 'reste')] },
      ],
    };
    const settings = {
      languages: ['de-de', 'ja'],
      customI18nLabels: [
        { language: 'de-de', localizedLabels: [label('A', 'neu')] },
        { language: 'ja', localizedLabels: [label('A', '新')] },
      ],
    };
    expect(withMessenger(current, settings)).toEqual({
      languages: ['en-us', 'de-de', 'ja'],
      customI18nLabels: [
        { language: 'de-de', localizedLabels: [label('B', 'bleibt'), label('A', 'neu')] },
        { language: 'fr', localizedLabels: [label('A', 'reste')] },
        { language: 'ja', localizedLabels: [label('A', '新')] },
      ],
    });
  });

  test('make no second change of what they have set', () => {
    const settings = {
      languages: ['ja'],
      customI18nLabels: [{ language: 'ja', localizedLabels: [label('A', 'x')] }],
    };
    const once = withMessenger(messenger(), settings);
    expect(withMessenger(once, settings)).toEqual(once);
  });

  test('replace odd values that are in their place', () => {
    const odd = { languages: 'en', customI18nLabels: 7, messenger: null };
    const settings = {
      languages: ['ja'],
      customI18nLabels: [{ language: 'ja' }],
      messenger: { enabled: true },
    };
    expect(withMessenger(odd, settings)).toEqual({
      languages: ['ja'],
      customI18nLabels: [{ language: 'ja', localizedLabels: [] }],
      messenger: { enabled: true },
    });
  });
});

test('a new configuration shows a messenger, in English or in the language of the job', () => {
  expect(newMessenger('Shop', { messenger: { styles: { primaryColor: '#0052cc' } } })).toEqual({
    name: 'Shop',
    languages: ['en-us'],
    defaultLanguage: 'en-us',
    messenger: {
      enabled: true,
      apps: { conversations: { enabled: true } },
      styles: { primaryColor: '#0052cc' },
    },
  });
  expect(newMessenger('Shop', { languages: ['ja'], defaultLanguage: 'ja' })).toMatchObject({
    languages: ['ja'],
    defaultLanguage: 'ja',
  });
});

describe('a copy for another organization', () => {
  const foreign = {
    supportCenter: { enabled: true, knowledgeBase: { id: 'base' } },
    authenticationSettings: { enabled: true, integrationId: 'integration' },
    supportedContent: { id: 'profile' },
  };
  const knowledge = { enabled: true, knowledgeBase: { id: 'base' } };
  const source = {
    ...messenger({ messenger: { enabled: true, apps: { conversations: { enabled: true }, knowledge } } }),
    ...foreign,
  };

  test('has no id of the first one, and says which parts it lacks', () => {
    expect(copyOf(source)).toEqual({
      copy: messenger({ messenger: { enabled: true, apps: { conversations: { enabled: true } } } }),
      stripped: ['messenger.apps.knowledge', 'supportCenter', 'authenticationSettings', 'supportedContent'],
    });
    expect(copyOf(messenger())).toEqual({ copy: messenger(), stripped: [] });
  });

  test('in place of another configuration keeps the name and the ids of that one', () => {
    const own = { ...source, name: 'Their own', description: 'gone', cobrowse: { enabled: true } };
    const { copy } = copyOf(source);
    expect(copyOnto(own, copy)).toEqual({ ...source, name: 'Their own' });
    expect(copyOnto({}, copy)).toEqual(copy);
  });
});
