import { expect, test } from 'vitest';
import type { CardContent } from '../../../../src/content/card/card.ts';
import { cardAsText } from '../../../../src/content/card/card-as-text.ts';

const template = { id: 'order', version: '2.1', layoutEngine: 'flexbox', fallbackBehavior: 'textOnly' };

function textOf(content: Omit<CardContent, 'template' | 'truncate'>): string {
  return cardAsText({ template, truncate: false, ...content });
}

test('a card has a line for its title, its description and each button', () => {
  const fields = {
    title: 'Order <strong>42</strong>',
    description: 'Tom &amp; Jerry\npaid 5 < 6 €',
    actions: [
      { label: 'Track', type: 'postback', value: 'track:42' },
      { label: 'Open', type: 'url', value: 'https://example.com/42' },
    ],
  };
  expect(textOf({ fields })).toBe('Order 42\nTom & Jerry\npaid 5 < 6 €\nTrack\nOpen: https://example.com/42');
});

test('a card without texts has none of the placeholders', () => {
  expect(textOf({ fields: { orderId: '42' } })).toBe('');
});

test('the components of a card come in their order, those within others too', () => {
  const components = [
    { type: 'header', text: 'Order', subtitle: 'of today' },
    {
      type: 'section',
      components: [
        { type: 'listItem', label: 'Total', value: '12 €' },
        { type: 'image', url: 'https://example.com/a.png', alt: 'A shoe' },
      ],
    },
    { type: 'buttonGroup', buttons: [{ label: 'Shop', url: 'https://example.com/shop' }, { label: 'No' }] },
  ];
  expect(textOf({ components })).toBe(
    'of today\nOrder\nTotal: 12 €\nA shoe: https://example.com/a.png\nShop: https://example.com/shop\nNo',
  );
});
