import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const ROOT = new URL('../../../', import.meta.url);
const page = read('docs/security.md');

test('docs/security.md names an existing test for each threat', () => {
  const rows = rowsOf('Threats');
  const wrong = rows.filter(([, , proof = '']) => {
    const [, file = '', name = ''] = /^`(test\/[^`]+)`: (.+)$/.exec(proof) ?? [];
    return file === '' || !existsSync(new URL(file, ROOT)) || !namesIn(read(file)).includes(name);
  });

  expect(rows.length).toBeGreaterThan(20);
  expect(wrong).toEqual([]);
});

test('an exception of docs/security.md has a reason, and an end that has not come', () => {
  const today = new Date().toISOString().slice(0, 10);
  const wrong = rowsOf('Exceptions').filter(
    ([advisory = '', name = '', reason = '', until = '']) =>
      advisory === '' || name === '' || reason === '' || !/^\d{4}-\d\d-\d\d$/.test(until) || until < today,
  );

  expect(wrong).toEqual([]);
});

test('the image has the bill of materials of its production packages', () => {
  const image = read('Dockerfile');

  expect(image).toMatch(/^RUN .*npm sbom --sbom-format=cyclonedx > sbom\.cdx\.json$/m);
  expect(image).toMatch(/^COPY --from=dependencies \/app\/sbom\.cdx\.json \.\/$/m);
});

/** The cells of the table under a heading, without its head. */
function rowsOf(heading: string): string[][] {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const lines =
    section
      .split('\n## ')[0]
      ?.split('\n')
      .filter((line) => line.startsWith('| ')) ?? [];
  return lines.slice(2).map((line) => line.slice(2, -2).split(' | '));
}

function namesIn(source: string): string[] {
  return [...source.matchAll(/\btest(?:\.(?:for|each)\([^\n]*\))?\(\s*'((?:[^'\\]|\\.)*)'/g)].map(
    ([, name = '']) => name,
  );
}

function read(file: string): string {
  return readFileSync(new URL(file, ROOT), 'utf8');
}
