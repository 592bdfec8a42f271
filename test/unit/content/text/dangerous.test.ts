import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dangerIn } from '../../../../src/content/text/dangerous.ts';
import { expectLinear } from '../../../support/effort.ts';
import { spellings } from '../../../support/spellings.ts';

describe('the documented patterns are blocked', () => {
  test.for([
    ['javascript\\s*:', 'javascript:alert(1)'],
    ['javascript\\s*:', 'see JavaScript : alert(1)'],
    ['vbscript\\s*:', 'VBScript:msgbox'],
    ['data\\s*:', 'data:text/html,<p>'],
    ['data\\s*:', 'open data:image/svg+xml;base64,PHN2Zz4='],
    ['data\\s*:', 'data:;base64,AAAA'],
    ['on\\w+\\s*=', 'x onclick = "y"'],
    ['on\\w+\\s*=', 'ONERROR=alert(1)'],
    ['postMessage\\s*\\(', 'parent.postMessage ("x")'],
    ['window\\.opener', 'window.opener.location'],
    ['target=_blank', "target = '_blank'"],
  ])('%s in %j', ([name, text = '']) => {
    expect(dangerIn(text)).toMatch(/^blocked by the pattern ".+": .+/);
    expect(dangerIn(text)).toContain(JSON.stringify(name));
  });
});

describe('markup, attributes and Markdown are blocked', () => {
  test.for([
    ['an encoded tag', '&lt;script&gt;x'],
    ['an encoded tag', '&lt;/svg&gt;'],
    ['an encoded tag', '&amp;lt;iframe src&amp;gt;'],
    ['an attribute that loads', '" style="background:url(//evil.test)'],
    ['an attribute that loads', "' src='//evil.test'"],
    ['an attribute that loads', 'https://example.com/?a=%22 src=//evil.test'],
    ['an attribute that loads', 'https://example.com/?a=%22/src=//evil.test'],
    ['an attribute that loads', '&lt;x href=//evil.test&gt;'],
    ['an attribute that loads', 'x style=background:url(//evil.test)'],
    ['an attribute that loads', 'x src = //evil.test/x.png'],
    ['a Markdown image, or a link of another scheme', '![x](https://evil.test/x.png)'],
    ['a Markdown image, or a link of another scheme', '[x](file:///etc)'],
    ['a Markdown image, or a link of another scheme', '[x](//evil.test)'],
  ])('%s in %j', ([name, text = '']) => {
    expect(dangerIn(text)).toContain(JSON.stringify(name));
  });
});

describe('ordinary texts pass', () => {
  test.for([
    'email data: see below',
    'Your data: 5 GB of 10 GB, e.g. data: yes, n/a',
    'Metadata: none',
    'phone = 5, only = 7, month = May, once = now, one=1, online = yes, on sale = 5',
    'We are on: Monday = closed',
    'The window opener is a tool',
    'Post message (free)',
    'Our target = 100 %',
    'JavaScript must be enabled',
    'transcript: see attachment',
    'Use the &lt;p&gt; tag, or &lt;b&gt;',
    'Anna &lt;anna@example.com&gt;',
    '<p>Our style = modern</p>',
    'style = modern, src = Berlin',
    'It costs 5" x 4" = 20',
    'See https://example.com/?src=web&style=a&href=https://example.org',
    'https://example.com/search?q=%22red+shoes%22&src=typed',
    'See [our page](https://example.com/a?b=1) or [write](mailto:a@example.com)',
    'array[0](x), note [1](see below)',
    '50%3C60, 100% sure',
    'weight < body weight',
  ])('%j', (text) => {
    expect(dangerIn(text)).toBeUndefined();
  });
});

describe('a word in any spelling', () => {
  const formsOf = (letter: string) => {
    const code = letter.charCodeAt(0);
    return [`&#0000${code};`, `&amp;#${code};`, `%${code.toString(16)}`, String.fromCharCode(code + 0xfee0)];
  };

  test.for(['javascript:', 'vbscript:'])('%s is found', (word) => {
    const written = spellings(word, formsOf, ['\u202e', '&NewLine;', '&shy;', ' ']);
    fc.assert(
      fc.property(written, fc.string(), (scheme, rest) => {
        expect(dangerIn(`${scheme}alert(1) ${rest}`)).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a text with several layers of encoding', () => {
  test('is decoded four times, and refused beyond', () => {
    const encode = (times: number) => `&${'amp;'.repeat(times)}lt;script`;
    for (let times = 0; times < 4; times++) expect(dangerIn(encode(times))).toContain('an encoded tag');
    expect(dangerIn(encode(5))).toMatch(/^expected a text that is not encoded too many times/);
  });

  const repeated = [
    '<',
    '"style ',
    'onclick ',
    '![',
    '](x ',
    '&amp;',
    '%25',
    '\ufdfa',
    'target = ',
    '<script',
    'data:text/',
  ];
  const begun = ['<', 'target=', '](', 'window', 'onclick', 'src=', 'javascript', 'data:text/', '"style'];
  const long = [
    ...repeated.map((piece) => ['', piece] as const),
    ...begun.flatMap((start) => [' ', '/', 'a', '<'].map((rest) => [start, rest] as const)),
  ];
  test.for(long)('is judged in linear time: %s%s', ([start, rest]) => {
    expectLinear(60_000, (size) => start + rest.repeat(size / rest.length), dangerIn);
  });
});

test('an error never quotes the text', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[jkqxz]{8,12}$/), (canary) => {
      for (const text of [`javascript:${canary}`, `"${canary}" style=${canary}`, `&lt;script&gt;${canary}`]) {
        expect(dangerIn(text)).toBeDefined();
        expect(dangerIn(text)).not.toContain(canary);
      }
    }),
  );
});
