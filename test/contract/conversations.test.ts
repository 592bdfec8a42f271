import { expect, test } from 'vitest';
import { channel, INTEGRATION, liveConversation } from './bodies.ts';
import { CLIENT, failureOf, openStage, TENANT } from './sdk.ts';

test('a conversation gives the communication into which an agent sends', async () => {
  const stage = await openStage();
  const { conversations } = stage;
  const { conversationId = '' } = await conversations.postConversationsMessageInboundOpenMessage(
    INTEGRATION,
    { channel: channel('m-1'), text: 'Hello' },
    { prefetchConversationId: true },
  );
  await stage.sandbox.platform('POST', '/conversations/agent', { tenant: TENANT, conversationId });

  const conversation = await conversations.getConversation(conversationId);
  expect(conversation).toMatchObject({
    id: conversationId,
    startTime: '2026-03-01T12:00:00.000Z',
    selfUri: `/api/v2/conversations/${conversationId}`,
  });
  expect(conversation.endTime).toBeUndefined();
  const [customer, agent, ...others] = conversation.participants;
  expect(others).toEqual([]);
  expect(customer).toMatchObject({
    purpose: 'customer',
    messages: [
      {
        state: 'connected',
        direction: 'inbound',
        type: 'open',
        fromAddress: { addressNormalized: 'guest-1' },
        toAddress: { addressNormalized: INTEGRATION },
        messages: [{ messageStatus: 'received' }],
      },
    ],
  });
  const communicationId = agent?.messages?.[0]?.id ?? '';
  const sent = await conversations.postConversationsMessageCommunicationMessages(
    conversationId,
    communicationId,
    { textBody: 'How can I help?' },
  );

  const later = await conversations.getConversation(conversationId);
  expect(later.participants[1]).toMatchObject({
    purpose: 'agent',
    messages: [{ id: communicationId, messages: [{ messageId: sent.id }] }],
  });
  const { participants = [] } = await conversations.getConversationsMessage(conversationId);
  expect(participants.map(({ id, purpose }) => ({ id, purpose }))).toEqual(
    later.participants.map(({ id, purpose }) => ({ id, purpose })),
  );
  expect(participants[1]).toMatchObject({
    state: 'connected',
    startTime: '2026-03-01T12:00:00.000Z',
    held: false,
    messages: [{ messageId: sent.id }],
  });
});

test('an agent joins each new conversation, if a setting says so', async () => {
  const stage = await openStage({ platform: { messages: { agentJoins: 'at-start' } } });
  const { conversationId = '' } = await stage.conversations.postConversationsMessageInboundOpenMessage(
    INTEGRATION,
    { channel: channel('m-1'), text: 'Hello' },
    { prefetchConversationId: true },
  );
  const { participants } = await stage.conversations.getConversation(conversationId);
  expect(participants.map(({ purpose }) => purpose)).toEqual(['customer', 'agent']);
});

test('an ended conversation says when, and that its communications are disconnected', async () => {
  const stage = await openStage();
  const { conversationId } = await liveConversation(stage);
  stage.advance(1000);
  await stage.sandbox.platform('POST', '/conversations/end', { tenant: TENANT, conversationId });
  const conversation = await stage.conversations.getConversation(conversationId);
  expect(conversation.endTime).toBe('2026-03-01T12:00:01.000Z');
  for (const { endTime, messages } of conversation.participants) {
    expect(endTime).toBe('2026-03-01T12:00:01.000Z');
    expect(messages).toMatchObject([{ state: 'disconnected', disconnectedTime: endTime }]);
  }
});

test('a conversation is 404 when it is unknown, and 403 without the permission', async () => {
  const poor = { ...CLIENT, clientId: 'poor', permissions: ['conversation:message:view'] };
  const stage = await openStage({ clients: [CLIENT, poor] });
  expect(await failureOf(stage.conversations.getConversation('nothing'))).toMatchObject({
    status: 404,
    code: 'conversation.error.conversation.not.found',
  });
  const { conversations } = await stage.loginAs(poor);
  const { conversationId } = await liveConversation(stage);
  expect(await failureOf(conversations.getConversation(conversationId))).toMatchObject({
    status: 403,
    messageParams: { permissions: 'conversation:communication:view' },
  });
});
