import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { declarationOf } from '../../../src/content/fields/declarations.ts';
import { optionsOf, unwrapped } from '../../../src/content/fields/schema-walk.ts';
import { createContentPolicy } from '../../../src/content/policy/policy.ts';
import { describeIssue } from '../../../src/core/issues.ts';
import { CATALOG, JOB_KINDS, type JobKind } from '../../../src/jobs/catalog.ts';
import { contentOf, contentTypeOf } from '../../../src/jobs/content-types.ts';
import { parseJob } from '../../../src/jobs/define.ts';
import { configurationOf, configurationRollout } from '../../support/guides/configuration.ts';
import { deploymentRollout, widgetOf } from '../../support/guides/deployment.ts';
import { embed } from '../../support/guides/embed.ts';
import { cardOf, componentsCard } from './cards.ts';
import { attachmentOf, messageOf } from './messages.ts';

const policy = createContentPolicy(['acme-[0-9]{3}']);

function issuesOf(kind: JobKind, input: unknown): string[] {
  const parsed = parseJob<z.ZodType>(CATALOG[kind], input, policy);
  return parsed.ok ? [] : parsed.issues.map(describeIssue);
}

const message = (fields: Record<string, unknown>) =>
  ['message-transmission', messageOf({ attachments: [attachmentOf(fields)] })] as const;
const deployment = (fields: object) =>
  ['config-rollout', deploymentRollout(fields as Record<string, unknown>)] as const;
const launcher = (icon: unknown) => deployment({ launcher: { ...deploymentRollout().launcher, icon } });
const configuration = (fields: object) =>
  [
    'config-rollout',
    configurationRollout({ configuration: configurationOf(fields as Record<string, unknown>) }),
  ] as const;

/** Every field that readers see, with a function that puts a text into it. */
const FIELDS: readonly (readonly [string, (text: string) => readonly [JobKind, unknown]])[] = [
  [
    'body.content',
    (content) => ['message-transmission', messageOf({ body: { contentType: 'text/plain', content } })],
  ],
  ['attachments[0].fileName', (text) => message({ fileName: `${text}.png` })],
  ['attachments[0].url', (text) => message({ url: `https://a.example/${text}` })],
  ['name', (name) => deployment({ name })],
  ['launcher.icon', (text) => launcher(`https://a.example/${text}`)],
  ['widget.title', (title) => deployment({ widget: widgetOf({ title }) })],
  ['widget.welcomeMessage', (welcomeMessage) => deployment({ widget: widgetOf({ welcomeMessage }) })],
  ['configuration.greetings[0]', (text) => configuration({ greetings: [text] })],
  ['configuration.audienceSegments[0]', (text) => configuration({ audienceSegments: [text] })],
  ['customAttributes.a.b', (text) => ['embed-generation', embed({ customAttributes: { a: { b: text } } })]],
  ['theme.title', (title) => ['embed-generation', embed({ theme: { title } })]],
  ['fields.title', (title) => ['card-delivery', cardOf({ fields: { title } })]],
  ['fields.list[0].any', (any) => ['card-delivery', cardOf({ fields: { list: [{ any }] } })]],
  ['fields.actions[0].label', (label) => ['card-delivery', cardOf({ fields: { actions: [{ label }] } })]],
  [
    'fields.actions[0].value',
    (value) => ['card-delivery', cardOf({ fields: { actions: [{ label: 'x', value }] } })],
  ],
  [
    'fields.siteUrl',
    (text) => ['card-delivery', cardOf({ fields: { siteUrl: `https://a.example/${text}` } })],
  ],
  ['template.id', (id) => ['card-delivery', cardOf({ template: { id } })]],
  ['components[0].text', (text) => ['card-delivery', componentsCard({ type: 'body', text })]],
  [
    'components[0].alt',
    (alt) => ['card-delivery', componentsCard({ type: 'image', url: 'https://a.example', alt })],
  ],
  [
    'components[0].imageUrl',
    (text) => ['card-delivery', componentsCard({ type: 'image', imageUrl: `https://a.example/${text}` })],
  ],
  ['components[0].style', (style) => ['card-delivery', componentsCard({ type: 'body', text: 'x', style })]],
];

describe('the blocked patterns of a tenant apply to', () => {
  test.for(FIELDS)('%s', ([path, jobOf]) => {
    expect(issuesOf(...jobOf('acme-12'))).toEqual([]);
    expect(issuesOf(...jobOf('acme-123'))).toEqual([`${path}: blocked by the pattern "acme-[0-9]{3}"`]);
  });

  test('names of feature flags and of custom attributes', () => {
    expect(issuesOf(...configuration({ featureFlags: { 'acme-123': true } }))).toHaveLength(1);
    expect(issuesOf('embed-generation', embed({ customAttributes: { 'acme-123': 1 } }))).toHaveLength(1);
  });
});

describe('every plain text refuses markup', () => {
  const PLAIN = FIELDS.filter(([path]) =>
    /^(?:name|widget|configuration.greetings|customAttributes|theme)/.test(path),
  );
  test.for(PLAIN)('%s', ([path, jobOf]) => {
    for (const text of [
      '<img src=x onerror=alert(1)>',
      '<b>x</b>',
      '&lt;b&gt;',
      '%3cb%3e',
      'a\u202eb',
      'javascript:alert(1)',
    ]) {
      expect(issuesOf(...jobOf(text)).join(), text).toContain(path);
    }
  });
});

describe('an address for readers', () => {
  const ADDRESSES = FIELDS.filter(([path]) => /url|icon/i.test(path)).map(([path]) => path);
  test.for([
    'https://evil.test/"onmouseover="alert(1)"x="',
    "https://evil.test/'x",
    'https://evil.test/<b>',
    'https://evil.test/a b',
    'https://evil.test\\@a.example',
    'https://user:secret@a.example/',
    'https://a.example/%22onmouseover=%22alert(1)',
    'https://a.example/%2522%20onerror%3Dalert(1)',
    'https://a.example/&quot;onerror=alert(1)',
    'https://a.example/%3cscript%3e',
    '//evil.test/x',
    'data:image/png,x',
    'file:///etc/passwd',
    'java%0ascript:alert(1)',
    'https:evil.test',
  ])('may not be %s', (address) => {
    const jobs: Record<string, readonly [JobKind, unknown]> = {
      'attachments[0].url': message({ url: address }),
      'launcher.icon': launcher(address),
      'fields.siteUrl': ['card-delivery', cardOf({ fields: { siteUrl: address } })],
      'components[0].imageUrl': ['card-delivery', componentsCard({ type: 'image', imageUrl: address })],
    };
    for (const path of ADDRESSES) {
      const job = jobs[path];
      expect(job && issuesOf(...job), path).toEqual([expect.stringContaining(`${path}: `)]);
    }
  });

  test('may have a signature and escapes', () => {
    const url = 'https://files.example/a%20b.png?X-Amz-Signature=abc%2Fdef&next=%22hi%22#page=2';
    expect(issuesOf(...message({ url }))).toEqual([]);
  });

  test('may be a mailto: address, unless a page loads it', () => {
    expect(
      issuesOf('card-delivery', componentsCard({ type: 'image', url: 'mailto:a@b.example' })),
    ).toHaveLength(1);
    expect(issuesOf('card-delivery', cardOf({ fields: { siteUrl: 'mailto:a@b.example' } }))).toEqual([]);
  });
});

describe('the contract declares the type', () => {
  test.for([
    ['message-transmission', ['body', 'content'], 'rich-text'],
    ['message-transmission', ['attachments', 0, 'fileName'], 'file-name'],
    ['message-transmission', ['attachments', 3, 'url'], 'link'],
    ['message-transmission', ['conversationId'], 'identifier'],
    ['message-transmission', ['callback', 'url'], 'link'],
    ['message-transmission', ['split'], undefined],
    ['message-transmission', ['no', 'such', 'field'], undefined],
    ['card-delivery', ['fields', 'pin'], 'rich-text'],
    ['card-delivery', ['components', 0, 'buttons', 1, 'label'], 'rich-text'],
    ['config-rollout', ['name'], 'plain-text'],
    ['config-rollout', ['launcher', 'icon'], 'link'],
    ['config-rollout', ['widget', 'welcomeMessage'], 'plain-text'],
    ['config-rollout', ['configuration', 'greetings', 0], 'plain-text'],
    ['config-rollout', ['settings', 'greetings', 'messages', 0], 'plain-text'],
    ['config-rollout', ['restore', 0, 'to'], 'plain-text'],
    ['embed-generation', ['customAttributes', 'a', 'b'], 'plain-text'],
    ['embed-generation', ['cms', 'url'], 'link'],
    ['audit-sync', ['organizationIds', 2], 'identifier'],
    ['webhook-delivery', ['record', 'embed_code'], 'rich-text'],
  ] as const)('%s %j: %s', ([kind, path, type]) => {
    expect(contentTypeOf(kind, path)).toBe(type);
  });

  test('of a whole tree, if its names and numbers are content too', () => {
    expect(contentOf('card-delivery', ['fields', 'pin'])?.scope).toBe('tree');
    expect(contentOf('message-transmission', ['body', 'content'])?.scope).toBe('field');
  });

  test('of every text of every kind', () => {
    const undeclared = JOB_KINDS.flatMap((kind) => undeclaredTexts(CATALOG[kind].schema, kind));
    expect(undeclared).toEqual([]);
  });
});

function undeclaredTexts(schema: z.ZodType, path: string): string[] {
  const inner = unwrapped(schema);
  if (declarationOf(schema) ?? declarationOf(inner)) return [];
  if (inner instanceof z.ZodUnion) return optionsOf(inner).flatMap((option) => undeclaredTexts(option, path));
  if (inner instanceof z.ZodArray) return undeclaredTexts(inner.element as z.ZodType, `${path}[]`);
  if (inner instanceof z.ZodObject) {
    return Object.entries<z.ZodType>(inner.shape).flatMap(([name, field]) =>
      undeclaredTexts(field, `${path}.${name}`),
    );
  }
  // Times, short words, numbers and switches carry no content.
  const isOpen =
    inner instanceof z.ZodString || inner instanceof z.ZodCustom || inner instanceof z.ZodUnknown;
  return isOpen ? [path] : [];
}
