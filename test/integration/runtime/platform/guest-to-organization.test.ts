import { beforeAll, describe, expect, test } from 'vitest';
import type { Producer } from '../../../../src/queues/producer.ts';
import { startWorker } from '../../../support/gwm.ts';
import { openSystem, type System } from '../../../support/system.ts';
import { messagesOf, producerOf, run, tenantOf, threadsOf } from './stage.ts';

const KIND = 'message-transmission';

let system: System;
let producer: Producer;

const HOLD = { onUnknownOutcome: 'hold' } as const;
const patient = { retryFor: '1m' };

beforeAll(async () => {
  system = await openSystem({
    tenants: [
      ...['order', 'files', 'events', 'html', 'lost'].map((id) => tenantOf(id, 'open', patient)),
      tenantOf('held', 'open', HOLD),
      tenantOf('denied', 'open', { permissions: ['conversation:message:create'] }),
      tenantOf('elsewhere', 'open', { platform: { route: 'open', open: { integrationId: 'no-such' } } }),
    ],
  });
  await startWorker(system);
  producer = producerOf(system);
});

/** A message of a guest with this text. */
function textOf(tenantId: string, content: string, guestId = 'guest-1') {
  const body = { contentType: 'text/plain' as const, content };
  return { tenantId, guestId, conversationId: `chat-${guestId}`, body };
}

test('messages of guests arrive once and in their order, and a long text in several messages', async () => {
  const guests = ['guest-1', 'guest-2', 'guest-3'];
  const long = 'word '.repeat(1500);
  const entries = Array.from({ length: 8 }, (_, index) =>
    guests.map((guest) => ({ ...textOf('order', index === 4 ? long : `text ${index}`, guest), split: true })),
  ).flat();
  const reports: { status: string; jobIds?: readonly string[] }[] = [];
  await producer.enqueueMany(KIND, entries, { onEntry: (entry) => void reports.push(entry) });
  const jobIds = reports.flatMap(({ jobIds = [] }) => jobIds);
  const ends = await Promise.all(jobIds.map((jobId) => system.ended(jobId, { tenantId: 'order' })));

  const threads = await threadsOf(system, 'order');
  expect(threads.map(({ customerAddress }) => customerAddress).sort()).toEqual(guests);
  for (const { messages, outOfOrder, repeatedMessageIds } of threads) {
    const texts = messages.map(({ text = '' }) => text);
    expect(texts.filter((text) => text.startsWith('text '))).toEqual(
      [0, 1, 2, 3, 5, 6, 7].map((index) => `text ${index}`),
    );
    expect(texts.slice(4, 6).join('')).toBe(long);
    expect([messages.length, outOfOrder, repeatedMessageIds]).toEqual([9, 0, 0]);
  }
  const stored = new Map(threads.flatMap(({ messages }) => messages.map((each) => [each.id, each])));
  for (const [index, { state, result }] of ends.entries()) {
    const { messageId, conversationId } = result as { messageId: string; conversationId: string };
    expect(state).toBe('completed');
    // `channel.messageId` is the id of the job, so that a repetition can be recognized.
    expect(stored.get(messageId)).toMatchObject({ providerMessageId: jobIds[index], conversationId });
  }
});

test('each file goes in a message of its own, the first one with the text', async () => {
  const attachments = ['a.png', 'b.pdf', 'c.txt'].map((fileName) => ({
    contentType: ({ png: 'image/png', pdf: 'application/pdf', txt: 'text/plain' } as const)[
      fileName.slice(2) as 'png'
    ],
    url: `https://files.example.com/${fileName}`,
    fileName,
    sizeBytes: 100,
  }));
  const ends = await run(system, producer, KIND, { ...textOf('files', 'See these'), attachments });

  expect(ends.map(({ state }) => state)).toEqual(['completed', 'completed', 'completed']);
  expect((await messagesOf(system, 'files')).map(({ text, content }) => [text, content])).toEqual(
    attachments.map(({ contentType: mime, url, fileName: filename }, index) => [
      index === 0 ? 'See these' : '',
      [
        {
          contentType: 'Attachment',
          attachment: { mediaType: index === 0 ? 'Image' : 'File', url, mime, filename },
        },
      ],
    ]),
  );
});

test('events have operations of their own: typing, a receipt, a click', async () => {
  const about = { tenantId: 'events', guestId: 'guest-1', conversationId: 'chat-1' };
  const click = { type: 'Button' as const, text: 'Yes', payload: 'yes', originatingMessageId: 'out-1' };
  const reasons = [{ code: 'MessageExpired' as const, message: 'too late' }];
  const events = [
    { typing: {} },
    { receipt: { messageId: 'out-1', status: 'Failed' as const, reasons, isFinal: true } },
    { click },
  ];
  for (const event of events) {
    expect(await run(system, producer, KIND, { ...about, event })).toMatchObject([{ state: 'completed' }]);
  }

  const { originatingMessageId, ...buttonResponse } = click;
  expect(await messagesOf(system, 'events')).toMatchObject([
    { type: 'Event', events: [{ eventType: 'Typing', typing: { type: 'On' } }] },
    { type: 'Receipt', content: [{ id: 'out-1', status: 'Failed', reasons, isFinalReceipt: true }] },
    {
      type: 'Structured',
      content: [
        { contentType: 'ButtonResponse', buttonResponse: { ...buttonResponse, originatingMessageId } },
      ],
      providerMessageId: expect.stringMatching(/^j/),
    },
  ]);
});

test('HTML is sent as the text that a reader sees', async () => {
  const content = '<p>Hello <b>Ada</b></p><p><a href="https://example.com/a">our page</a></p>';
  await run(system, producer, KIND, {
    ...textOf('html', ''),
    body: { contentType: 'text/html', content },
  });
  expect(await messagesOf(system, 'html')).toMatchObject([
    { text: 'Hello Ada\n\nour page (https://example.com/a)' },
  ]);
});

describe('a message fails', () => {
  test('with the permission that the client lacks', async () => {
    const [end] = await run(system, producer, KIND, textOf('denied', 'Hello'));
    expect(end?.failedReason).toMatch(/^PERMISSION_MISSING: .*conversation:message:receive/);
  });

  test('when the organization has no such integration', async () => {
    const [end] = await run(system, producer, KIND, textOf('elsewhere', 'Hello'));
    expect(end?.failedReason).toMatch(/^NOT_FOUND: open\.message: Genesys Cloud answered 404 not\.found/);
  });

  test('when a producer without a tenants file accepted more than the route can carry', async () => {
    const blind = system.openProducer();
    const [end] = await run(system, blind, KIND, { ...textOf('order', 'a'.repeat(900)), route: 'agentless' });
    expect(end?.failedReason).toMatch(/^CAPABILITY_UNAVAILABLE: body\.content: expected at most 765/);
  });
});

describe('an answer that is lost', () => {
  test('leads to a repetition with the same channel.messageId', async () => {
    const plan = {
      operations: { 'platform.open.message': { errors: [{ status: 504, rate: 1, times: 1 }] } },
    };
    await system.sandbox.inject(plan);
    const [end] = await run(system, producer, KIND, textOf('lost', 'Hello'));
    expect(end).toMatchObject({ state: 'completed', attemptsMade: 2 });

    const requests = await system.sandbox.requests('platform.open.message', 'lost');
    const channelIds = requests.map(
      ({ body }) => (body as { channel: { messageId: string } }).channel.messageId,
    );
    expect(channelIds).toEqual([end?.jobId, end?.jobId]);
    await system.sandbox.inject({});
  });

  test('holds the job if its tenant wants that', async () => {
    const plan = { operations: { 'platform.open.message': { errors: [{ status: 504, rate: 1 }] } } };
    await system.sandbox.inject(plan);
    const [end] = await run(system, producer, KIND, textOf('held', 'Hello'));
    expect(end?.failedReason).toMatch(/^OUTCOME_UNKNOWN: /);
    expect(await system.sandbox.requests('platform.open.message', 'held')).toHaveLength(1);
    await system.sandbox.inject({});
  });
});
