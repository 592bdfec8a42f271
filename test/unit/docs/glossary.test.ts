import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../../../docs/glossary.md', import.meta.url), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
const terms = rows.slice(1).map((row) => row.split('|')[1]?.trim().toLowerCase() ?? '');

test('the glossary has each term once, in alphabetical order', () => {
  expect(terms.length).toBeGreaterThan(50);
  expect(terms).toEqual([...new Set(terms)].sort());
});

test('every row of the glossary has four columns and a meaning of one sentence', () => {
  const odd = rows.filter((row) => row.split('|').length !== 6);
  const meanings = rows.slice(1).map((row) => row.split('|')[2]?.trim() ?? '');

  expect(odd).toEqual([]);
  expect(meanings.filter((meaning) => !/^[^.]+\.$/.test(meaning))).toEqual([]);
});
