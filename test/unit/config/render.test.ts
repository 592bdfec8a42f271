import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { renderEnvExample, renderSettingsTable } from '../../../src/config/render.ts';
import { SETTINGS, type Setting } from '../../../src/config/settings.ts';

const settings: readonly Setting<unknown>[] = Object.values(SETTINGS);

describe('the example of a settings file', () => {
  const lines = renderEnvExample().split('\n');

  test.for(settings)('has $env exactly once, below its meaning', ({ env, description }) => {
    const places = lines.flatMap((line, index) =>
      line.replace(/^# /, '').startsWith(`${env}=`) ? [index] : [],
    );
    expect(places).toHaveLength(1);
    expect(lines[(places[0] ?? 0) - 1]).toBe(`# ${description}`);
  });

  test('changes nothing when it is used as it is', () => {
    expect(loadConfig(parseEnv(lines.join('\n')))).toEqual(loadConfig({}));
  });

  test('sets what has a default, and only shows what has none', () => {
    const withDefault = settings.filter((setting) => setting.default !== undefined).map(({ env }) => env);
    expect(Object.keys(parseEnv(lines.join('\n'))).toSorted()).toEqual(withDefault.toSorted());
    expect(lines).toContain('# BOARD_PASSWORD=');
  });

  test('ends with one line break', () => {
    expect(renderEnvExample()).toMatch(/[^\n]\n$/);
  });
});

describe('the table of settings', () => {
  const rows = renderSettingsTable().split('\n');

  test.for(settings)(
    'has $env exactly once, with its default and meaning',
    ({ env, description, ...setting }) => {
      const own = rows.filter((row) => row.startsWith(`| \`${env}\` |`));
      const fallback = setting.default === undefined ? '–' : `\`${setting.default}\``;
      expect(own).toEqual([`| \`${env}\` | ${fallback} | ${description} |`]);
    },
  );

  test('has three cells in each row', () => {
    expect(rows).toHaveLength(settings.length + 2);
    for (const row of rows) expect(row.split('|')).toHaveLength(5);
  });
});
