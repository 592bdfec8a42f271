import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createContentPolicy } from '../../../src/content/policy/policy.ts';
import { cardDelivery } from '../../../src/jobs/card-delivery.ts';
import { parseJob } from '../../../src/jobs/define.ts';
import { cardFields } from '../../support/guides/card.ts';
import { cardOf, componentsCard, defaultPolicy, issuesOf } from './cards.ts';

describe('a card', () => {
  test('from the sample is accepted, with defaults', () => {
    expect(parseJob(cardDelivery, cardOf(), defaultPolicy)).toEqual({
      ok: true,
      data: {
        tenantId: 'acme',
        conversationId: 'conv-def-456',
        template: {
          id: 'order-confirmation-v2',
          version: '2.1',
          layoutEngine: 'flexbox',
          fallbackBehavior: 'textOnly',
        },
        fields: cardFields,
        truncate: false,
      },
    });
  });

  test('may have the conditions of a message', () => {
    const conditions = {
      idempotencyKey: 'order-42',
      callback: { url: 'https://events.example.com', events: ['delivered'] },
      priority: 'urgent',
      expiresAt: '2026-03-01T09:30:00Z',
      onUnknownOutcome: 'hold',
      sessionId: 'session-1',
    };
    expect(issuesOf(cardOf(conditions))).toEqual([]);
  });

  test('has the lane of its conversation, like messages', () => {
    const parsed = parseJob(cardDelivery, cardOf(), defaultPolicy);
    expect(parsed.ok && cardDelivery.lane(parsed.data)).toBe('conv-def-456');
    expect(cardDelivery).toMatchObject({ bucket: 'cards', kindCode: 'c' });
    expect(cardDelivery.eventOf({})).toBe('card');
  });

  test('reports all issues together', () => {
    const paths = issuesOf({
      tenantId: 'a:b',
      template: { id: '<img src=x>', version: '', colour: 'red' },
      fields: {
        title: 7,
        description: 'javascript:alert(1)',
        actions: [{ type: 'url', value: '//evil.test' }, { label: ' ', kind: 'x' }, 'no'],
        onclick: 'x',
      },
      components: [{ type: 'body', text: {} }, { type: 'image', url: 'ftp://x' }, 7],
      truncate: 'yes',
      priority: 'high',
      unknown: true,
    }).map((issue) => issue.replace(/: .*/, ''));

    expect(paths.toSorted()).toEqual(
      [
        ...[
          'tenantId',
          'conversationId',
          'template.id',
          'template.version',
          'template',
          'truncate',
          'priority',
        ],
        ...['unknown field "unknown"', 'fields', 'fields.title', 'fields.description'],
        ...['fields.actions[0].label', 'fields.actions[0].value', 'fields.actions[1].label'],
        ...['fields.actions[1].label', 'fields.actions[1]', 'fields.actions[2]'],
        ...['components[0].text', 'components[1].url', 'components[2]'],
      ].toSorted(),
    );
  });

  test('needs fields or components', () => {
    expect(issuesOf(cardOf({ fields: undefined }))).toEqual([
      'fields: expected the fields to make a card of, or else its components',
    ]);
    expect(issuesOf({ tenantId: 'acme' })).toEqual([
      expect.stringMatching(/^conversationId: /),
      expect.stringMatching(/^template: /),
      expect.stringMatching(/^fields: /),
    ]);
  });
});

test('the example cards are valid', () => {
  const lines = readFileSync(new URL('../../../examples/cards.ndjson', import.meta.url), 'utf8');
  const cards = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(cards.length).toBeGreaterThan(5);
  for (const card of cards) expect(issuesOf(card)).toEqual([]);
});

describe('fields', () => {
  test.for([
    [null, 'fields: expected an object, got null'],
    ['text', 'fields: expected an object, got a text of 4 characters'],
    [[], 'fields: expected an object, got a list of 0'],
    [{ title: null }, 'fields.title: expected a text, got null'],
    [{ description: ['x'] }, 'fields.description: expected a text, got a list of 1'],
    [{ actions: {} }, 'fields.actions: expected a list, got an object'],
    [{ actions: ['x'] }, 'fields.actions[0]: expected a button, got a text of 1 characters'],
    [{ actions: [{}] }, 'fields.actions[0].label: expected a text that is not blank, but it is missing'],
    [{ actions: [{ label: 'x', type: 7 }] }, 'fields.actions[0].type: expected a text, got a number'],
    [{ actions: [{ label: 'x', value: {} }] }, 'fields.actions[0].value: expected a text, got an object'],
    [
      { actions: [{ label: 'x', url: 'https://a.example' }] },
      'fields.actions[0]: unknown field "url"; the fields are label, type, value',
    ],
  ] as const)('%j: %s', ([fields, issue]) => {
    expect(issuesOf(cardOf({ fields }))).toEqual([issue]);
  });

  test.for([5, 6])('have at most five actions: %i', (count) => {
    const actions = Array.from({ length: count }, () => ({ label: 'x' }));
    expect(issuesOf(cardOf({ fields: { actions } }))).toEqual(
      count === 5
        ? []
        : ['fields.actions: expected at most 5 buttons, got 6; set truncate to send the first 5'],
    );
    expect(issuesOf(cardOf({ fields: { actions }, truncate: true }))).toEqual([]);
  });

  test.for([100, 101])('have at most a hundred actions if the job truncates: %i', (count) => {
    const actions = Array.from({ length: count }, () => ({ label: 'x' }));
    expect(issuesOf(cardOf({ fields: { actions }, truncate: true }))).toEqual(
      count === 100 ? [] : ['fields.actions: expected at most 100 buttons, got 101'],
    );
  });

  test('with any other name may have any text, also with the names type and action', () => {
    expect(issuesOf(cardOf({ fields: { type: 'Visa Gold: 3 % & more', action: 'Call (now)!' } }))).toEqual(
      [],
    );
  });
});

describe('components', () => {
  const nested = (depth: number): Record<string, unknown> =>
    depth === 1 ? { type: 'body', text: 'x' } : { type: 'list', components: [nested(depth - 1)] };
  const many = (count: number) => Array.from({ length: count }, () => ({ type: 'body', text: 'x' }));

  test.for([
    ['text', 'components: expected a list, got a text of 4 characters'],
    [null, 'components: expected a list, got null'],
    [{}, 'components: expected a list, got an object'],
    [[], 'components: expected at least one component'],
    [['x'], 'components[0]: expected a component, got a text of 1 characters'],
    [[{ text: 'x' }], 'components[0].type: expected a name such as header, but it is missing'],
    [[{ type: 'body', text: 7 }], 'components[0].text: expected a text, got a number'],
    [[{ type: 'list', components: {} }], 'components[0].components: expected a list, got an object'],
    [[{ type: 'group', buttons: {} }], 'components[0].buttons: expected a list, got an object'],
    [[{ type: 'group', buttons: [7] }], 'components[0].buttons[0]: expected a button, got a number'],
    [
      [{ type: 'group', buttons: [{ label: '' }] }],
      'components[0].buttons[0].label: expected a text that is not blank, got a text of 0 characters',
    ],
    [
      [{ type: 'script', text: 'x' }],
      'components[0].type: expected one of the components header, body, buttonGroup, text, footer, image, divider, list, listItem, item, table, row, column, columns, cell, section, container, group, carousel, card; got a text of 6 characters',
    ],
  ] as const)('%j: %s', ([components, issue]) => {
    expect(issuesOf(cardOf({ components }))).toEqual([issue]);
  });

  test('may have no text and no components of their own', () => {
    expect(
      issuesOf(componentsCard({ type: 'divider', text: null, components: null, buttons: null })),
    ).toEqual([]);
    expect(issuesOf(componentsCard({ type: 'list', components: [] }))).toEqual([]);
  });

  test.for([3, 4, 5])('have at most four levels: %i', (depth) => {
    expect(issuesOf(componentsCard(nested(depth)))).toEqual(
      depth <= 4
        ? []
        : [
            'components[0].components[0].components[0].components[0].components: ' +
              'expected at most 4 components within each other, got more',
          ],
    );
  });

  test.for([19, 20, 21])('are at most twenty: %i', (count) => {
    const issue = 'components: expected at most 20 components, those inside others counted, got 21';
    const expected = count <= 20 ? [] : [issue];
    expect(issuesOf(componentsCard(...many(count)))).toEqual(expected);
    expect(issuesOf(componentsCard({ type: 'list', components: many(count - 1) }))).toEqual(expected);
  });

  test.for([5, 6])('have at most five buttons each, at every level: %i', (count) => {
    const group = { type: 'buttonGroup', buttons: Array.from({ length: count }, () => ({ label: 'x' })) };
    const issues = issuesOf(componentsCard(group, { type: 'list', components: [group] }));
    expect(issues).toHaveLength(count === 5 ? 0 : 2);
    expect(issuesOf({ ...componentsCard(group), truncate: true })).toEqual([]);
  });
});

describe('the size of a card', () => {
  const fields = (bytes: number) => ({ title: 'x'.repeat(bytes - '{"title":""}'.length) });

  test.for([65_535, 65_536, 65_537])('is at most 65,536 bytes: %i', (bytes) => {
    expect(issuesOf(cardOf({ fields: fields(bytes) }))).toEqual(
      bytes <= 65_536 ? [] : ['fields: expected at most 65536 bytes as JSON, got 65537'],
    );
  });

  test('counts bytes of UTF-8, of fields and components together', () => {
    expect(issuesOf(cardOf({ fields: { title: 'ü'.repeat(40_000) } }))).toEqual([
      'fields: expected at most 65536 bytes as JSON, got 80012',
    ]);
    const components = [{ type: 'body', text: 'x'.repeat(30_000) }];
    expect(issuesOf(cardOf({ fields: fields(40_000), components }))).toEqual([
      'fields: expected at most 65536 bytes as JSON together with the components, got 70027',
    ]);
  });
});

describe('every text', () => {
  test('is checked by the use of its field', () => {
    const button = (fields: object) => ({ type: 'group', buttons: [{ label: 'x', ...fields }] });
    const issues = issuesOf(
      componentsCard(
        { type: 'image', imageUrl: '/a.png', alt: 'data:text/html,x' },
        { type: 'body', text: 'x', style: 'color:red' },
        { type: 'body', text: 'x', style: { color: 'url(x)' } },
        button({ action: 'openUrl', payload: 'track:1' }),
        button({ action: 'postback', payload: 'data:1' }),
        button({ action: 'postback', payload: 'track:1' }),
      ),
    ).map((issue) => issue.replace(/ such as.*| that begins.*| that is no.*|: give.*/, ''));
    expect(issues).toEqual([
      'components[0].imageUrl: expected an address',
      'components[0].alt: blocked by the pattern "data\\\\s*:"',
      'components[1].style: expected a name of at most 64 letters, digits, "_", "-" and spaces,',
      'components[2].style.color: expected a name of at most 64 letters, digits, "_", "-" and spaces,',
      'components[3].buttons[0].payload: expected an address',
      'components[4].buttons[0].payload: expected a value',
    ]);
  });

  test('may be empty, but not empty after sanitizing', () => {
    expect(issuesOf(cardOf({ fields: { title: '<script>alert(1)</script>', description: '' } }))).toEqual([
      'fields.title: expected a text that is more than white space and tags that are taken out',
    ]);
  });

  test('is checked against the blocked patterns of its tenant', () => {
    const policy = createContentPolicy(['coupon-[0-9]{6}']);
    const fields = {
      title: 'coupon-<b>123456</b>',
      description: 'coupon-1',
      actions: [{ label: 'malware.exe' }],
    };
    expect(issuesOf(cardOf({ fields }), policy)).toEqual([
      'fields.title: blocked by the pattern "coupon-[0-9]{6}"',
      'fields.actions[0].label: blocked by the pattern "malware\\\\.exe"',
    ]);
  });
});
