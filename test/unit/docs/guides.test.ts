import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  anchorsOf,
  brokenLinks,
  brokenMentions,
  findAll,
  missingFiles,
  readTexts,
} from '../../support/documents.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PAGES = readdirSync(ROOT).filter((name) => name.endsWith('.md'));

/** A guide by its number. Readers without the guides cannot look it up. */
const NUMBERED_GUIDE = /\bguides?\s+(?:\*\s+)?\d{3}\b/gi;

/** This file is left out, because it has examples of broken mentions. */
const files = readTexts(ROOT, [
  'src',
  'workers',
  'bench',
  'examples',
  'scripts',
  'docs',
  'test',
  ...PAGES,
]).filter(({ path }) => !path.startsWith('test/unit/docs/') && path !== 'test/support/documents.ts');

describe('comments and documents', () => {
  test('link to existing pages and headings of docs/', () => {
    expect(brokenMentions(ROOT, files)).toEqual([]);
  });

  test('name no guide by its number', () => {
    expect(files.flatMap(({ path, text }) => findAll(path, text, NUMBERED_GUIDE))).toEqual([]);
  });

  const pages = files.filter(({ path }) => path.endsWith('.md'));

  test.for(pages)('$path links to existing files and headings', (page) => {
    expect(brokenLinks(ROOT, [page])).toEqual([]);
  });

  // A changelog also names files of old versions.
  test.for(pages.filter(({ path }) => path !== 'CHANGELOG.md'))('$path names files that exist', (page) => {
    expect(missingFiles(ROOT, [page])).toEqual([]);
  });

  test('name the files of the source as code: the npm package has no source to link to', () => {
    const docs = pages.filter(({ path }) => path.startsWith('docs/'));
    const links = docs.flatMap(({ path, text }) => findAll(path, text, /\]\(\.\.\/(?:src|test|workers)\//g));

    expect(docs.flatMap(({ text }) => [...text.matchAll(/`src\//g)]).length).toBeGreaterThan(100);
    expect(links).toEqual([]);
  });
});

describe('the checks of documents', () => {
  test('report a missing heading with its line', () => {
    const text =
      '/** One message (docs/guides.md#send-a-message). */\n// docs/guides.md#send-a-letter, docs/none.md';

    expect(brokenMentions(ROOT, [{ path: 'src/a.ts', text }])).toEqual([
      'src/a.ts:2 docs/guides.md#send-a-letter',
      'src/a.ts:2 docs/none.md',
    ]);
  });

  test('report links to missing files and headings, and ignore code', () => {
    const text =
      '[a](guides.md#request-a-token) [b](guides.md#nothing)\n[c](../src/none.ts) `[d](e)` [f](#none)';

    expect(brokenLinks(ROOT, [{ path: 'docs/errors.md', text }])).toEqual([
      'docs/errors.md:1 ](guides.md#nothing)',
      'docs/errors.md:2 ](../src/none.ts)',
      'docs/errors.md:2 ](#none)',
    ]);
  });

  test('find a file of the source that does not exist', () => {
    const text = 'Code: `src/core/clock.ts`,\n`src/core/none.ts`, `workers/rollout/` and `bucket.lua`.';

    expect(missingFiles(ROOT, [{ path: 'docs/errors.md', text }])).toEqual([
      'docs/errors.md:2 `src/core/none.ts`',
    ]);
  });

  test.for(['guide 001', 'Guide 004, step 1', 'guides 000, 001 and 004', 'guide\n * 003'])(
    'report the number in %j',
    (text) => {
      expect(findAll('src/a.ts', text, NUMBERED_GUIDE)).toHaveLength(1);
    },
  );

  test('build anchors like GitHub', () => {
    const page = '# Send a message\n## `gwm enqueue`: ids\n## Limits\n## Limits\n```\n# no heading\n```\n';

    expect([...anchorsOf(page)]).toEqual(['send-a-message', 'gwm-enqueue-ids', 'limits', 'limits-1']);
  });
});
