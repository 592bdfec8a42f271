import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildCard, type Card } from '../../src/content/card/card.ts';
import { createContentPolicy } from '../../src/content/policy/policy.ts';
import { isEventHandler } from '../../src/content/text/event-handlers.ts';
import { cardDelivery } from '../../src/jobs/card-delivery.ts';
import { parseJob } from '../../src/jobs/define.ts';
import { GROUP, openWidget, type Widget } from '../support/widget.ts';

/** One line of the corpus: a text for any place of a card, or a part of a card. */
interface Vector {
  readonly technique: string;
  readonly text?: string;
  readonly component?: Readonly<Record<string, unknown>>;
  readonly fields?: Readonly<Record<string, unknown>>;
}

const CORPUS = readFileSync(new URL('../fixtures/xss.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): Vector => JSON.parse(line));
const BY_TECHNIQUE = [...Map.groupBy(CORPUS, ({ technique }) => technique)];
const ADDRESS_KEY = /^(?:payload|value|.*(?:ur[li]|href|src|link)s?)$/i;

const policy = createContentPolicy();
let widget: Widget;

beforeAll(async () => {
  widget = await openWidget();
});

describe('the corpus of attacks', () => {
  test('has more than 500 different vectors', () => {
    expect(new Set(CORPUS.map((vector) => JSON.stringify(vector))).size).toBe(CORPUS.length);
    expect(CORPUS.length).toBeGreaterThan(500);
  });

  test('does harm without our checks', async () => {
    const sample = BY_TECHNIQUE.flatMap(([, vectors]) => vectors.filter(({ text }) => text).slice(0, 6));
    // Some vectors leave the page, so they get a page of their own.
    const victim = await openWidget();
    let harmful = 0;
    for (const { text = '' } of sample) {
      if ((await victim.show('text', text)).length > 0) harmful++;
    }
    expect(harmful).toBeGreaterThan(40);
    expect(await victim.show('address', 'javascript:alert(1)')).not.toEqual([]);
    expect(await victim.show('attributes', { onclick: 'alert(1)' })).not.toEqual([]);
  });

  test.for([
    { way: 'text', harmful: '<img src=x onerror=alert(1)>', harmless: (n: number) => `text ${n}` },
    { way: 'text', harmful: '<script>alert(1)</script>', harmless: (n: number) => `text ${n}` },
    { way: 'text', harmful: '</textarea><script>alert(1)</script>', harmless: (n: number) => `text ${n}` },
    { way: 'address', harmful: 'javascript:alert(1)', harmless: (n: number) => `order-${n}` },
    {
      way: 'attributes',
      harmful: { onclick: 'alert(1)' },
      harmless: (n: number) => ({ title: `text ${n}` }),
    },
  ] as const)(
    'does harm among many harmless exhibits too, as $way: $harmful',
    async ({ way, harmful, harmless }) => {
      const exhibits: unknown[] = Array.from({ length: 2 * GROUP }, (_, n) => harmless(n));
      exhibits[2 * GROUP - 10] = harmful;
      expect(await widget.showAll(way, exhibits)).toEqual([
        { exhibits: exhibits.slice(GROUP), effects: expect.arrayContaining([expect.any(String)]) },
      ]);
    },
  );
});

describe('a vector in any place of a card is refused or harmless', () => {
  // Many vectors become the same text. The page shows each text once.
  const shown = new Set<string>();

  test.for(BY_TECHNIQUE)('%s', async ([, vectors]) => {
    const cards = vectors.flatMap(jobsOf).flatMap(cardOf);
    const texts = cards.flatMap(textsOf).filter(({ text }) => isNew(shown, `text ${text}`));
    const addresses = texts.filter(({ key }) => ADDRESS_KEY.test(key));
    const objects = cards.flatMap(objectsOf).filter((held) => isNew(shown, JSON.stringify(held)));

    expect(await widget.showAll('text', texts.map(textOf))).toEqual([]);
    expect(await widget.showAll('address', addresses.map(textOf))).toEqual([]);
    expect(await widget.showAll('attributes', objects)).toEqual([]);
  });

  test('in at least a hundred texts and objects', () => {
    expect(shown.size).toBeGreaterThan(100);
  });
});

describe('an everyday text', () => {
  test.for([
    'Tom & Jerry',
    '5 < 6',
    'a < b > c',
    'I love C++ <3',
    'email data: see below',
    'He said "yes" & left',
    "It's 5' 4\" = 163 cm",
    'if a<b then c>d',
    'Terms & Conditions — ©2026, 50% off',
    'Fish &chips; AT&T; R&D',
    'Phone = 555-0100, only = 7 left, once = now',
    'Write to Anna <anna@example.com> or see <https://example.com>',
    '¿Qué tal? Ça va — 你好，世界：数据 👩‍👩‍👧',
    'مرحبا \u200fabc\u200e שלום',
    'x = y; {"order": 4711}',
    'C:\\temp\\file.txt // notes',
  ])('keeps its meaning as HTML: %s', async (text) => {
    const [card] = cardOf({ fields: { title: text, description: text } });
    expect(card, 'it was refused').toBeDefined();
    expect(await widget.readAsHtml(card?.dynamicFields.title ?? '')).toBe(text);
  });
});

test('our list has every event handler of the browser', async () => {
  const names = await widget.eventHandlers();
  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name) => !isEventHandler(name))).toEqual([]);
});

/** A card for each place in which the vector can be. */
function jobsOf({ text, component, fields }: Vector): Record<string, unknown>[] {
  if (component) return [{ components: [component] }];
  if (fields) return [{ fields }];
  const button = { label: 'Press', type: 'postback', value: 'x' };
  return [
    { fields: { title: text } },
    { fields: { description: text } },
    { fields: { actions: [{ ...button, label: text }] } },
    { fields: { actions: [{ ...button, value: text }] } },
    { fields: { actions: [{ ...button, type: 'url', value: text }] } },
    { fields: { orderNumber: text } },
    { components: [{ type: 'image', url: text, alt: text }] },
    { components: [{ type: 'list', unheardOf: [{ deeper: text }] }] },
  ];
}

/** The card as the worker sends it. Empty if the job is refused, with a path in every issue. */
function cardOf(content: Readonly<Record<string, unknown>>): Card[] {
  const job = { tenantId: 'acme', conversationId: 'conv-1', template: { id: 'order' }, ...content };
  const parsed = parseJob(cardDelivery, job, policy);
  if (parsed.ok) return [buildCard(parsed.data, 'id')];
  for (const issue of parsed.issues) expect(issue.path).not.toBe('');
  return [];
}

function textsOf(card: Card): { key: string; text: string }[] {
  return objectsOf(card).flatMap((held) =>
    Object.entries(held).flatMap(([key, value]) =>
      [value].flat().flatMap((text) => (typeof text === 'string' ? [{ key, text }] : [])),
    ),
  );
}

function textOf({ text }: { readonly text: string }): string {
  return text;
}

function objectsOf(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(objectsOf);
  if (typeof value !== 'object' || value === null) return [];
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(objectsOf)];
}

function isNew(known: Set<string>, value: string): boolean {
  if (known.has(value)) return false;
  known.add(value);
  return true;
}
