import { describe, expect, test } from 'vitest';
import { expectLinear } from '../../support/effort.ts';
import { cardOf, componentsCard, issuesOf } from './cards.ts';

describe('a component may be', () => {
  test.for([
    { type: 'header', text: 'x', style: 'bold' },
    { type: 'body', text: 'x', markdown: true },
    {
      type: 'buttonGroup',
      buttons: [{ label: 'x', action: 'postback', payload: 'track:1', style: 'primary' }],
    },
    { type: 'image', imageUrl: 'https://a.example/b.png', alt: 'A box' },
    { type: 'list', components: [{ type: 'row', components: [{ type: 'cell', text: 'x' }] }] },
    { type: 'section', title: 'x', subtitle: 'y', style: { color: 'red', padding: '12px' } },
    { type: 'divider', text: null, components: null, buttons: null },
  ])('%j', (component) => {
    expect(issuesOf(componentsCard(component))).toEqual([]);
  });
});

describe('a component that is not listed is refused', () => {
  test.for(
    'link script style iframe frame object embed applet svg math base meta noscript template img video audio form input a html x Header'.split(
      ' ',
    ),
  )('%s', (type) => {
    expect(issuesOf(componentsCard({ type, text: 'x' }))).toEqual([
      expect.stringMatching(
        /^components\[0\]\.type: expected one of the components header, body, buttonGroup, /,
      ),
    ]);
  });

  test('within another component', () => {
    const link = { type: 'link', rel: 'stylesheet', href: 'https://evil.test/x.css' };
    expect(issuesOf(componentsCard({ type: 'list', components: [link] }))).toHaveLength(1);
  });
});

describe('a field of a component that is not listed is refused', () => {
  test.for([
    ['rel', 'stylesheet'],
    ['href', 'https://evil.test/x.css'],
    ['src', 'https://evil.test/x.js'],
    ['srcset', '//evil.test/s.png 1x'],
    ['imagesrcset', '//evil.test/s.png 1x'],
    ['background', '//evil.test/t.png'],
    ['poster', 'https://evil.test/x.png'],
    ['data', 'https://evil.test/x'],
    ['action', 'https://evil.test/x'],
    ['imageUrl', 'https://evil.test/x.png'],
    ['url', 'https://evil.test/x.png'],
    ['css', { background: 'red' }],
    ['html', '<b>x</b>'],
    ['unheardOf', [{ deeper: 'x' }]],
    ['is', 'x-thing'],
  ] as const)('%s', ([name, value]) => {
    expect(issuesOf(componentsCard({ type: 'table', [name]: value }))).toContainEqual(
      expect.stringContaining(`components[0]: unknown field "${name}"; the fields are type, text,`),
    );
  });

  test('in a button', () => {
    const buttons = [{ label: 'x', icon: '//evil.test/i.png' }];
    expect(issuesOf(componentsCard({ type: 'buttonGroup', buttons }))).toEqual([
      'components[0].buttons[0]: unknown field "icon"; the fields are label, type, action, payload, value, url, style',
    ]);
  });
});

describe('a value of the wrong type in a component is refused', () => {
  test.for([
    [
      { type: 'body', text: 'x', markdown: 'yes' },
      'components[0].markdown: expected true or false, got a text of 3 characters',
    ],
    [
      { type: 'body', text: 'x', style: ['a'] },
      'components[0].style: expected a name, or an object of names, got a list of 1',
    ],
    [{ type: 'body', title: { html: 'x' } }, 'components[0].title: expected a text, got an object'],
    [{ type: 'image', url: ['https://a.example'] }, 'components[0].url: expected a text, got a list of 1'],
  ] as const)('%j', ([component, issue]) => {
    expect(issuesOf(componentsCard(component))).toEqual([issue]);
  });

  test.for([
    { backgroundImage: 'url(//evil.test)' },
    { background: '//evil.test/t.png' },
    { a: { b: 'u\\72l(x)' } },
  ])('a style with the value %j', (style) => {
    expect(issuesOf(componentsCard({ type: 'body', text: 'x', style }))).toHaveLength(1);
  });
});

describe('a template field with the name of a loading attribute', () => {
  test.for(['srcset', 'background', 'srcdoc', 'ping', 'lowsrc'])('may not have an address: %s', (name) => {
    expect(issuesOf(cardOf({ fields: { [name]: '//evil.test/s.png 1x' } }))).toHaveLength(1);
    expect(issuesOf(cardOf({ fields: { [name]: 'blue' } }))).toEqual([]);
  });
});

test('a text of nested tags is judged once, in linear time', () => {
  const inputOf = (count: number) => cardOf({ fields: { x: '<p><b>'.repeat(count) } });
  expect(issuesOf(inputOf(9900))).toHaveLength(1);
  expectLinear(9900, inputOf, issuesOf);
});

test('a template field without the name of a loading attribute may have any text', () => {
  const fields = { profile: 'Müller & Söhne (VIP)', manifest: 'Crate 1; crate 2', background: 'Schön grün' };
  expect(issuesOf(cardOf({ fields }))).toEqual([]);
});
