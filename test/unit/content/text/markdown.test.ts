import fc from 'fast-check';
import { parse, postprocess, preprocess } from 'micromark';
import { describe, expect, test } from 'vitest';
import { dangerIn } from '../../../../src/content/text/dangerous.ts';
import { hasForeignMarkdown } from '../../../../src/content/text/markdown.ts';
import { expectLinear } from '../../../support/effort.ts';

const LONG = 'a'.repeat(900);

describe('Markdown is refused', () => {
  test.for([
    '![a](https://evil.test/1.png)',
    '![a]\n\n[a]: https://evil.test/m1.png',
    '[a]: https://evil.test/m1.png\n\nsee ![a]',
    '![a][]\n\n[a]: https://evil.test/m1.png',
    '![a[b]c](https://evil.test/m2.png)',
    '![a\\]b](https://evil.test/m3.png)',
    `![${LONG}](https://evil.test/m4.png)`,
    '![a\nb](https://evil.test/m4.png)',
    '![a](/m.png)',
    '![[https://evil.test/x.png]]',
    '&#33;&#91;a](https://evil.test/m.png)',
    '[x][1]\n\n[1]: //evil.test/m5',
    '[x][1]\n\n[1]: file:///etc/passwd',
    '[x][1]\n\n[1]:\n  file:///etc/passwd\n  "title"',
    '[x][1]\n\n[1]: <file:///etc/passwd>',
    '[x][1]\n\n[1]: <file:///etc/my passwd> "t"',
    '[x\\]y]: \\/\\/evil.test',
    '[x](//evil.test)',
    '[x](\\\\evil.test)',
    '[x](/\\evil.test)',
    '[x](/\t/evil.test)',
    '[x](<//evil.test>)',
    '[x]( <file:///etc/passwd> )',
    '[x](fi&#10;le:///etc/passwd)',
    '[x](%66ile:///etc/passwd)',
    '[x](file\\:///etc/passwd)',
    '[x[y]z](ms-msdt:/id)',
    '<file:///etc/passwd>',
    '&lt;ms-word:ofe|u|https://evil.test&gt;',
  ])('%j', (text) => {
    expect(dangerIn(text)).toContain('Markdown');
  });
});

describe('a text may be', () => {
  test.for([
    'See [our page](https://a.example/b_(c)) or <https://a.example>',
    '[call](tel:+49-30-1) or [write](mailto:a@b.example "Anna")',
    '[x][1]\n\n[1]: https://a.example/x',
    '[back](#top), [next](/page/2), [more](page/3)',
    '[Anna]: Note: call me back',
    '[10:30]: 12:45',
    'Great! [see](https://a.example)',
    'Wow![1]',
    'a[i](j) and b[0]: c',
    '**bold**, _it_, `code`, # head, - list',
    'He said [sic]: re: your order',
  ])('%j', (text) => {
    expect(hasForeignMarkdown(text)).toBe(false);
  });
});

test('every image and foreign link of CommonMark is found', () => {
  const piece = fc.constantFrom(
    ...[
      '!',
      '[',
      ']',
      '(',
      ')',
      '![',
      '](',
      ']:',
      '][',
      '<',
      '>',
      '\\',
      '\n',
      '\n\n',
      ' ',
      'a',
      '"t"',
      '`',
      '*',
      '> ',
      '- ',
    ],
    ...[
      'file:///x',
      '//evil.test',
      'https://a.example',
      '/x',
      '[a]: ',
      '[a]',
      '![a]',
      '![b[c]d](',
      '&#58;',
      'FILE\\:x',
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 3, maxLength: 14 }), (pieces) => {
      const text = pieces.join('');
      if (harmIn(text)) expect(dangerIn(text), text).toBeDefined();
    }),
    { numRuns: 3000 },
  );
});

test.for(['![', '](', ']:', ']: x', '[a](', '<a:', '![a]:', '\\', '[x](\t', '](file\\'])(
  'the time for 64 KiB of %j is short',
  (piece) => {
    expectLinear(65_536, (size) => piece.repeat(size / piece.length), hasForeignMarkdown);
  },
);

/** The reference: a parser of CommonMark that is independent of ours. */
function harmIn(text: string): boolean {
  const events = postprocess(
    parse()
      .document()
      .write(preprocess()(text, 'utf8', true)),
  );
  return events.some(([kind, token, context]) => {
    if (kind !== 'enter') return false;
    if (token.type === 'image') return true;
    const isTarget =
      token.type === 'resourceDestinationString' ||
      token.type === 'definitionDestinationString' ||
      token.type === 'autolinkProtocol';
    if (!isTarget) return false;
    const target = context
      .sliceSerialize(token)
      .replace(/\\([^\w\s])/g, '$1')
      .replaceAll('&#58;', ':');
    return (
      target.startsWith('//') || (/^[a-z][\w+.-]*:/i.test(target) && !/^(?:https?|mailto|tel):/i.test(target))
    );
  });
}
