import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readHtml } from '../../../../src/content/html/html.ts';
import { plainTextOf } from '../../../../src/content/html/plain-text.ts';

test.for([
  ['<p>One</p><p>Two</p>', 'One\n\nTwo'],
  ['One<br>Two<br><br>Three', 'One\nTwo\n\nThree'],
  ['<div>One</div><div>Two</div>', 'One\nTwo'],
  ['Your <b>new</b>\n  order', 'Your new order'],
  ['5 &lt; 6 &amp; <i>more</i>', '5 < 6 & more'],
  [
    'See <a href="https://example.com/a?b=1&amp;c=2">our page</a>.',
    'See our page (https://example.com/a?b=1&c=2).',
  ],
  ['<a href="https://example.com/">https://example.com/</a>', 'https://example.com/'],
  ['<a href="mailto:a@example.com">a@example.com</a>', 'a@example.com'],
  ['<a href="https://example.com/"></a>', 'https://example.com/'],
  ['<ul><li>One</li><li><b>Two</b></li></ul>', '- One\n- Two'],
  ['Steps:<ol start="3"><li>One</li><li>Two</li></ol>End', 'Steps:\n\n3. One\n4. Two\n\nEnd'],
  ['<pre>a\n  b</pre>', 'a\n  b'],
  ['<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>', 'a b\nc'],
  ['<p> </p>', ''],
] as const)('%s reads as %j', ([html, text]) => {
  expect(plainTextOf(html)).toBe(text);
});

test('no word of a text is lost, and none is joined with another', () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/);
  const inline = fc
    .tuple(fc.constantFrom('b', 'i', 'span', 'u'), word)
    .map(([tag, text]) => `<${tag}>${text}</${tag}>`);
  const block = fc
    .tuple(
      fc.constantFrom('p', 'div', 'blockquote', 'h2'),
      fc.array(fc.oneof(word, inline), { minLength: 1 }),
    )
    .map(([tag, parts]) => `<${tag}>${parts.join(' ')}</${tag}>`);
  fc.assert(
    fc.property(fc.array(block), (blocks) => {
      const html = blocks.join('');
      expect(readHtml(html).issue).toBeUndefined();
      const words = [...html.replace(/<[^>]*>/g, ' ').matchAll(/[a-z]+/g)].map(([each]) => each);
      expect(plainTextOf(html).split(/\s+/).filter(Boolean)).toEqual(words);
    }),
  );
});
