import { describe, expect, test } from 'vitest';
import {
  mappedConfiguration,
  mappedDeployment,
} from '../../../../src/content/configuration/messenger-mapping.ts';
import type { WebchatConfiguration } from '../../../../src/content/configuration/webchat-configuration.ts';
import { deploymentContent, widgetOf } from '../../../support/guides/deployment.ts';

const NOTHING: WebchatConfiguration = {
  brandColor: '#0052CC',
  backgroundColor: '#FFFFFF',
  fontSizePx: 16,
  greetings: ['Hello'],
  availabilityRules: [],
  featureFlags: {},
  audienceSegments: [],
};
const ALWAYS = ['configuration.fontSizePx', 'configuration.greetings'];

describe('a configuration of the guides', () => {
  test('has a brand color there, with six digits', () => {
    const settings = { messenger: { styles: { primaryColor: '#0055cc' } } };
    expect(mappedConfiguration({ ...NOTHING, brandColor: '#05C' })).toEqual({
      settings,
      unsupported: ALWAYS,
    });
  });

  test.each([
    ['enableFileUpload', { messenger: { fileUpload: { enableAttachments: true } } }],
    ['fileUpload', { messenger: { fileUpload: { enableAttachments: true } } }],
    ['messenger', { messenger: { enabled: true } }],
    ['homeScreen', { messenger: { homeScreen: { enabled: true } } }],
    ['headlessMode', { headlessMode: { enabled: true } }],
    ['cobrowse', { cobrowse: { enabled: true } }],
    ['journeyEvents', { journeyEvents: { enabled: true } }],
    ['enableRichText', conversations({ markdown: { enabled: true } })],
    ['markdown', conversations({ markdown: { enabled: true } })],
    ['conversations', conversations({ enabled: true })],
    ['showAgentTypingIndicator', conversations({ showAgentTypingIndicator: true })],
    ['showUserTypingIndicator', conversations({ showUserTypingIndicator: true })],
    ['autoStart', conversations({ autoStart: { enabled: true } })],
    ['conversationDisconnect', conversations({ conversationDisconnect: { enabled: true } })],
    ['conversationClear', conversations({ conversationClear: { enabled: true } })],
    ['humanize', conversations({ humanize: { enabled: true } })],
    ['notifications', conversations({ notifications: { enabled: true } })],
  ])('has a switch for the flag %s', (flag, settings) => {
    const mapped = mappedConfiguration({ ...NOTHING, featureFlags: { [flag]: true } });
    expect(mapped.settings).toMatchObject(settings);
    expect(mapped.unsupported).toEqual(ALWAYS);
  });

  test('names every field without a counterpart', () => {
    const mapped = mappedConfiguration({
      ...NOTHING,
      backgroundColor: '#EEE',
      contrastRatio: 6.8,
      availabilityRules: [{ dayOfWeek: 'MONDAY', startTime: '09:00', endTime: '17:00' }],
      featureFlags: { cobrowse: false, beta: true, constructor: true },
      audienceSegments: ['trial'],
    });
    expect(mapped.unsupported).toEqual([
      'configuration.backgroundColor',
      ...ALWAYS,
      'configuration.availabilityRules',
      'configuration.featureFlags.beta',
      'configuration.featureFlags.constructor',
      'configuration.audienceSegments',
    ]);
    expect(mapped.settings).toEqual({
      messenger: { styles: { primaryColor: '#0052cc' } },
      cobrowse: { enabled: false },
    });
  });
});

describe('a deployment of the guides', () => {
  const colors = [
    'secondaryColor',
    'buttonTextColor',
    'widgetBackgroundColor',
    'widgetTextColor',
    'headerBackgroundColor',
    'headerTextColor',
  ].map((color) => `widget.theme.${color}`);
  const launcher = deploymentContent.launcher;

  test('has its look, its language and its texts in the configuration', () => {
    expect(mappedDeployment(deploymentContent)).toEqual({
      settings: {
        languages: ['en-us'],
        defaultLanguage: 'en-us',
        customI18nLabels: [
          {
            language: 'en-us',
            localizedLabels: [
              { key: 'MessengerHomeHeaderTitle', value: 'Tech Support Chat' },
              { key: 'MessengerHomeHeaderSubTitle', value: 'Hi there! An agent will be with you shortly.' },
            ],
          },
        ],
        messenger: { styles: { primaryColor: '#0056b3' }, launcherButton: { visibility: 'On' } },
        position: { alignment: 'Right', sideSpace: 20, bottomSpace: 20 },
      },
      unsupported: colors,
    });
  });

  test('on the left, hidden and with an icon has these there', () => {
    const icon = 'https://cdn.example/icon.png';
    const { settings } = mappedDeployment({
      ...deploymentContent,
      launcher: { ...launcher, position: 'bottom-left', show: false, icon },
    });
    expect(settings).toMatchObject({
      position: { alignment: 'Left' },
      messenger: { launcherButton: { visibility: 'Off', displayType: 'Icon', icon: { url: icon } } },
    });
  });

  test('at the top, or opened with its page, has no counterpart', () => {
    const mapped = mappedDeployment({
      ...deploymentContent,
      launcher: { ...launcher, position: 'top-right' },
      widget: widgetOf({ autoOpen: true, welcomeMessage: '' }) as typeof deploymentContent.widget,
    });
    expect(mapped.unsupported).toEqual(['launcher.position', 'widget.autoOpen', ...colors]);
    expect(mapped.settings['position']).toEqual({ sideSpace: 20, bottomSpace: 20 });
    expect(JSON.stringify(mapped.settings)).not.toContain('SubTitle');
  });
});

function conversations(fields: object) {
  return { messenger: { apps: { conversations: fields } } };
}
