import { describe, expect, test } from 'vitest';
import type { Thread } from '../../src/sandbox/platform/control/threads.ts';
import { activeDeployment, channel, INTEGRATION, liveConversation } from './bodies.ts';
import { CLIENT, failureOf, openStage, type Stage, TENANT } from './sdk.ts';

const EARLIER = '2026-03-01T11:00:00.000Z';

describe('a message of a guest', () => {
  test('starts a conversation, which later ones join', async () => {
    const stage = await openStage();
    const first = await say(stage, 'm-1', 'Hello', { prefetchConversationId: true });
    expect(first).toEqual({
      id: expect.any(String),
      channel: {
        id: expect.any(String),
        platform: 'Open',
        type: 'Private',
        messageId: 'm-1',
        to: { id: INTEGRATION, idType: 'Opaque' },
        from: channel('m-1').from,
        time: channel('m-1').time,
      },
      type: 'Text',
      text: 'Hello',
      conversationId: expect.any(String),
    });
    const second = await say(stage, 'm-2', 'Are you there?');
    expect(second.conversationId).toBeUndefined();
    const [thread, ...others] = await threads(stage);
    expect(others).toEqual([]);
    expect(thread).toMatchObject({
      conversationId: first.conversationId,
      messengerType: 'open',
      isLive: true,
      messages: [{ text: 'Hello' }, { text: 'Are you there?', providerMessageId: 'm-2' }],
    });
  });

  test('is stored again under the same messageId, and counted as a duplicate', async () => {
    const stage = await openStage();
    for (const text of ['Hello', 'Hello']) await say(stage, 'm-1', text);
    await say(stage, 'm-2', 'late', {}, EARLIER);
    expect(await threads(stage)).toMatchObject([
      { repeatedMessageIds: 1, outOfOrder: 1, messages: [{}, {}, {}] },
    ]);
    expect(stage.sandbox.stats()).toMatchObject({ accepted: 3, duplicates: 1 });
  });

  test('changes nothing under a known messageId, if a setting says so', async () => {
    const stage = await openStage({ platform: { messages: { detectsRepeatedMessageIds: true } } });
    const first = await say(stage, 'm-1', 'Hello');
    expect(await say(stage, 'm-1', 'Hello')).toEqual(first);
    expect(await threads(stage)).toMatchObject([{ repeatedMessageIds: 0, messages: [{ text: 'Hello' }] }]);
    expect(stage.sandbox.stats()).toMatchObject({ accepted: 2, duplicates: 1 });
  });

  test('can have one attachment', async () => {
    const stage = await openStage();
    const attachment = { mediaType: 'Image', url: 'https://cdn.example/a.png', mime: 'image/png' };
    const send = (content: object[]) =>
      stage.conversations.postConversationsMessageInboundOpenMessage(INTEGRATION, {
        channel: channel('m-1'),
        content: content as { attachment: typeof attachment }[],
      });
    expect(await send([{ attachment }])).toMatchObject({
      content: [{ contentType: 'Attachment', attachment }],
    });
    expect(await failureOf(send([{ attachment }, { attachment }]))).toMatchObject({
      status: 400,
      code: 'constraint.validation',
    });
  });

  test.each([
    ['no time', { channel: { ...channel('m-1'), time: undefined } }, 'missing.open.channel.date'],
    ['no date', { channel: { ...channel('m-1'), time: 'today' } }, 'invalid.date'],
    [
      'an unknown idType',
      { channel: { ...channel('m-1'), from: { id: 'g', idType: 'Guest' } } },
      'invalid.value',
    ],
    ['neither text nor content', { text: '' }, 'constraint.validation'],
    ['a text of 4097 characters', { text: '😀'.repeat(4097) }, 'max.length.exceeded'],
    ['an unknown field', { body: 'Hello' }, 'invalid.property'],
  ])('is refused with %s', async (_case, fields, code) => {
    const stage = await openStage();
    const body = { channel: channel('m-1'), text: 'Hello', ...fields } as {
      channel: ReturnType<typeof channel>;
    };
    const send = stage.conversations.postConversationsMessageInboundOpenMessage(INTEGRATION, body);
    expect(await failureOf(send)).toMatchObject({ status: 400, code });
    expect(await threads(stage)).toEqual([]);
  });

  test('may have as many characters as the limit, however many bytes they take', async () => {
    const stage = await openStage();
    await say(stage, 'm-1', '😀'.repeat(4096));
    await stage.sandbox.platform('PUT', '/settings', { messages: { characterUnit: 'utf-16' } });
    expect(await failureOf(say(stage, 'm-2', '😀'.repeat(4096)))).toMatchObject({
      code: 'max.length.exceeded',
    });
  });

  test('is 404 at an integration that does not exist', async () => {
    const { conversations } = await openStage();
    const body = { channel: channel('m-1'), text: 'Hello' };
    const send = conversations.postConversationsMessageInboundOpenMessage('nothing', body);
    expect(await failureOf(send)).toMatchObject({ status: 404 });
  });

  test('is refused to the token of a user', async () => {
    const stage = await openStage({ platform: { login: { userClients: [CLIENT.clientId] } } });
    expect(await failureOf(say(stage, 'm-1', 'Hello'))).toMatchObject({ status: 400, code: 'not.a.client' });
  });

  test('starts another conversation after the end of the first', async () => {
    const stage = await openStage();
    const first = await say(stage, 'm-1', 'Hello', { prefetchConversationId: true });
    await stage.sandbox.platform('POST', '/conversations/end', {
      tenant: TENANT,
      conversationId: first.conversationId,
    });
    await say(stage, 'm-2', 'Hello again');
    expect((await threads(stage)).map(({ isLive }) => isLive)).toEqual([false, true]);
  });
});

test("a guest's click, typing and receipts are stored beside the texts", async () => {
  const stage = await openStage();
  const { conversations } = stage;
  const { from, time } = channel('m-1');
  const click = await conversations.postConversationsMessageInboundOpenStructuredResponse(INTEGRATION, {
    channel: channel('m-1'),
    buttonResponse: { type: 'Button', text: 'Yes', payload: 'yes' },
    originatingMessageId: 'card-1',
  });
  expect(click).toMatchObject({
    type: 'Structured',
    direction: 'Inbound',
    content: [{ contentType: 'ButtonResponse', buttonResponse: { payload: 'yes' } }],
  });
  const events = [{ eventType: 'Typing', typing: { type: 'On', duration: 1000 } }];
  await conversations.postConversationsMessageInboundOpenEvent(INTEGRATION, {
    channel: { from, time },
    events,
  });
  const receipt = { id: 'unknown', channel: { to: { id: from.id }, time }, status: 'Failed' };
  expect(
    await conversations.postConversationsMessageInboundOpenReceipt(INTEGRATION, {
      ...receipt,
      reasons: [{ code: 'MessageExpired', message: 'too late' }],
    }),
  ).toMatchObject({ id: 'unknown', type: 'Receipt', status: 'Failed' });
  expect((await threads(stage))[0]?.messages.map(({ type }) => type)).toEqual([
    'Structured',
    'Event',
    'Receipt',
  ]);
  const unread = conversations.postConversationsMessageInboundOpenReceipt(INTEGRATION, {
    ...receipt,
    status: 'Read',
  });
  expect(await failureOf(unread)).toMatchObject({ code: 'invalid.value' });
});

describe('an agentless message', () => {
  test('makes a conversation of its own, which is over', async () => {
    const stage = await openStage();
    const answer = await sendAgentless(stage, {});
    expect(answer).toMatchObject({
      fromAddress: INTEGRATION,
      toAddress: 'guest-1',
      messengerType: 'open',
      useExistingActiveConversation: false,
      message: {
        id: answer.id,
        direction: 'outbound',
        status: 'queued',
        normalizedMessage: { type: 'Text', text: 'Hello' },
      },
    });
    expect(await threads(stage)).toMatchObject([{ conversationId: answer.conversationId, isLive: false }]);
  });

  test('joins a live conversation only if it says so', async () => {
    const stage = await openStage();
    const { conversationId } = await liveConversation(stage);
    expect(await failureOf(sendAgentless(stage, {}))).toMatchObject({
      status: 400,
      code: 'active.conversation',
    });
    const answer = await sendAgentless(stage, { useExistingActiveConversation: true });
    expect(answer).toMatchObject({ conversationId, useExistingActiveConversation: true });
    expect(await threads(stage)).toMatchObject([{ conversationId, isLive: true, messages: [{}] }]);
  });

  test('goes to webmessaging from a deployment', async () => {
    const stage = await openStage();
    const web = { toAddressMessengerType: 'webmessaging', fromAddress: await activeDeployment(stage) };
    await sendAgentless(stage, { ...web, textBody: 'x'.repeat(3999) });
    for (const textBody of ['', 'x'.repeat(4000)]) {
      expect(await failureOf(sendAgentless(stage, { ...web, textBody }))).toMatchObject({
        status: 400,
        code: 'invalid.webmessaging.text.body',
      });
    }
    expect(await failureOf(sendAgentless(stage, { ...web, fromAddress: 'nothing' }))).toMatchObject({
      status: 404,
    });
  });

  test.each([
    [
      'an SMS of 766 characters',
      { toAddressMessengerType: 'sms', textBody: 'ä'.repeat(766) },
      'max.length.exceeded',
    ],
    ['a text of 2001 characters', { textBody: 'ä'.repeat(2001) }, 'max.length.exceeded'],
    ['no text', { textBody: undefined }, 'constraint.validation'],
    ['an unknown messenger', { toAddressMessengerType: 'fax' }, 'invalid.value'],
    ['no address', { toAddress: undefined }, 'constraint.validation'],
    [
      'an address that is no number, to WhatsApp',
      { toAddressMessengerType: 'whatsapp' },
      'invalid.whatsapp.address',
    ],
  ])('is refused with %s', async (_case, fields, code) => {
    expect(await failureOf(sendAgentless(await openStage(), fields))).toMatchObject({ status: 400, code });
  });

  test('is refused above what the organization may send', async () => {
    const stage = await openStage({ platform: { messages: { maxOutbound: 1 } } });
    await sendAgentless(stage, {});
    expect(await failureOf(sendAgentless(stage, {}))).toMatchObject({
      status: 409,
      code: 'organization.outbound.usage.limit.exceeded',
    });
  });

  test('is answered 202 without a body, if a setting says so', async () => {
    const stage = await openStage({ platform: { messages: { answersAccepted: true } } });
    expect(await sendAgentless(stage, {})).toBeFalsy();
    expect(await threads(stage)).toMatchObject([{ messages: [{ text: 'Hello' }] }]);
  });
});

describe('a message of an agent', () => {
  test('is stored in its conversation, and can be read', async () => {
    const stage = await openStage();
    const live = await liveConversation(stage);
    const sent = await sendAsAgent(stage, live, { textBody: 'Hello' });
    const { id = '', conversationId = '' } = sent;
    expect(sent).toMatchObject({
      conversationId: live.conversationId,
      direction: 'outbound',
      messengerType: 'open',
      toAddress: 'guest-1',
      normalizedMessage: { text: 'Hello', direction: 'Outbound' },
    });
    const { conversations } = stage;
    expect(await conversations.getConversationsMessageDetails(id)).toEqual(sent);
    expect(await conversations.getConversationsMessageMessage(conversationId, id)).toEqual(sent);
    const bulk = { body: [id, 'unknown'] };
    expect(await conversations.postConversationsMessageMessagesBulk(conversationId, bulk)).toEqual({
      entities: [sent],
    });
    const { participants } = await conversations.getConversationsMessage(conversationId);
    expect(participants).toMatchObject([
      { purpose: 'customer', state: 'connected', type: 'open', messages: [] },
      { purpose: 'agent', state: 'connected', messages: [{ messageId: id, messageStatus: 'queued' }] },
    ]);
  });

  test.each([400, 404, 409] as const)(
    'is refused with %i after the end, as a setting says',
    async (status) => {
      const stage = await openStage({ platform: { messages: { endedConversationStatus: status } } });
      const live = await liveConversation(stage);
      await stage.sandbox.platform('POST', '/conversations/end', {
        tenant: TENANT,
        conversationId: live.conversationId,
      });
      expect(await failureOf(sendAsAgent(stage, live, { textBody: 'Hello' }))).toMatchObject({ status });
      const { participants } = await stage.conversations.getConversationsMessage(live.conversationId);
      expect(participants?.map(({ state }) => state)).toEqual(['disconnected', 'disconnected']);
    },
  );

  test('is refused with an unknown communication, a long text, nothing, and in a full conversation', async () => {
    const stage = await openStage({ platform: { messages: { maxPerConversation: 1 } } });
    const live = await liveConversation(stage);
    const codeOf = async (body: object, communicationId = live.communicationId) =>
      (await failureOf(sendAsAgent(stage, { ...live, communicationId }, body))).code;
    expect(await codeOf({ textBody: 'Hello' }, 'nothing')).toBe('not.found');
    expect(await codeOf({ textBody: 'x'.repeat(2001) })).toBe('max.length.exceeded');
    expect(await codeOf({})).toBe('constraint.validation');
    expect(await codeOf({ textBody: 'Hello', mediaIds: ['nothing'] })).toBe('not.found');
    await sendAsAgent(stage, live, { textBody: 'Hello' });
    expect(await codeOf({ textBody: 'Hello' })).toBe('conversation.message.limit.exceeded');
  });

  test('is limited to 765 characters in an SMS', async () => {
    const stage = await openStage();
    const live = await liveConversation(stage, { messengerType: 'sms', organizationAddress: '+4930123456' });
    await sendAsAgent(stage, live, { textBody: 'x'.repeat(765) });
    expect(await failureOf(sendAsAgent(stage, live, { textBody: 'x'.repeat(766) }))).toMatchObject({
      code: 'max.length.exceeded',
    });
  });
});

test('an unknown conversation and an unknown message are 404', async () => {
  const { conversations } = await openStage();
  expect(await failureOf(conversations.getConversationsMessage('nothing'))).toMatchObject({
    code: 'conversation.error.conversation.not.found',
  });
  expect(await failureOf(conversations.getConversationsMessageDetails('nothing'))).toMatchObject({
    code: 'not.found',
  });
});

test('the integrations are those of the settings', async () => {
  const integrations = [
    { id: 'open-1', name: 'Open', messengerType: 'open' as const },
    { id: 'apple-1', name: 'Apple', messengerType: 'apple' as const },
  ];
  const { conversations } = await openStage({ platform: { messages: { integrations } } });
  const page = { pageSize: 1, pageNumber: 2 };
  expect(await conversations.getConversationsMessagingIntegrations(page)).toMatchObject({
    entities: [{ id: 'apple-1', messengerType: 'apple', version: 1 }],
    total: 2,
    pageCount: 2,
    pageNumber: 2,
  });
  expect(await conversations.getConversationsMessagingIntegrationsOpen()).toMatchObject({
    entities: [{ id: 'open-1', createStatus: 'Completed' }],
  });
  const read = conversations.getConversationsMessagingIntegrationsOpenIntegrationId('apple-1');
  expect(await failureOf(read)).toMatchObject({ status: 404 });
});

function say(stage: Stage, messageId: string, text: string, options = {}, time?: string) {
  const body = { channel: channel(messageId, time), text };
  return stage.conversations.postConversationsMessageInboundOpenMessage(INTEGRATION, body, options);
}

function sendAgentless({ conversations }: Stage, fields: object) {
  return conversations.postConversationsMessagesAgentless({
    fromAddress: INTEGRATION,
    toAddress: 'guest-1',
    toAddressMessengerType: 'open',
    textBody: 'Hello',
    ...fields,
  });
}

function sendAsAgent(
  { conversations }: Stage,
  { conversationId, communicationId }: { conversationId: string; communicationId: string },
  body: object,
) {
  return conversations.postConversationsMessageCommunicationMessages(
    conversationId,
    communicationId,
    body as { textBody: string },
  );
}

async function threads({ sandbox }: Stage): Promise<Thread[]> {
  return (await sandbox.platform('GET', `/messages?tenant=${TENANT}`)) as Thread[];
}
