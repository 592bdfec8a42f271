import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createContentPolicy } from '../../../../src/content/policy/policy.ts';
import { spellings } from '../../../support/spellings.ts';

const policy = createContentPolicy();

function isBlocked(content: string): boolean {
  return policy.violation('text/html', content) !== undefined;
}

describe('HTML that runs a script is blocked', () => {
  test.for([
    '<img src=x onerror=alert(1)>',
    '<img\nonerror=alert(1)>',
    '<img src="x"onerror=alert(1)>',
    "<img src='x'onerror=alert(1)>",
    "<img src=x' onerror=alert(1)>",
    '<img src=x" onerror=alert(1)>',
    '<img/onerror=alert(1)>',
    '<img src=x onerror\n=alert(1)>',
    '<img src=x\fonerror =alert(1)>',
    '<IMG SRC=x oNeRrOr=alert(1)>',
    '<body onload=alert(1)>',
    '<details open ontoggle=alert(1)>',
    '<input autofocus onfocus=alert(1)>',
    '<unknown onclick=alert(1)>',
    '<b><i><img src=x onerror=alert(1)></i></b>',
    '<textarea><img src=x onerror=alert(1)></textarea>',
    '<svg/onload=alert(1)>',
    '<svg><animate onbegin=alert(1)>',
    '<math><maction xlink:href=x>',
    '<scr<script>ipt>alert(1)</script>',
    '<scr\u0000ipt>alert(1)</script>',
  ])('%j', (content) => {
    expect(isBlocked(content)).toBe(true);
  });
});

describe('an event handler after a ">" that ends no tag is blocked in HTML', () => {
  test.for([
    '<img alt=">" src=x onerror=alert(1)>',
    "<img alt='>' src=x onerror=alert(1)>",
    '<img alt=&gt; src=x onerror=alert(1)>',
    '<img alt="&gt;" src=x onerror=alert(1)>',
    '<a title="a > b" onclick=alert(1)>',
    '<img alt="<>" src=x onerror=alert(1)>',
    '<img alt=">" src=x\' onerror=alert(1)>',
  ])('%j', (content) => {
    expect(isBlocked(content)).toBe(true);
  });
});

describe('HTML that loads another page or address is blocked', () => {
  test.for([
    '<iframe src=https://example.com></iframe>',
    '<IFRAME srcdoc="&lt;b&gt;">',
    '<object data=x>',
    '<embed src=x>',
    '<base href=https://example.com>',
    '<meta http-equiv=refresh content="0;url=https://example.com">',
    '<link rel=stylesheet href=x>',
    '<style>@import "x"</style>',
    '<form action=https://example.com>',
    '<a href="data:text/html;base64,PHN2Zz4=">',
    "<a href = ' data:text/html,x'>",
    '<a href=DATA:text/html,x>',
    '<a href="da\nta:text/html,x">',
    '<a href="d&#97;ta:text/html,x">',
  ])('%j', (content) => {
    expect(isBlocked(content)).toBe(true);
  });
});

describe('a script address is blocked in HTML', () => {
  test.for([
    '<a href="javascript:alert(1)">',
    '<a href="JavaScript :alert(1)">',
    '<a href="vbscript:x">',
    '<button formaction="javascript&colon;alert(1)">',
    '<a href="java&Tab;script&NewLine;:alert(1)">',
    '<a href="&#1;javascript:alert(1)">',
    '<a href="&#106&#97&#118&#97&#115&#99&#114&#105&#112&#116&#58alert(1)">',
    '<a href="&#x0000006A;avascript:alert(1)">',
    '<div style="background:url(javascript:alert(1))">',
  ])('%j', (content) => {
    expect(isBlocked(content)).toBe(true);
  });

  test('in any form of its letters, and with invisible characters between them', () => {
    const written = spellings('javascript:', (letter) => (letter === ':' ? ['&colon;'] : []), ['&#10;']);
    fc.assert(
      fc.property(written, fc.constantFrom('"', "'"), (scheme, quote) => {
        expect(isBlocked(`<a href=${quote}${scheme}alert(1)${quote}>here</a>`)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('harmless HTML passes', () => {
  test.for([
    '<p>on sale = 5</p>',
    '<b>Hello</b>, <i>how are you</i>?<br/>',
    '<a href="https://example.com/?on=1&b=2">here</a>',
    '<p>javascript is a language, and data is plural</p>',
    '<ul><li>on = off</li></ul>',
    '3 &lt; 5, on Monday = 7',
    '<p title="sale on = 5">x</p>',
    '<p>only = 7 left, online = now</p>',
    '<code>E = mc²</code>',
    '<p>Tom &amp; Jerry &#169; 2026</p>',
  ])('%j', (content) => {
    expect(policy.violation('text/html', content)).toBeUndefined();
  });

  test('plain text passes the patterns for HTML', () => {
    expect(policy.violation('text/plain', '<img src=x onerror=alert(1)>')).toBeUndefined();
  });
});
