import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIGURATION } from '../../../../src/sandbox/configurations/configuration.ts';
import { parseConfiguration } from '../../../../src/sandbox/configurations/configuration-schema.ts';
import { guideConfiguration } from '../../../support/guides/configuration.ts';

function pathsOf(body: unknown): string[] {
  const parsed = parseConfiguration(body);
  return parsed.ok ? [] : parsed.problems.map(({ path }) => path);
}

const withColors = (colors: object) => ({ ...guideConfiguration, widget: { theme: { colors } } });
const withRatio = (contrastRatio: unknown) => ({
  ...guideConfiguration,
  widget: { accessibility: { contrastRatio } },
});
const withSize = (fontSize: unknown) => ({
  ...guideConfiguration,
  widget: { theme: { typography: { fontSize } } },
});
const withMessages = (...messages: unknown[]) => ({ ...guideConfiguration, greetings: { messages } });
const withRule = (rule: object) => ({
  ...guideConfiguration,
  availability: { rules: [{ dayOfWeek: 'FRIDAY', startTime: '09:00', endTime: '17:00', ...rule }] },
});
const withFeatures = (features: object) => ({ ...guideConfiguration, features });

describe('a configuration', () => {
  test('with every documented field is valid and stays unchanged, and so does the default one', () => {
    for (const configuration of [guideConfiguration, DEFAULT_CONFIGURATION]) {
      expect(parseConfiguration(configuration)).toEqual({ ok: true, value: configuration });
    }
  });

  test('may have any other field at any place', () => {
    const configuration = {
      ...guideConfiguration,
      widget: { ...guideConfiguration.widget, launcher: { label: 'Hi' } },
      greetings: { ...guideConfiguration.greetings, tone: 'warm' },
      branding: [1, { deep: null }],
    };
    expect(parseConfiguration(configuration)).toEqual({ ok: true, value: configuration });
  });

  test.each([
    ['a ratio of 4.5', withRatio(4.5)],
    ['a ratio of 21', withRatio(21)],
    ['14px', withSize('14px')],
    ['24px', withSize('24px')],
    ['one greeting', withMessages('Hello')],
    ['three greetings', withMessages('a', 'b', 'c')],
    ['150 characters, each two units long', withMessages('😀'.repeat(150))],
    ['a minute of availability', withRule({ startTime: '23:58', endTime: '23:59' })],
  ])('may have %s', (_what, configuration) => {
    expect(pathsOf(configuration)).toEqual([]);
  });

  test.each([
    ['a list', [], ''],
    ['a text', 'x', ''],
    ['a ratio of 4.49', withRatio(4.49), 'widget.accessibility.contrastRatio'],
    ['a ratio of 21.1', withRatio(21.1), 'widget.accessibility.contrastRatio'],
    ['a ratio as text', withRatio('7'), 'widget.accessibility.contrastRatio'],
    ['13px', withSize('13px'), 'widget.theme.typography.fontSize'],
    ['25px', withSize('25px'), 'widget.theme.typography.fontSize'],
    ['16em', withSize('16em'), 'widget.theme.typography.fontSize'],
    ['a number as size', withSize(16), 'widget.theme.typography.fontSize'],
    ['no greetings', withMessages(), 'greetings.messages'],
    ['greetings left out', { ...guideConfiguration, greetings: {} }, 'greetings.messages'],
    ['four greetings', withMessages('a', 'b', 'c', 'd'), 'greetings.messages'],
    ['a long greeting', withMessages('a', 'x'.repeat(151)), 'greetings.messages[1]'],
    ['a greeting that is no text', withMessages(7), 'greetings.messages[0]'],
    ['an unknown day', withRule({ dayOfWeek: 'Friday' }), 'availability.rules[0].dayOfWeek'],
    ['24:00', withRule({ endTime: '24:00' }), 'availability.rules[0].endTime'],
    ['9:00', withRule({ startTime: '9:00' }), 'availability.rules[0].startTime'],
    ['an end at the start', withRule({ endTime: '09:00' }), 'availability.rules[0].endTime'],
    ['a flag as text', withFeatures({ flags: { rich: 'yes' } }), 'features.flags.rich'],
    ['an audience as number', withFeatures({ audiences: ['a', 1] }), 'features.audiences[1]'],
    ['a color without #', withColors({ accent: '0052CC' }), 'widget.theme.colors.accent'],
  ])('is refused with %s, and names the path', (_what, configuration, path) => {
    expect(pathsOf(configuration)).toEqual([path]);
  });

  test.each(['widget', 'greetings', 'availability', 'features'])('is refused without %s', (section) => {
    expect(pathsOf({ ...guideConfiguration, [section]: undefined })).toEqual([section]);
    expect(pathsOf({ ...guideConfiguration, [section]: null })).toEqual([section]);
  });

  test('is refused with every section if it is absent', () => {
    expect(pathsOf(undefined)).toEqual(['widget', 'greetings', 'availability', 'features']);
  });

  test('has colors of # and 3 or 6 hexadecimal digits only', () => {
    const digits = fc.stringMatching(/^[0-9a-fA-F]{1,8}$/);
    fc.assert(
      fc.property(digits, (text) => {
        const isColor = text.length === 3 || text.length === 6;
        expect(pathsOf(withColors({ primary: `#${text}` }))).toHaveLength(isColor ? 0 : 1);
      }),
    );
  });

  test('with any content never makes the parser throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        expect(() => parseConfiguration(body)).not.toThrow();
      }),
    );
  });

  test('with the key __proto__ is refused, and names the path', () => {
    const text = JSON.stringify(guideConfiguration).replace('"messages"', '"__proto__":{"a":1},"messages"');
    expect(pathsOf(JSON.parse(text))).toEqual(['greetings.__proto__']);
  });
});
