import { describe, expect, test } from 'vitest';
import type { Issue } from '../../../src/core/issues.ts';
import { parseJob } from '../../../src/jobs/define.ts';
import { type MessageTransmission, messageTransmission } from '../../../src/jobs/message-transmission.ts';
import type { MessengerType, Route, TenantRoutes } from '../../../src/jobs/routes.ts';
import { attachmentOf, defaultPolicy, html, messageOf, plain } from './messages.ts';
import { GUEST, platformOf } from './tenants.ts';

const CAPABILITY = 'CAPABILITY_UNAVAILABLE';
const CLICK = { type: 'Button', text: 'Yes', payload: 'yes', originatingMessageId: 'm-1' };

function issuesFor(tenant: TenantRoutes | undefined, fields: Record<string, unknown>): readonly Issue[] {
  const parsed = parseJob(messageTransmission, messageOf(fields), defaultPolicy, tenant);
  return parsed.ok ? [] : parsed.issues;
}

/** An event as a producer sends it: without a body. */
function eventOf(event: unknown): Record<string, unknown> {
  return { event, body: undefined };
}

function accepted(fields: Record<string, unknown>, tenant?: TenantRoutes): MessageTransmission {
  const parsed = parseJob(messageTransmission, messageOf(fields), defaultPolicy, tenant);
  if (parsed.ok) return parsed.data;
  throw new Error(JSON.stringify(parsed.issues));
}

const ON: Readonly<Record<Route, TenantRoutes>> = {
  open: platformOf({ route: 'open' }),
  agentless: platformOf({ route: 'agentless' }),
  conversation: platformOf({ route: 'conversation' }),
  webmessaging: platformOf({ route: 'webmessaging' }),
};

describe('an event', () => {
  test.for([{ typing: {} }, { receipt: { messageId: 'm-1', status: 'Delivered' } }, { click: CLICK }])(
    'needs no body: %o',
    (event) => {
      const message = accepted(eventOf(event), ON.open);
      expect(message).toMatchObject({ body: { contentType: 'text/plain', content: '' }, event });
      expect(messageTransmission.expand(message, ON.open)).toEqual([message]);
    },
  );

  test('is exactly one of three', () => {
    for (const event of [{}, { typing: {}, click: CLICK }]) {
      expect(issuesFor(ON.open, eventOf(event))).toEqual([
        { path: 'event', message: expect.stringMatching(/exactly one of typing, receipt, click/) },
      ]);
    }
  });

  test('has no text and no file beside it', () => {
    const fields = { event: { typing: {} }, body: plain('Hello'), attachments: [attachmentOf()] };
    expect(issuesFor(ON.open, fields).map(({ path }) => path)).toEqual(['body.content', 'attachments']);
  });

  test('passes the content policy with each of its texts', () => {
    const blocked = 'malware.exe';
    const events = [
      { click: { ...CLICK, text: blocked } },
      { click: { ...CLICK, payload: blocked } },
      { receipt: { messageId: 'm', status: 'Failed', reasons: [{ message: blocked }] } },
    ];
    for (const event of events) {
      expect(issuesFor(ON.open, eventOf(event))).toEqual([
        { path: expect.stringMatching(/^event\./), message: expect.stringMatching(/^blocked by/) },
      ]);
    }
  });

  test.for<[Route, string, boolean]>([
    ['open', 'typing', true],
    ['open', 'receipt', true],
    ['open', 'click', true],
    ['webmessaging', 'typing', true],
    ['webmessaging', 'receipt', false],
    ['webmessaging', 'click', true],
    ['agentless', 'typing', false],
    ['agentless', 'click', false],
    ['conversation', 'typing', false],
    ['conversation', 'receipt', false],
  ])('on the route %s, of the kind %s: %s', ([route, name, isTaken]) => {
    const events: Readonly<Record<string, unknown>> = {
      typing: { typing: {} },
      receipt: { receipt: { messageId: 'm', status: 'Delivered' } },
      click: { click: CLICK },
    };
    const communicationId = route === 'conversation' ? 'com-1' : undefined;
    const issues = issuesFor(ON[route], { ...eventOf(events[name]), communicationId });
    expect(issues).toEqual(
      isTaken ? [] : [{ path: `event.${name}`, message: expect.stringContaining(route), code: CAPABILITY }],
    );
  });
});

describe('the dialect guest refuses', () => {
  test.for([
    ['route', 'open'],
    ['communicationId', 'com-1'],
    ['event', { typing: {} }],
    ['customAttributes', { tier: 'gold' }],
  ])('the field %s', ([name, value]) => {
    const body = name === 'event' ? { body: undefined } : {};
    expect(issuesFor(GUEST, { [name as string]: value, ...body })).toEqual([
      { path: name, message: expect.stringContaining('dialect platform'), code: CAPABILITY },
    ]);
  });

  test('no message that has no such field', () => {
    expect(issuesFor(GUEST, { attachments: [attachmentOf(), attachmentOf()] })).toEqual([]);
  });
});

describe('the dialect platform refuses', () => {
  test('a message without a route, and one whose route the tenant has no settings for', () => {
    expect(issuesFor(platformOf(), {})).toEqual([
      { path: 'route', message: expect.stringContaining('platform.route'), code: CAPABILITY },
    ]);
    expect(issuesFor({ dialect: 'platform', platform: {} }, { route: 'agentless' })).toEqual([
      { path: 'route', message: expect.stringContaining('platform.agentless'), code: CAPABILITY },
    ]);
    expect(issuesFor(platformOf(), { route: 'open' })).toEqual([]);
  });

  test('files on the route agentless', () => {
    expect(issuesFor(ON.agentless, { attachments: [attachmentOf()] })).toEqual([
      { path: 'attachments', message: expect.stringContaining('agentless'), code: CAPABILITY },
    ]);
  });

  test('the route conversation without a communication, and a communication on other routes', () => {
    expect(issuesFor(ON.conversation, {})).toEqual([
      { path: 'communicationId', message: expect.stringContaining('communication of the agent') },
    ]);
    expect(issuesFor(ON.open, { communicationId: 'com-1' })).toEqual([
      { path: 'communicationId', message: expect.stringContaining('open'), code: CAPABILITY },
    ]);
  });

  test('attributes that have no place, that are too long, or that the policy blocks', () => {
    const customAttributes = { tier: 'gold' };
    expect(issuesFor(ON.webmessaging, { customAttributes })).toEqual([]);
    expect(issuesFor(ON.open, { customAttributes })).toMatchObject([
      { path: 'customAttributes', code: CAPABILITY },
    ]);
    expect(issuesFor(ON.webmessaging, { customAttributes: { tier: 'é'.repeat(1030) } })).toEqual([
      { path: 'customAttributes', message: expect.stringMatching(/at most 2048 bytes as JSON, got 20\d\d/) },
    ]);
    expect(issuesFor(ON.webmessaging, { customAttributes: { tier: 'malware.exe' } })).toEqual([
      { path: 'customAttributes.tier', message: expect.stringMatching(/^blocked by/) },
    ]);
  });
});

describe('the longest text', () => {
  test.for<[Route, MessengerType, number]>([
    ['agentless', 'sms', 765],
    ['agentless', 'webmessaging', 3999],
    ['agentless', 'whatsapp', 2000],
    ['agentless', 'open', 2000],
    ['agentless', 'apple', 2000],
    ['conversation', 'sms', 2000],
  ])('on the route %s to %s has %i characters', ([route, toAddressMessengerType, most]) => {
    const tenant = platformOf({ route, agentless: { toAddressMessengerType } });
    const own = route === 'conversation' ? { communicationId: 'com-1' } : {};
    // Three bytes each: the limit counts characters, and no bytes.
    expect(issuesFor(tenant, { ...own, body: plain('€'.repeat(most)) })).toEqual([]);
    expect(issuesFor(tenant, { ...own, body: plain('€'.repeat(most + 1)) })).toEqual([
      {
        path: 'body.content',
        message: `expected at most ${most} characters on the route ${route}, got ${most + 1}; set split to send it as several messages`,
        code: CAPABILITY,
      },
    ]);
  });

  test.for<Route>(['open', 'webmessaging'])('on the route %s has 4,096 bytes', (route) => {
    expect(issuesFor(ON[route], { body: plain('é'.repeat(2048)) })).toEqual([]);
    expect(issuesFor(ON[route], { body: plain('é'.repeat(2049)) })).toMatchObject([
      { path: 'body.content', code: CAPABILITY },
    ]);
  });

  test('of HTML is that of its plain text', () => {
    const tenant = platformOf({ route: 'agentless', agentless: { toAddressMessengerType: 'sms' } });
    expect(issuesFor(tenant, { body: html(`<p>${'a'.repeat(765)}</p>`) })).toEqual([]);
    expect(issuesFor(tenant, { body: html(`<p>${'a'.repeat(766)}</p>`) })).toEqual([
      {
        path: 'body.content',
        message: 'expected at most 765 characters on the route agentless, got 766 once it is plain text',
        code: CAPABILITY,
      },
    ]);
    expect(issuesFor(tenant, { body: html('<p></p>') })).toEqual([
      { path: 'body.content', message: expect.stringContaining('once its tags are gone') },
    ]);
  });
});

describe('a message is split', () => {
  test('by the limit of its route', () => {
    const tenant = platformOf({ route: 'agentless', agentless: { toAddressMessengerType: 'sms' } });
    const message = accepted({ split: true, body: plain('word '.repeat(400)) }, tenant);
    const parts = messageTransmission.expand(message, tenant);
    expect(parts.map(({ body }) => body.content.length)).toEqual([765, 765, 470]);
    expect(parts.map(({ body }) => body.content).join('')).toBe('word '.repeat(400));
  });

  test('by 4,096 bytes, unless the tenant is known or the job names its route', () => {
    const fields = { split: true, body: plain('a'.repeat(5000)) };
    const lengths = (route?: Route) =>
      messageTransmission.expand(accepted({ ...fields, route })).map(({ body }) => body.content.length);
    expect(lengths()).toEqual([4096, 904]);
    expect(lengths('agentless')).toEqual([4096, 904]);
    expect(lengths('conversation')).toEqual([2000, 2000, 1000]);
  });

  test.for<Route>(['open', 'webmessaging', 'conversation'])(
    'into one for each file on the route %s',
    (route) => {
      const files = ['a.png', 'b.png', 'c.png'].map((fileName) => attachmentOf({ fileName }));
      const communicationId = route === 'conversation' ? 'com-1' : undefined;
      const fields = { body: html('<b>See</b>'), attachments: files, communicationId };
      const parts = messageTransmission.expand(accepted(fields, ON[route]), ON[route]);

      expect(
        parts.map(({ body, attachments }) => [body.content, attachments.map((file) => file.fileName)]),
      ).toEqual([
        ['<b>See</b>', ['a.png']],
        ['', ['b.png']],
        ['', ['c.png']],
      ]);
      expect(parts.map(({ body }) => body.contentType)).toEqual(['text/html', 'text/plain', 'text/plain']);
      expect(new Set(parts.map((part) => messageTransmission.lane(part)))).toHaveProperty('size', 1);
    },
  );

  test('with its first file behind the last part of its text', () => {
    const fields = {
      split: true,
      body: plain('a'.repeat(5000)),
      attachments: [attachmentOf({ fileName: 'a.png' }), attachmentOf({ fileName: 'b.png' })],
    };
    const parts = messageTransmission.expand(accepted(fields, ON.open), ON.open);
    expect(parts.map(({ body, attachments }) => [body.content.length, attachments.length])).toEqual([
      [4096, 0],
      [904, 1],
      [0, 1],
    ]);
  });

  test('never for its files in the dialect guest', () => {
    const message = accepted({ attachments: [attachmentOf(), attachmentOf()] }, GUEST);
    expect(messageTransmission.expand(message, GUEST)).toEqual([message]);
  });
});
