import { describe, expect, test } from 'vitest';
import { createContentPolicy } from '../../../src/content/policy.ts';
import { CATALOG } from '../../../src/jobs/catalog.ts';
import { parseJob } from '../../../src/jobs/define.ts';
import { embed } from '../../support/embeds.ts';
import { cardOf } from './cards.ts';
import { html, messageOf } from './messages.ts';

/** Patterns of a tenant: a card number, and words. */
const policy = createContentPolicy(['\\b[0-9]{16}\\b', 'free money', 'Tom & Jerry', "don't"]);

const message = CATALOG['message-transmission'];
const card = CATALOG['card-delivery'];
const embedding = CATALOG['embed-generation'];

const faultsOf = (input: unknown, definition: Parameters<typeof parseJob>[0]) => {
  const parsed = parseJob(definition, input, policy);
  return parsed.ok ? [] : parsed.faults.map(({ path, message }) => `${path}: ${message}`);
};
const cardFaults = (fields: unknown) => faultsOf(cardOf({ fields }), card);

describe('a blocked pattern is found in a card', () => {
  test.for([
    ['in a number', { pan: 4111111111111111 }],
    ['in a number of a list', { list: [{ pan: [4111111111111111] }] }],
    ['in the name of a field', { blocked_keyword: 'x' }],
    ['in the name of a field further in', { list: [{ blocked_keyword: 1 }] }],
    ['in a name with full-width letters', { ｂlocked_keyword: 'x' }],
  ] as const)('%s', ([, fields]) => {
    expect(cardFaults(fields).join()).toMatch(/blocked by the pattern/);
  });

  test('in the name under a style', () => {
    const components = [{ type: 'text', text: 'x', style: { blocked_keyword: 'x' } }];
    expect(faultsOf(cardOf({ components }), card).join()).toMatch(/blocked by the pattern/);
  });
});

test.for(['customAttributes', 'theme'])('a blocked pattern is found in a number of %s', (field) => {
  const input = embed({ [field]: { pan: 4111111111111111 } });
  expect(faultsOf(input, embedding).join()).toMatch(/blocked by the pattern/);
});

test('the same name is looked at once, however often it stands in a card', () => {
  const list = Array.from({ length: 1000 }, () => ({ 'a-rather-long-name': 1 }));
  expect(cardFaults({ list })).toEqual([]);
});

test('the texts of a card that is too large are not searched', () => {
  expect(cardFaults({ x: Array.from({ length: 9000 }, () => 'blocked_keyword ﷺ') })).toEqual([
    expect.stringMatching(/at most 65536 bytes/),
  ]);
});

test('HTML that is too long for one message is not read when it is to be split', () => {
  const input = messageOf({ body: html('<p onclick=x>'.repeat(1000)), split: true });
  expect(faultsOf(input, message)).toEqual([expect.stringMatching(/^split: expected false/)]);
});
