import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildCard } from '../../../../src/content/card/card.ts';
import { cardFields, guideCard } from '../../../support/guides/card.ts';
import { cardOf, componentsCard, sent } from '../../jobs/cards.ts';

describe('a built card', () => {
  test('has the documented fields', () => {
    expect(sent(cardOf(), guideCard.messageId)).toEqual(guideCard);
  });

  test('has the documented defaults for missing fields, and no buttons', () => {
    expect(sent(cardOf({ fields: {} })).components).toEqual([
      { type: 'header', text: 'System Notification', style: 'bold' },
      { type: 'body', text: 'Card content placeholder', markdown: true },
    ]);
    expect(sent(cardOf({ fields: { actions: [] } })).components).toHaveLength(2);
  });

  test('has a postback button by default', () => {
    const { components } = sent(cardOf({ fields: { actions: [{ label: 'Yes' }] } }));
    expect(components[2]).toEqual({
      type: 'buttonGroup',
      buttons: [{ label: 'Yes', action: 'postback', payload: '', style: 'primary' }],
    });
  });

  test('has the template of the job', () => {
    const template = { id: 'invoice', version: '3.0', layoutEngine: 'grid', fallbackBehavior: 'hide' };
    expect(sent(cardOf({ template })).templateMatrix).toEqual({
      templateId: 'invoice',
      version: '3.0',
      layoutEngine: 'grid',
      fallbackBehavior: 'hide',
    });
  });

  test('keeps every other field', () => {
    const fields = { order: { number: 4711, items: ['a', null, true] }, note: 'Tom & Jerry' };
    expect(sent(cardOf({ fields })).dynamicFields).toEqual(fields);
  });
});

describe('components of a job', () => {
  const list = {
    type: 'list',
    components: [
      { type: 'image', url: 'https://a.example/b.png?x=1&copy=2', alt: 'A <b>box</b>' },
      { type: 'body', text: '<p>Hi <i>you</i></p>', markdown: false, align: 'left' },
    ],
  };

  test('replace the components that are made of the fields', () => {
    const card = sent(cardOf({ components: [list] }));
    expect(card.dynamicFields).toEqual(cardFields);
    expect(card.components).toEqual([
      {
        type: 'list',
        components: [
          { type: 'image', url: 'https://a.example/b.png?x=1&copy=2', alt: 'A box' },
          { type: 'body', text: '<p>Hi you</p>', markdown: false, align: 'left' },
        ],
      },
    ]);
  });

  test('need no fields', () => {
    expect(sent(componentsCard(list)).dynamicFields).toEqual({});
  });

  test('stay unchanged in the input', () => {
    const before = structuredClone(list);
    sent(componentsCard(list));
    expect(list).toEqual(before);
  });
});

describe('surplus buttons', () => {
  const actions = Array.from({ length: 7 }, (_, n) => ({ label: `Button ${n + 1}` }));
  const labelsOf = (components: readonly unknown[]) =>
    (components.at(-1) as { buttons: { label: string }[] }).buttons.map(({ label }) => label);
  const firstFive = ['Button 1', 'Button 2', 'Button 3', 'Button 4', 'Button 5'];

  test('are left out if the job truncates, and the template still gets them', () => {
    const card = sent(cardOf({ fields: { actions }, truncate: true }));
    expect(labelsOf(card.components)).toEqual(firstFive);
    expect(card.dynamicFields.actions).toHaveLength(7);
  });

  test('are left out of components at every depth', () => {
    const group = { type: 'buttonGroup', buttons: actions };
    const { components } = sent({ ...componentsCard({ type: 'list', components: [group] }), truncate: true });
    expect(labelsOf(components[0]?.components ?? [])).toEqual(firstFive);
  });
});

test('a card has all values of its fields, in new objects', () => {
  const key = fc.stringMatching(/^[a-m][a-z0-9]{0,5}$/);
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(fc.stringMatching(/^[\w .]*$/), fc.integer(), fc.boolean(), fc.constant(null)),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  const template = { id: 'a', version: '1', layoutEngine: 'flexbox', fallbackBehavior: 'textOnly' };
  fc.assert(
    fc.property(tree, (value) => {
      const fields = { more: { value } };
      const { dynamicFields } = buildCard({ template, fields, truncate: false }, 'id');
      expect(dynamicFields).toEqual(fields);
      expect(dynamicFields['more']).not.toBe(fields.more);
    }),
  );
});
