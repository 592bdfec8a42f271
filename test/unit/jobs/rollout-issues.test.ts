import { describe, expect, test } from 'vitest';
import { configurationOf, configurationRollout } from '../../support/guides/configuration.ts';
import { deploymentRollout, widgetOf } from '../../support/guides/deployment.ts';
import { issuesOf, pathsOf } from './rollouts.ts';

describe('issues of a configuration', () => {
  test('are reported together, each with its path', () => {
    const input = {
      tenantId: 'no such tenant',
      organizationIds: ['a', 'b c', 'a'],
      configuration: {
        brandColor: '#EEE',
        backgroundColor: 'white',
        contrastRatio: 4.4,
        fontSizePx: 13,
        greetings: ['<b>Hello</b>', ''],
        availabilityRules: [{ dayOfWeek: 'monday', startTime: '9:00', endTime: '25:00', zone: 'UTC' }],
        featureFlags: { a: 1 },
        audienceSegments: ['a b'],
        logo: 'x',
      },
      onConflict: 'ask',
      ifVersion: 0,
      dryRun: 'yes',
      callback: { url: 'ftp://a.example' },
      script: 'x',
    };
    expect(pathsOf(input)).toEqual([
      'tenantId',
      'organizationIds[1]',
      'configuration.backgroundColor',
      'configuration.contrastRatio',
      'configuration.fontSizePx',
      'configuration.greetings[1]',
      'configuration.availabilityRules[0].dayOfWeek',
      'configuration.availabilityRules[0].startTime',
      'configuration.availabilityRules[0].endTime',
      'configuration.availabilityRules[0]',
      'configuration.audienceSegments[0]',
      'configuration',
      'onConflict',
      'ifVersion',
      'dryRun',
      'callback.url',
      'unknown field "script"',
      'organizationIds[2]',
      'configuration.featureFlags.a',
      'configuration.greetings[0]',
    ]);
  });

  test.for([
    ['fontSizePx', [14, 24], [13, 25, 16.5, '16', null]],
    ['contrastRatio', [undefined, 7.2], [4.4, 21.1, 3, '7']],
    ['brandColor', ['#0052CC', '#0052cc'], ['0052CC', '#0052C', 'blue', '#0052CG', '#0052CCFF', 7]],
    [
      'greetings',
      [['x'], ['a', 'b', 'c'], ['x'.repeat(150)], ['😀'.repeat(150)]],
      [[], ['a', 'b', 'c', 'd'], ['x'.repeat(151)], ['😀'.repeat(151)], [''], [7], 'Hello'],
    ],
    ['audienceSegments', [[], Array(100).fill('a')], [Array(101).fill('a'), [''], ['x'.repeat(65)], [7], {}]],
    ['featureFlags', [{}], [[], 'all', null, { a: 'true' }, { '': true }]],
    ['availabilityRules', [[]], [{}, [{}], [null], Array(101).fill(configurationOf().availabilityRules[0])]],
  ] as const)('name the bounds of %s', ([name, good, bad]) => {
    const input = (value: unknown) =>
      configurationRollout({ configuration: configurationOf({ [name]: value }) });
    for (const value of good) expect(issuesOf(input(value))).toEqual([]);
    for (const value of bad) {
      expect(issuesOf(input(value))).not.toEqual([]);
      for (const path of pathsOf(input(value))) expect(path).toContain(`configuration.${name}`);
    }
  });

  test.for([
    'brandColor',
    'fontSizePx',
    'greetings',
    'availabilityRules',
    'featureFlags',
    'audienceSegments',
  ])('say that %s is missing', (name) => {
    expect(issuesOf(configurationRollout({ configuration: configurationOf({ [name]: undefined }) }))).toEqual(
      [expect.stringMatching(new RegExp(`^configuration\\.${name}: expected .*, but it is missing$`))],
    );
  });

  test('require 1 to 1000 organizations, each once', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `org-${index}`);
    expect(issuesOf(configurationRollout({ organizationIds: many(1000) }))).toEqual([]);
    expect(pathsOf(configurationRollout({ organizationIds: many(1001) }))).toEqual(['organizationIds']);
    expect(pathsOf(configurationRollout({ organizationIds: [] }))).toEqual(['organizationIds']);
    expect(issuesOf(configurationRollout({ organizationIds: ['a', 'b', 'a'] }))).toEqual([
      'organizationIds[2]: expected each once, got that of organizationIds[0] again',
    ]);
  });
});

describe('issues of a deployment', () => {
  test('are reported together, each with its path', () => {
    const input = {
      tenantId: 'acme',
      status: 'on',
      language: 'en_US',
      launcher: {
        position: 'left',
        horizontalOffset: -1,
        verticalOffset: 1001,
        show: 1,
        icon: 'http://a.example',
      },
      widget: {
        title: '',
        welcomeMessage: '<b>Hello</b>',
        autoOpen: 'no',
        theme: { primaryColor: '0056b3' },
        logo: 'x',
      },
    };
    expect(pathsOf(input)).toEqual([
      'status',
      'language',
      'launcher.position',
      'launcher.horizontalOffset',
      'launcher.verticalOffset',
      'launcher.show',
      'launcher.icon',
      'widget.title',
      'widget.autoOpen',
      'widget.theme.primaryColor',
      'widget.theme.secondaryColor',
      'widget.theme.buttonTextColor',
      'widget.theme.widgetBackgroundColor',
      'widget.theme.widgetTextColor',
      'widget.theme.headerBackgroundColor',
      'widget.theme.headerTextColor',
      'widget',
      'name',
      'widget.welcomeMessage',
    ]);
  });

  test('require a name or an id', () => {
    expect(issuesOf(deploymentRollout({ name: undefined }))).toEqual([
      'name: expected the name of the deployment, or the id of one that exists, or both',
    ]);
    for (const name of ['', ' a', 'a ', 'a\nb', 'x'.repeat(101), 7]) {
      expect(pathsOf(deploymentRollout({ name }))).toEqual(['name']);
    }
  });

  test('name the texts that are refused', () => {
    expect(pathsOf(deploymentRollout({ widget: widgetOf({ title: '<script>' }) }))).toEqual(['widget.title']);
    expect(pathsOf(deploymentRollout({ widget: widgetOf({ title: 'x'.repeat(101) }) }))).toEqual([
      'widget.title',
    ]);
    expect(issuesOf(deploymentRollout({ widget: widgetOf({ welcomeMessage: '' }) }))).toEqual([]);
    expect(issuesOf(deploymentRollout({ widget: widgetOf({ welcomeMessage: 'x'.repeat(500) }) }))).toEqual(
      [],
    );
    expect(pathsOf(deploymentRollout({ widget: widgetOf({ welcomeMessage: 'x'.repeat(501) }) }))).toEqual([
      'widget.welcomeMessage',
    ]);
  });

  test('name colors with too little contrast, if the job is strict', () => {
    const widget = widgetOf({ theme: { ...widgetOf().theme, primaryColor: '#FF5733' } });
    expect(issuesOf(deploymentRollout({ widget }))).toEqual([]);
    expect(issuesOf(deploymentRollout({ widget, strict: true }))).toEqual([
      'widget.theme.secondaryColor: expected a contrast of at least 4.5 to primaryColor, got 3.15',
      'widget.theme.buttonTextColor: expected a contrast of at least 4.5 to primaryColor, got 3.15',
    ]);
  });

  test('allow every position, and an optional icon with https', () => {
    const { launcher } = deploymentRollout();
    for (const position of ['bottom-right', 'bottom-left', 'top-right', 'top-left']) {
      expect(issuesOf(deploymentRollout({ launcher: { ...launcher, position } }))).toEqual([]);
    }
    expect(issuesOf(deploymentRollout({ launcher: { ...launcher, icon: null } }))).toEqual([]);
    for (const icon of ['javascript:alert(1)', 'https://user:pw@a.example/i', 'data:image/png,x', 7]) {
      expect(pathsOf(deploymentRollout({ launcher: { ...launcher, icon } }))).toEqual(['launcher.icon']);
    }
  });
});
