import { describe, expect, test } from 'vitest';
import {
  configurationIssues,
  DEFAULTS,
  settingsOf,
  type WebchatConfiguration,
  withSettings,
} from '../../../../src/content/configuration/webchat-configuration.ts';
import { createContentPolicy } from '../../../../src/content/policy/policy.ts';
import { describeIssue } from '../../../../src/core/issues.ts';
import { configurationFields, sentConfiguration } from '../../../support/guides/configuration.ts';

/** The configuration of the guide, without a contrast ratio. */
const { contrastRatio: _guessed, ...fields } = configurationFields;
const configuration: WebchatConfiguration = { ...fields, backgroundColor: '#FFFFFF' };

function issuesOf(fields: Readonly<Record<string, unknown>>, patterns: string[] = []): string[] {
  const raw = { ...configuration, ...fields };
  return configurationIssues(raw, 'configuration', createContentPolicy(patterns)).map(describeIssue);
}

describe('a configuration', () => {
  test('gives a new organization exactly the documented fields', () => {
    expect(withSettings({}, settingsOf(configuration))).toEqual(sentConfiguration);
  });

  test('changes only the named fields of an organization', () => {
    const current = {
      widget: { theme: { typography: { fontFamily: 'Georgia', fontSize: '20px' } }, logo: 'a.png' },
      greetings: { delayMs: 500, messages: ['Old'] },
      features: { dynamicRouting: false, flags: { beta: true } },
      own: 'kept',
    };
    const changed = withSettings(current, settingsOf(configuration));
    expect(changed).toMatchObject({
      widget: { theme: { typography: { fontFamily: 'Georgia', fontSize: '16px' } }, logo: 'a.png' },
      greetings: { delayMs: 500, messages: configuration.greetings },
      features: { dynamicRouting: false, flags: { beta: true, enableFileUpload: true } },
      own: 'kept',
    });
    expect(withSettings(changed, settingsOf(configuration))).toEqual(changed);
  });

  test('does not set the constants', () => {
    expect(withSettings({}, {})).toEqual(DEFAULTS);
    const settings = JSON.stringify(settingsOf(configuration));
    for (const constant of ['fontFamily', 'wcagLevel', 'ariaLiveRegion', 'delayMs', 'dynamicRouting']) {
      expect(settings).not.toContain(constant);
      expect(JSON.stringify(DEFAULTS)).toContain(constant);
    }
  });

  test('sends the computed contrast, and the time zones that are set', () => {
    const availabilityRules = [
      { dayOfWeek: 'MONDAY', startTime: '09:00', endTime: '17:00', timeZone: 'Europe/Berlin' },
    ] as const;
    const settings = settingsOf({ ...configuration, contrastRatio: 7.2, availabilityRules });
    expect(settings).toMatchObject({
      widget: { accessibility: { contrastRatio: 6.82 } },
      availability: { rules: availabilityRules },
    });
  });
});

describe('the contrast', () => {
  test('may have a small error', () => {
    // The documented example has 7.2 for #0052CC on white; by WCAG 2 it is 6.82.
    expect(issuesOf({ contrastRatio: 7.2 })).toEqual([]);
  });

  test('may have one decimal, or all of them', () => {
    for (const contrastRatio of [6.8, 6.9, 6.82, 7, 6.33, 7.31])
      expect(issuesOf({ contrastRatio })).toEqual([]);
  });

  test.for([4.5, 6.3, 7.4, 21])('may not be %d, which is the contrast of other colors', (contrastRatio) => {
    expect(issuesOf({ contrastRatio })).toEqual([
      'configuration.contrastRatio: expected the contrast of the two colors, 6.82, or no ratio at all',
    ]);
  });

  test('is at least 4.5, on white unless the job names another background', () => {
    expect(issuesOf({ brandColor: '#767676', backgroundColor: undefined })).toEqual([]);
    expect(issuesOf({ brandColor: '#777777', backgroundColor: undefined })).toEqual([
      'configuration.brandColor: expected a contrast of at least 4.5 to the background, got 4.47',
    ]);
    expect(issuesOf({ brandColor: '#FFF', backgroundColor: '#000' })).toEqual([]);
    expect(issuesOf({ brandColor: '#0052CC', backgroundColor: '#000000' })).toHaveLength(1);
  });

  test('is not checked for invalid colors: the contract refuses them', () => {
    for (const brandColor of ['blue', 7, null, {}, '#12345']) expect(issuesOf({ brandColor })).toEqual([]);
  });
});

describe('feature flags', () => {
  test('have names of letters and digits, and are true or false', () => {
    const featureFlags = JSON.parse('{"ok":true,"a b":true,"__proto__":true,"maybe":"yes","deep":{"a":1}}');
    expect(issuesOf({ featureFlags })).toEqual([
      expect.stringMatching(
        /^configuration\.featureFlags: expected names .* got \(a name of 3 characters\)$/,
      ),
      expect.stringMatching(/^configuration\.featureFlags: expected names .* got "__proto__"$/),
      'configuration.featureFlags.maybe: expected true or false, got a text of 3 characters',
      'configuration.featureFlags.deep: expected true or false, got an object',
    ]);
  });

  test('are at most fifty', () => {
    const flags = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, true]));
    expect(issuesOf({ featureFlags: flags(50) })).toEqual([]);
    expect(issuesOf({ featureFlags: flags(51) })).toEqual([
      'configuration.featureFlags: expected at most 50 feature flags, got 51',
    ]);
  });
});

test('all issues are reported together', () => {
  const issues = issuesOf({
    brandColor: '#EEEEEE',
    contrastRatio: 9,
    greetings: ['<b>'],
    availabilityRules: [{ dayOfWeek: 'MONDAY', startTime: '10:00', endTime: '09:00' }],
    featureFlags: { beta: 1 },
  });
  expect(issues.map((issue) => issue.split(':')[0])).toEqual([
    'configuration.brandColor',
    'configuration.contrastRatio',
    'configuration.availabilityRules[0].endTime',
    'configuration.featureFlags.beta',
  ]);
});
