import { describe, expect, test } from 'vitest';
import { classify } from '../../../src/genesys/classify.ts';
import {
  readConversation,
  readMessages,
  sendAgentMessage,
} from '../../../src/genesys/dialects/platform/agent-message.ts';
import { sendAgentless } from '../../../src/genesys/dialects/platform/agentless.ts';
import { readMedia, requestUpload } from '../../../src/genesys/dialects/platform/media.ts';
import { sendOpenMessage } from '../../../src/genesys/dialects/platform/open.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const headers = { get: () => null };

describe('the code of an error body becomes one of ours', () => {
  test.for([
    [400, 'max.length.exceeded', 'CONTENT_REFUSED'],
    [400, 'invalid.webmessaging.text.body', 'CONTENT_REFUSED'],
    [400, 'invalid.whatsapp.address', 'CONTENT_REFUSED'],
    [400, 'invalid.value', 'CONTENT_REFUSED'],
    [400, 'media.too.large', 'CONTENT_REFUSED'],
    [400, 'not.a.client', 'GENESYS_REFUSED'],
    [400, 'not.found', 'NOT_FOUND'],
    [400, 'active.conversation', 'CONFLICT'],
    [400, 'existing.conversation', 'CONFLICT'],
    [409, 'request.conflict', 'CONFLICT'],
    [409, 'organization.outbound.usage.limit.exceeded', 'LIMIT_REACHED'],
    [400, 'conversation.message.limit.exceeded', 'LIMIT_REACHED'],
    [403, 'missing.permissions', 'PERMISSION_MISSING'],
    [429, 'too.many.requests', 'RATE_LIMITED'],
  ] as const)('%i %s → %s', ([status, code, ours]) => {
    for (const operation of [sendOpenMessage, sendAgentless, sendAgentMessage]) {
      expect(classify(operation, { status, headers, body: { code } }, 0).code).toBe(ours);
    }
  });
});

describe('an answer of 2xx', () => {
  test.for([undefined, null, 'text', [], { id: 4, conversationId: {} }])(
    'that is %o is a delivery',
    (answer) => {
      for (const operation of [sendOpenMessage, sendAgentless, sendAgentMessage]) {
        expect(operation.read(answer, 202)).toEqual({ messageId: null });
      }
    },
  );

  test('names the message and its conversation', () => {
    const answer = { id: 'm-1', conversationId: 'c-1', more: true };
    expect(sendOpenMessage.read(answer, 200)).toEqual({ messageId: 'm-1', conversationId: 'c-1' });
  });

  test('to a question may have another shape, and then knows nothing', () => {
    for (const answer of [undefined, {}, { participants: 'none' }, { participants: [{ messages: [{}] }] }]) {
      expect(readConversation.read(answer, 200)).toEqual({ isEnded: false, messages: [] });
    }
    expect(readMessages.read({ entities: [{}, null] }, 200)).toEqual([]);
    expect(readMedia.read({ status: 'of another day' }, 200)).toBe('uploading');
    expect(() => requestUpload.read({ id: 'media-1' }, 200)).toThrow(/uploadUrl/);
  });
});

test('a conversation has ended when its guests have left', () => {
  const of = (...states: string[]) => ({
    participants: [
      ...states.map((state) => ({ purpose: 'customer', state })),
      { purpose: 'agent', state: 'connected' },
    ],
  });
  const isEnded = (answer: unknown) => readConversation.read(answer, 200).isEnded;
  expect(isEnded(of('disconnected'))).toBe(true);
  expect(isEnded(of('terminated', 'disconnected'))).toBe(true);
  expect(isEnded(of('disconnected', 'connected'))).toBe(false);
  expect(isEnded(of('alerting'))).toBe(false);
});

describe('a request', () => {
  const message = {
    integrationId: 'a/b',
    guestId: 'g',
    idType: 'Opaque',
    messageId: 'j1',
    text: 'Hello',
    prefetchConversationId: true,
  };

  test('escapes the ids of its path', () => {
    expect(sendOpenMessage.path(message)).toBe(
      '/api/v2/conversations/messages/a%2Fb/inbound/open/message?prefetchConversationId=true',
    );
    const communication = { conversationId: 'c?', communicationId: '../d', text: '', mediaIds: [] };
    expect(sendAgentMessage.path(communication)).toBe(
      '/api/v2/conversations/messages/c%3F/communications/..%2Fd/messages',
    );
  });

  test('has the time of the request', () => {
    expect(sendOpenMessage.body(message, NOW)).toEqual({
      channel: { from: { id: 'g', idType: 'Opaque' }, time: '2026-03-01T12:00:00.000Z', messageId: 'j1' },
      text: 'Hello',
    });
  });

  test.for([
    ['my photo #1.png', 'my_photo__1.png'],
    ['.hidden.png', '_hidden.png'],
    ['größe.png', 'größe.png'],
    ['{a}~b^c%.png', '_a__b_c_.png'],
  ])('for an upload names %s as %s', ([fileName, name]) => {
    const media = { conversationId: 'c', communicationId: 'd', fileName: fileName as string, sizeBytes: 3 };
    expect(requestUpload.body(media, NOW)).toEqual({ fileName: name, contentLengthBytes: 3 });
  });
});
