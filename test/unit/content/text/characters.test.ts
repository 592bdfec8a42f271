import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createContentPolicy } from '../../../../src/content/policy/policy.ts';
import { unreadableIn, unreadableIssues } from '../../../../src/content/text/characters.ts';
import { CATALOG, type JobKind } from '../../../../src/jobs/catalog.ts';
import { type JobDefinition, parseJob } from '../../../../src/jobs/define.ts';
import { configurationOf, configurationRollout } from '../../../support/guides/configuration.ts';
import { deploymentRollout } from '../../../support/guides/deployment.ts';
import { embed } from '../../../support/guides/embed.ts';
import { cardOf } from '../../jobs/cards.ts';
import { attachmentOf, messageOf, plain } from '../../jobs/messages.ts';

describe('unreadable characters', () => {
  test.for([
    ['a\0b', /U\+0000 at character 2, which is nothing to read/],
    ['a\u0007', /U\+0007/],
    ['\u001b[2J', /U\+001B/],
    ['a\u007f', /U\+007F/],
    ['a\u0085', /U\+0085/],
    ['smile \ud83d end', /U\+D83D at character 7, which is half of a surrogate pair/],
    ['\ude00', /U\+DE00/],
    ['a\ufffe', /U\+FFFE/],
    ['\u{1ffff}', /U\+1FFFF/],
    ['\ufdd0', /U\+FDD0/],
  ] as const)('are refused with a reason: %j', ([text, reason]) => {
    expect(unreadableIn(text)).toMatch(reason);
  });

  test.for(['', 'a\tb\r\nc', 'é 😀 👩‍👩‍👧 你好', '\u200f\u202d+49 30\u202c', '\u2028', '\ufffd', '\ufeff'])(
    'do not include %j',
    (text) => {
      expect(unreadableIn(text)).toBeUndefined();
    },
  );

  test('are halves of pairs, controls and noncharacters', () => {
    const rule = /(?![\t\n\r])\p{Cc}|\p{Noncharacter_Code_Point}|\p{Cs}/u;
    fc.assert(
      fc.property(fc.array(fc.nat(0x10ffff)), (codes) => {
        const text = String.fromCodePoint(...codes);
        expect(unreadableIn(text) !== undefined).toBe(rule.test(text));
      }),
    );
  });
});

describe('the rule for unreadable characters', () => {
  const policy = createContentPolicy();
  const places: readonly (readonly [JobKind, string, (text: string) => unknown])[] = [
    ['message-transmission', 'body.content', (text) => messageOf({ body: plain(text) })],
    [
      'message-transmission',
      'attachments[0].fileName',
      (text) => messageOf({ attachments: [attachmentOf({ fileName: text })] }),
    ],
    ['message-transmission', 'conversationId', (text) => messageOf({ conversationId: text })],
    ['card-delivery', 'fields.title', (text) => cardOf({ fields: { title: text } })],
    [
      'card-delivery',
      'fields.actions[0].value',
      (text) => cardOf({ fields: { actions: [{ label: 'x', value: text }] } }),
    ],
    ['card-delivery', 'components[0].text', (text) => cardOf({ components: [{ type: 'body', text }] })],
    ['embed-generation', 'customAttributes.note', (text) => embed({ customAttributes: { note: text } })],
    ['embed-generation', 'theme.font', (text) => embed({ theme: { font: text } })],
    [
      'config-rollout',
      'configuration.greetings[0]',
      (text) => configurationRollout({ configuration: configurationOf({ greetings: [text] }) }),
    ],
    ['config-rollout', 'name', (text) => deploymentRollout({ name: text })],
  ];
  const bad = ['a\0b', 'a\u0007b', 'a\u009bb', 'a\ud83d b', 'a\uffffb'];

  test.for(places)('applies to %s, %s', ([kind, path, jobOf]) => {
    const definition: JobDefinition = CATALOG[kind];
    for (const text of bad) {
      const parsed = parseJob(definition, jobOf(text), policy);
      const issues = parsed.ok ? [] : parsed.issues.filter((issue) => issue.path === path);
      expect(issues).toEqual([{ path, message: expect.stringMatching(/can be read, got U\+/) }]);
    }
    const good = parseJob(definition, jobOf('a-b'), policy);
    expect(good.ok ? [] : good.issues).toEqual([]);
  });

  test('applies to names of fields, without quoting them', () => {
    const issues = unreadableIssues({ fields: { 'a\u001b[2J': 1 } });
    expect(issues).toEqual([{ path: 'fields', message: expect.stringMatching(/^the name of a field: /) }]);
    expect(unreadableIssues({ 'a\0': ['\0'] }).map(({ path }) => path)).toEqual([
      '',
      '["(a name of 2 characters)"][0]',
    ]);
  });

  test('reports at most 20 issues, also for cycles', () => {
    const self: unknown[] = ['\0'];
    self.push(self);
    expect(unreadableIssues(self).length).toBeLessThanOrEqual(20);
    expect(unreadableIssues(Array.from({ length: 30_000 }, () => '\0'))).toHaveLength(20);
  });
});
