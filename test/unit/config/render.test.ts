import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { renderEnvExample, renderSettingsPage } from '../../../src/config/render.ts';
import { SETTINGS, type Setting } from '../../../src/config/settings.ts';

const settings: readonly Setting<unknown>[] = Object.values(SETTINGS);

describe('the example settings file', () => {
  const lines = renderEnvExample().split('\n');

  test.for(settings)('has $env exactly once, after its meaning', ({ env, description }) => {
    const places = lines.flatMap((line, index) =>
      line.replace(/^# /, '').startsWith(`${env}=`) ? [index] : [],
    );
    expect(places).toHaveLength(1);
    expect(lines[(places[0] ?? 0) - 1]).toBe(`# ${description}`);
  });

  test('has the defaults', () => {
    expect(loadConfig(parseEnv(lines.join('\n')))).toEqual(loadConfig({}));
  });

  test('sets settings with a default, and comments out the others', () => {
    const withDefault = settings.filter((setting) => setting.default !== undefined).map(({ env }) => env);
    expect(Object.keys(parseEnv(lines.join('\n'))).toSorted()).toEqual(withDefault.toSorted());
    expect(lines).toContain('# BOARD_PASSWORD=');
  });

  test('ends with one line break', () => {
    expect(renderEnvExample()).toMatch(/[^\n]\n$/);
  });
});

describe('the page of settings', () => {
  const lines = renderSettingsPage().split('\n');
  const rows = lines.filter((line) => line.startsWith('| `'));

  test.for(settings)(
    'has $env exactly once in its group, with its default and meaning',
    ({ env, description, group, ...setting }) => {
      const own = lines.flatMap((line, index) => (line.startsWith(`| \`${env}\` |`) ? [index] : []));
      const fallback = setting.default === undefined ? '–' : `\`${setting.default}\``;
      expect(own).toHaveLength(1);
      expect(lines[own[0] ?? 0]).toBe(`| \`${env}\` | ${fallback} | ${description} |`);
      const headings = lines.slice(0, own[0]).filter((line) => line.startsWith('## '));
      expect(headings.at(-1)).toBe(`## ${group}`);
    },
  );

  test('has three cells in each row', () => {
    expect(rows).toHaveLength(settings.length);
    for (const row of rows) expect(row.split('|')).toHaveLength(5);
  });
});
