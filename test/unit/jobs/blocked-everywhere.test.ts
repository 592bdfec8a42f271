import { describe, expect, test } from 'vitest';
import { createContentPolicy } from '../../../src/content/policy/policy.ts';
import { CATALOG } from '../../../src/jobs/catalog.ts';
import { parseJob } from '../../../src/jobs/define.ts';
import { embed } from '../../support/guides/embed.ts';
import { cardOf } from './cards.ts';
import { html, messageOf, plain } from './messages.ts';

/** Patterns of a tenant: a card number, and words. */
const policy = createContentPolicy(['\\b[0-9]{16}\\b', 'free money', 'Tom & Jerry', "don't"]);

const message = CATALOG['message-transmission'];
const card = CATALOG['card-delivery'];
const embedding = CATALOG['embed-generation'];

const issuesOf = (input: unknown, definition: Parameters<typeof parseJob>[0]) => {
  const parsed = parseJob(definition, input, policy);
  return parsed.ok ? [] : parsed.issues.map(({ path, message }) => `${path}: ${message}`);
};
const cardIssues = (fields: unknown) => issuesOf(cardOf({ fields }), card);

describe('a blocked pattern is found in a card', () => {
  test.for([
    ['in a number', { pan: 4111111111111111 }],
    ['in a number of a list', { list: [{ pan: [4111111111111111] }] }],
    ['in the name of a field', { blocked_keyword: 'x' }],
    ['in the name of a field further in', { list: [{ blocked_keyword: 1 }] }],
    ['in a name with full-width letters', { ｂlocked_keyword: 'x' }],
  ] as const)('%s', ([, fields]) => {
    expect(cardIssues(fields).join()).toMatch(/blocked by the pattern/);
  });

  test('in a name below a style', () => {
    const components = [{ type: 'text', text: 'x', style: { blocked_keyword: 'x' } }];
    expect(issuesOf(cardOf({ components }), card).join()).toMatch(/blocked by the pattern/);
  });
});

describe('a blocked pattern is found in Markdown as it is displayed', () => {
  test.for([
    'blocked\\_keyword',
    'block**ed**_keyword',
    'mal*w*are.exe',
    'mal~~w~~are.exe',
    'mal`w`are.exe',
    'mal[ware](https://example.com/a).exe',
    '[x](https://example.com/malware%2eexe)',
    'See https://example.com/malware%252eexe',
  ])('%s', (description) => {
    expect(cardIssues({ description }).join()).toMatch(/blocked by the pattern/);
  });

  test('other Markdown is accepted', () => {
    expect(cardIssues({ description: '**Hello** [there](https://example.com/a_(b)) `x` \\* ~~y~~' })).toEqual(
      [],
    );
  });
});

describe('a blocked pattern is found in a message', () => {
  test.for([
    ['in an address', html('<a href="https://example.com/malware%2eexe">x</a>')],
    ['in an address that is encoded twice', html('<a href="https://example.com/malware%252eexe">x</a>')],
    ['in a title with a reference', html('<p title="Tom &amp; Jerry">x</p>')],
    ['in a title with a quote', html('<p title="don&#39;t">x</p>')],
    ['in several lines', html('free\n  money')],
    ['with two spaces', plain('free  money')],
    ['with spaces that do not break', html('free&nbsp;&nbsp;money')],
    ['turned around', plain('\u202edrowyek_dekcolb\u202c')],
    ['turned around by a reference', html('x &#x202e;exe.erawlam')],
    ['turned around through tags', html('<i>\u202eexe.</i><b>erawlam</b>')],
  ] as const)('%s', ([, body]) => {
    expect(issuesOf(messageOf({ body }), message).join()).toMatch(/blocked by the pattern/);
  });
});

test('HTML with an escaped attack in an address is refused', () => {
  const body = html('<a href="https://example.com/%22%20onclick=alert(1)">x</a>');
  expect(issuesOf(messageOf({ body }), message).join()).toMatch(/blocked by the pattern/);
  const ordinary = html(
    '<a href="https://example.com/a%20b?q=%22c%22&amp;u=https%3A%2F%2Fexample.org">x</a>',
  );
  expect(issuesOf(messageOf({ body: ordinary }), message)).toEqual([]);
});

test.for(['customAttributes', 'theme'])('a blocked pattern is found in a number of %s', (field) => {
  const input = embed({ [field]: { pan: 4111111111111111 } });
  expect(issuesOf(input, embedding).join()).toMatch(/blocked by the pattern/);
});

test('a repeated name in a card is checked once', () => {
  const list = Array.from({ length: 1000 }, () => ({ 'a-rather-long-name': 1 }));
  expect(cardIssues({ list })).toEqual([]);
});

test('the texts of an oversized card are not searched', () => {
  expect(cardIssues({ x: Array.from({ length: 9000 }, () => 'blocked_keyword ﷺ') })).toEqual([
    expect.stringMatching(/at most 65536 bytes/),
  ]);
});

test('HTML is not read if it cannot be split', () => {
  const input = messageOf({ body: html('<p onclick=x>'.repeat(1000)), split: true });
  expect(issuesOf(input, message)).toEqual([expect.stringMatching(/^split: expected false/)]);
});
