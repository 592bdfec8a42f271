import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { SETTINGS } from '../../../src/config/settings.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const readme = readFileSync(`${ROOT}README.md`, 'utf8');

describe('the README', () => {
  test('links to every page of docs/', () => {
    const pages = readdirSync(`${ROOT}docs`).filter((name) => name.endsWith('.md'));

    expect(pages.filter((page) => !readme.includes(`](docs/${page})`))).toEqual([]);
  });

  test('names five existing settings', () => {
    const [, section = ''] = readme.split('## Run in production');
    const [table = ''] = section.split('\n## ');
    const named = [...table.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
    const known = Object.values(SETTINGS).map(({ env }) => env);

    expect(named).toHaveLength(5);
    expect(known).toEqual(expect.arrayContaining(named));
  });

  test('shows a picture of at most 150 KB, made by scripts/screenshot.ts', () => {
    const picture = `${ROOT}docs/control-room.png`;

    expect(readme).toContain('](docs/control-room.png)');
    expect(readFileSync(picture).subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(statSync(picture).size).toBeLessThanOrEqual(150 * 1024);
  });
});
