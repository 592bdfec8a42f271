import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeReferences } from '../../../../src/content/html/rich-tokens.ts';
import { sanitizeText } from '../../../../src/content/html/sanitize.ts';
import { unreadableIn } from '../../../../src/content/text/characters.ts';

describe('a text without markup', () => {
  test.for([
    'Tom & Jerry',
    '5 < 6',
    'a < b > c',
    'I love C++ <3',
    'x <= y, z <- w, p <\nq',
    'AT&T, &copy=1, &amp;lt;, 5 &euro;',
    'He said "yes" & \'no\'',
    '{"order":"a=b"}',
    'https://a.example/?b=1&copy=2',
    '👩‍👩‍👧 مرحبا \u200f 你好',
    '',
    ' ',
  ])('is left as it is: %j', (text) => {
    expect(sanitizeText(text)).toBe(text);
  });
});

describe('markup', () => {
  test.for([
    ['<p>a</p><br><strong>b</strong><em>c</em><u>d</u><span>e</span><div>f</div>', undefined],
    ['<b>bold</b> <i>x</i>', 'bold x'],
    ['<p style="color:red" class=x onclick=alert(1)>a</p>', '<p>a</p>'],
    ['<span style="background:url(//evil.test)">a</span>', '<span>a</span>'],
    ['<a href="https://a.example">here</a>', 'here'],
    ['a<script>alert(1)</script>b', 'ab'],
    ['a<style>x</style><textarea>y</textarea><noscript>z</noscript><template>t</template>b', 'ab'],
    ['<p>open', '<p>open</p>'],
    ['</div>closed', 'closed'],
    ['<!-- x -->a<?php x ?>b', 'ab'],
    // Once math is removed, the second p is no longer inside the first.
    ['<p><math><p>a', '<p></p><p>a</p>'],
    ['<B>Terms & Conditions</B>', 'Terms & Conditions'],
    ['<p>Tom & Jerry</p>', '<p>Tom &amp; Jerry</p>'],
  ])('is kept only if ALLOWED_TAGS has it: %j', ([text = '', sanitized]) => {
    expect(sanitizeText(text)).toBe(sanitized ?? text);
  });

  test.for([
    ['a<b', 'a&lt;b'],
    ['if a<b then c>d', 'if a&lt;b then c&gt;d'],
    ['Anna <anna@example.com>', 'Anna &lt;anna@example.com&gt;'],
    ['see <https://example.com>', 'see &lt;https://example.com&gt;'],
    ['<img src=x', '&lt;img src=x'],
    ['a <', 'a &lt;'],
    ['<\u200bscript>', '&lt;\u200bscript&gt;'],
    ['x <!-- y', 'x &lt;!-- y'],
  ])('is not found in plain text: %j', ([text = '', sanitized]) => {
    expect(sanitizeText(text)).toBe(sanitized);
  });
});

test('characters that change the direction of a text are removed, and line ends stay', () => {
  expect(sanitizeText('invoice\u202efdp.exe')).toBe('invoicefdp.exe');
  expect(sanitizeText('line 1\r\nline\t2')).toBe('line 1\r\nline\t2');
});

describe('for any text', () => {
  const piece = fc.constantFrom(
    ...[
      '<',
      '>',
      '</',
      '/>',
      '<p>',
      '</p>',
      '<br>',
      '<div',
      ' title="',
      '"',
      "'",
      '=',
      '<b>',
      '</b>',
      '<script>',
      '</script>',
    ],
    ...[
      '&',
      '&lt;',
      '&amp;',
      '&#60;',
      '&lt',
      '&copy',
      ';',
      '<!--',
      '-->',
      '<svg>',
      '<math>',
      '<style>',
      '</style>',
    ],
    ...[
      '<noscript>',
      '<textarea>',
      '<title>',
      '<xmp>',
      '<iframe>',
      '<template>',
      '<table>',
      '<select>',
      '<plaintext>',
    ],
    ...['\u200b', '\n', ' ', 'a', '5', '<![CDATA[', ']]>', '<?', 'onerror=x', '\u202e'],
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }).filter((each) => unreadableIn(each) === undefined),
  );

  test('a second run changes nothing', () => {
    fc.assert(
      fc.property(text, (input) => {
        const once = sanitizeText(input);
        expect(sanitizeText(once)).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });

  test('a "<" stays only before an allowed tag without attributes, or where it begins no tag', () => {
    fc.assert(
      fc.property(text, (input) => {
        const rest = sanitizeText(input).replace(/<\/?(?:p|strong|em|u|span|div)>|<br>/g, '');
        expect(rest).not.toMatch(/<(?![ \t\r\n\d=-])/);
      }),
      { numRuns: 3000 },
    );
  });

  test('a text without brackets loses unreadable characters only', () => {
    const unbracketed = text.map((input) => input.replaceAll('<', ''));
    fc.assert(
      fc.property(unbracketed, (input) => {
        const readable = input.replace(/[\u202d\u202e]/g, '');
        expect(sanitizeText(input)).toBe(readable);
        expect(decodeReferences(sanitizeText(input))).toBe(decodeReferences(readable));
      }),
    );
  });
});
