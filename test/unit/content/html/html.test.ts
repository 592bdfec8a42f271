import { describe, expect, test } from 'vitest';
import { readHtml } from '../../../../src/content/html/html.ts';
import { parseRich, writeRich } from '../../../../src/content/html/rich-tree.ts';
import { sanitizeText } from '../../../../src/content/html/sanitize.ts';
import { joined, stringsOf, tagsOf } from '../../../support/rich-trees.ts';

const SEED = 20_261_128;
const STRINGS = stringsOf(SEED, 5_000);
const ACCEPTED = STRINGS.flatMap((text) => {
  const read = readHtml(text);
  return read.issue === undefined ? [read] : [];
});

describe('accepted HTML is written anew', () => {
  test.for([
    ['<p>on sale = 5</p>', '<p>on sale = 5</p>'],
    ['<B>Hello</B>, you<br/>', '<b>Hello</b>, you<br>'],
    ['<p>one<p>two', '<p>one</p><p>two</p>'],
    ['<ul><li>a<li>b</ul>', '<ul><li>a</li><li>b</li></ul>'],
    ['<table><tr><td>x', '<table><tbody><tr><td>x</td></tr></tbody></table>'],
    ["<p title='a\"b'>x", '<p title="a&quot;b">x</p>'],
    ['<a href=https://a.example?b=1&c=2>x</a>', '<a href="https://a.example?b=1&amp;c=2">x</a>'],
    ['3 &lt; 5 & 6 > 5 &copy', '3 &lt; 5 &amp; 6 &gt; 5 ©'],
    ['I love you <3', 'I love you &lt;3'],
    ['a <', 'a &lt;'],
    ['<pre>\n\na</pre>', '<pre>\n\na</pre>'],
    ['a&#13;b\r\nc', 'a\nb\nc'],
    ['<b><i>x</b></i>', '<b><i>x</i></b>'],
  ])('%j', ([text = '', written]) => {
    expect(readHtml(text)).toMatchObject({ html: written });
  });
});

describe('HTML is refused', () => {
  test.for([
    ['</p x="><p title="><img src=x onerror=alert(1)>">', /the tag img/],
    ['<p></p x="y">', /an end tag with attributes/],
    ["Hi <p title='", /a tag without its ">"/],
    ['Hi <b', /a tag without its ">"/],
    ['<p style="color:red">x</p>', /the attribute style/],
    ['<p class=x id=y>x</p>', /the attribute class/],
    ['<p title=a title=b>x</p>', /stands twice/],
    ['<a href=" javascript:alert(1)">x</a>', /the attribute href holds; expected an address/],
    ['<a href="x">x</a>', /expected an address that begins with https:/],
    ['<a href=https://a.example target=_blank>x</a>', /the attribute target/],
    ['<img src=https://a.example/x.png>', /the tag img; .* attachment/],
    ['<svg><p>x', /the tag svg/],
    ['<!-- x -->', /comment/],
    ['a</ b>', /comment/],
    ['<![CDATA[x]]>', /comment/],
    ['</>', /an end tag without a name/],
    ['x</div>', /an end tag without its start tag/],
    ['<table>x<tr><td>y</table>', /where they may not stand/],
    ['<tr><td>x</td></tr>', /where they may not stand/],
    ['<b><i>x</b>y</i>', /order in which they were opened/],
    ['<p><div>x</div></p>', /where they may not stand/],
    ['<p title="&#1;">x</p>', /cannot be read/],
    ['a&#0;b', /cannot be read/],
    ['a&#xD800;b', /cannot be read/],
    ['<div>'.repeat(65), /more than 64 elements/],
    ['<b>'.repeat(65), /more than 64 tags/],
  ] as const)('%.60j', ([text, reason]) => {
    expect(readHtml(text).issue).toMatch(reason);
  });
});

describe(`of 5,000 strings with the seed ${SEED}`, () => {
  test('many are accepted, and many are refused', () => {
    expect(ACCEPTED.length).toBeGreaterThan(1200);
    expect(STRINGS.length - ACCEPTED.length).toBeGreaterThan(1200);
  });

  test('an accepted string keeps its tree', () => {
    for (const { html, tree } of ACCEPTED) expect(parseRich(html)).toEqual(tree);
  });

  test('an accepted string stays the same when it is written again', () => {
    for (const { html } of ACCEPTED) expect(readHtml(html)).toMatchObject({ html });
  });

  test('two accepted strings in one page keep their trees', () => {
    for (const [index, { html, tree }] of ACCEPTED.entries()) {
      const next = ACCEPTED[(index * 7 + 1) % ACCEPTED.length] as (typeof ACCEPTED)[number];
      expect(parseRich(html + next.html)).toEqual(joined(tree, next.tree));
    }
  });

  test('the text of a card stays the same when it is sanitized again, and has allowed tags only', () => {
    for (const text of STRINGS) {
      const sanitized = sanitizeText(text);
      expect(sanitizeText(sanitized), text).toBe(sanitized);
      const tree = parseRich(sanitized) ?? [];
      expect(tagsOf(tree).filter((name) => !/^(?:p|br|strong|em|u|span|div)$/.test(name))).toEqual([]);
      if (tagsOf(tree).length > 0) expect(writeRich(tree)).toBe(sanitized);
    }
  });
});
