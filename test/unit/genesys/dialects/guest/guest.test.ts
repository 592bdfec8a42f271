import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guest } from '../../../../../src/genesys/dialects/guest/guest.ts';
import type { MessageTransmission } from '../../../../../src/jobs/message-transmission.ts';
import { guideCard } from '../../../../support/guides/card.ts';
import { guideAnswer, message as guideJob, guideMessage } from '../../../../support/guides/message.ts';

const { sendMessage, sendCard, readSession } = guest;
const SENT_AT = new Date('2024-01-15T10:30:00Z');

/** The message of the guide, with its defaults filled in. */
const message: MessageTransmission = {
  ...guideJob(),
  attachments: [],
  readReceipt: true,
  split: false,
};

describe('sending a message', () => {
  test('uses the documented address and scope', () => {
    expect(sendMessage).toMatchObject({ method: 'POST', scope: 'messaging:conversation:write' });
    expect(sendMessage.path(message)).toBe('/api/v2/conversations/messaging/messages');
    expect(guest.login.scopes).toContain('messaging:conversation:write');
  });

  test('has exactly the documented body', () => {
    expect(sendMessage.body(message, SENT_AT)).toEqual({
      ...guideMessage,
      metadata: { readReceipt: true, transmissionTimestamp: SENT_AT.toISOString() },
    });
  });

  test('names its attachments as documented', () => {
    const attachments = [
      { contentType: 'image/png', url: 'https://a.example/1', fileName: 'a.png', sizeBytes: 1024 } as const,
      {
        contentType: 'application/pdf',
        url: 'https://a.example/2',
        fileName: 'b.pdf',
        sizeBytes: 7,
      } as const,
    ];
    expect(sendMessage.body({ ...message, attachments }, SENT_AT)).toHaveProperty('attachments', [
      { contentType: 'image/png', url: 'https://a.example/1', fileName: 'a.png', size: 1024 },
      { contentType: 'application/pdf', url: 'https://a.example/2', fileName: 'b.pdf', size: 7 },
    ]);
  });

  test('leaves out our own fields', () => {
    const ours = {
      idempotencyKey: 'order-42',
      callback: { url: 'https://events.example.com' },
      priority: 'urgent',
      expiresAt: '2026-03-01T09:30:00Z',
    } as const;
    expect(sendMessage.body({ ...message, ...ours }, SENT_AT)).toEqual(sendMessage.body(message, SENT_AT));
  });

  test('asks for a read receipt if the job does', () => {
    expect(sendMessage.body({ ...message, readReceipt: false }, SENT_AT)).toHaveProperty(
      'metadata.readReceipt',
      false,
    );
  });
});

describe('sending a card', () => {
  const addressed = { conversationId: 'conv-def-456', card: guideCard };

  test('uses the documented address and scope', () => {
    expect(sendCard).toMatchObject({ name: 'card.send', method: 'POST', scope: 'webchat:guest:write' });
    expect(sendCard.path(addressed)).toBe('/api/v2/guest/conversations/webchat/messages');
    expect(guest.login.scopes).toContain('webchat:guest:write');
  });

  test('has the documented headers', () => {
    expect(sendCard.headers?.(addressed)).toEqual({
      'cache-control': 'no-cache, no-store, must-revalidate',
      pragma: 'no-cache',
    });
  });

  test('has exactly the documented body', () => {
    expect(sendCard.body(addressed, SENT_AT)).toEqual({
      conversationId: 'conv-def-456',
      message: { type: 'webchat', card: guideCard },
    });
  });
});

describe('the answer to a message', () => {
  test('gives the id, in the documented form', () => {
    expect(sendMessage.read(guideAnswer, 200)).toEqual({ messageId: guideAnswer.id });
  });

  test.for([undefined, null, '', '<html>', {}, { id: null }, { id: 7 }, { id: '' }, { id: 'a'.repeat(201) }])(
    'gives null without an id, and is no failure: %j',
    (answer) => {
      expect(sendMessage.read(answer, 200)).toEqual({ messageId: null });
    },
  );

  test('of any shape is no failure, because the message was accepted', () => {
    fc.assert(
      fc.property(fc.anything(), (answer) => {
        expect(() => sendMessage.read(answer, 200)).not.toThrow();
        expect(() => sendCard.read(answer, 200)).not.toThrow();
        expect(() => readSession.read(answer, 200)).not.toThrow();
      }),
    );
  });
});

describe('a session', () => {
  test('is read by its id, without a body', () => {
    expect(readSession).toMatchObject({ method: 'GET', scope: 'messaging:conversation:read' });
    expect(readSession.body({ sessionId: 'conv-def-456' }, SENT_AT)).toBeUndefined();
    expect(readSession.path({ sessionId: 'conv-def-456' })).toBe(
      '/api/v2/conversations/webchat/sessions/conv-def-456',
    );
    expect(guest.login.scopes).toContain('messaging:conversation:read');
  });

  test.for(['a/b', '../messages', 'a?b=c', 'a#b', 'a%2fb', 'ü', '...'])(
    'is read below the path of sessions, with any id: %s',
    (sessionId) => {
      const url = new URL(readSession.path({ sessionId }), 'https://api.example');
      const [session, ...rest] = url.pathname
        .replace('/api/v2/conversations/webchat/sessions/', '')
        .split('/');
      expect(decodeURIComponent(session ?? '')).toBe(sessionId);
      expect([rest, url.search, url.hash]).toEqual([[], '', '']);
    },
  );

  test('is open only if it is active', () => {
    expect(readSession.read({ status: 'active' }, 200)).toEqual({ open: true });
    for (const answer of [{ status: 'disconnected' }, { status: 'ACTIVE' }, {}, undefined, 'active']) {
      expect(readSession.read(answer, 200)).toEqual({ open: false });
    }
  });
});
