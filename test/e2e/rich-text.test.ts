import { beforeAll, describe, expect, test } from 'vitest';
import { readHtml } from '../../src/content/html/html.ts';
import { parseRich } from '../../src/content/html/rich-tree.ts';
import { sanitizeText } from '../../src/content/html/sanitize.ts';
import { unreadableIn } from '../../src/content/text/characters.ts';
import { openRichPage, type RichCase, type RichPage } from '../support/rich-page.ts';
import { joined, stringsOf, tagsOf } from '../support/rich-trees.ts';

/** `RICH_STRINGS=100000` tries more strings, `RICH_SEED=7` tries others. */
const COUNT = Number(process.env['RICH_STRINGS'] ?? 20_000);
const SEED = Number(process.env['RICH_SEED'] ?? 20_261_128);

/** A loaded machine lets the browser read so many trees within this time. */
const LONG = { timeout: 600_000 };

let page: RichPage;

beforeAll(async () => {
  page = await openRichPage();
});

test('the test page reports what a text does, and where the browser reads it differently', async () => {
  // A page of its own: what the text does may be reported after this test.
  const own = await openRichPage();
  const tree = JSON.stringify(parseRich('<p>x'));
  expect(await own.compare([{ html: '<p>x', tree }])).toEqual([]);
  const came = await own.compare([{ html: '<img src=//evil.test/x onerror=alert(1)>', tree }]);
  expect(came).toHaveLength(5);
  expect((await own.happenings()).join()).toContain('evil.test');
});

describe(`${COUNT} strings with the seed ${SEED}`, () => {
  const strings = stringsOf(SEED, COUNT);

  test('as HTML have the same tree in the browser, alone and in pairs', LONG, async () => {
    const read = strings.map(readHtml).filter((each) => each.issue === undefined);
    expect(read.length).toBeGreaterThan(COUNT / 4);
    const accepted = [...new Map(read.map((each) => [each.html, each])).values()];
    const alone = accepted.map(({ html, tree }): RichCase => ({ html, tree: JSON.stringify(tree) }));
    const pairs = accepted.map(({ html, tree }, index): RichCase => {
      const next = accepted[(index * 7 + 1) % accepted.length] as (typeof accepted)[number];
      return { html: html + next.html, tree: JSON.stringify(joined(tree, next.tree)) };
    });
    expect(await page.compare(alone)).toEqual([]);
    expect(await page.compare(pairs)).toEqual([]);
    expect(await page.happenings()).toEqual([]);
  });

  test('as card texts have the same tree in the browser, alone and in pairs', LONG, async () => {
    const readable = strings.filter((text) => unreadableIn(text) === undefined);
    const texts = [...new Set(readable.map(sanitizeText))];
    const alone = texts.map((html): RichCase => ({ html, tree: JSON.stringify(parseRich(html)) }));
    // One text may end with "&l" and the next begin with "t;". The pair is still text.
    const pairs = texts.map((html, index): RichCase => {
      const next = texts[(index * 7 + 1) % texts.length] as string;
      return {
        html: html + next,
        tags: JSON.stringify([html, next].flatMap((text) => tagsOf(parseRich(text) ?? []))),
      };
    });
    expect(await page.compare(alone)).toEqual([]);
    expect(await page.compare(pairs)).toEqual([]);
    expect(await page.happenings()).toEqual([]);
  });
});
