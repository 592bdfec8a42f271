import { z } from 'zod';
import { checked } from '../../../core/checked.ts';
import type { MessageTransmission } from '../../../jobs/message-transmission.ts';
import type { ScopedOperation } from '../../operation.ts';
import { idIn } from '../../read-answer.ts';
import type { Dialect } from '../dialect.ts';
import { queryAudit } from './audit.ts';
import { readConfiguration, writeConfiguration } from './configuration.ts';
import { createDeployment, listDeployments, readDeployment, updateDeployment } from './deployment.ts';
import { readReplication, replicate } from './replication.ts';
import type { AddressedCard, SentMessage, Session } from './shapes.ts';
import { readWidget, widgetScriptPath } from './widget.ts';

const WRITE = 'messaging:conversation:write';
const READ = 'messaging:conversation:read';
const WRITE_CARDS = 'webchat:guest:write';
/** Scopes that embedding needs besides that of `readWidget` (docs/guides.md#read-a-widget). */
const SCOPES_OF_EMBEDDING = ['openid', 'profile', 'email'];

const session = z.looseObject({ status: z.string() });

/** Sends a message (docs/guides.md#send-a-message). */
const sendMessage: ScopedOperation<MessageTransmission, SentMessage> = {
  name: 'message.send',
  method: 'POST',
  isHot: true,
  scope: WRITE,
  path: () => '/api/v2/conversations/messaging/messages',
  body: (message, now) => ({
    from: { id: message.guestId, type: 'user' },
    to: { id: message.conversationId, type: 'conversation' },
    body: { contentType: message.body.contentType, content: message.body.content },
    metadata: { readReceipt: message.readReceipt, transmissionTimestamp: now.toISOString() },
    ...(message.attachments.length > 0 && {
      attachments: message.attachments.map(({ contentType, url, fileName, sizeBytes }) => ({
        contentType,
        url,
        fileName,
        size: sizeBytes,
      })),
    }),
  }),
  read: readSentMessage,
};

/** Sends a card (docs/guides.md#send-a-card). */
const sendCard: ScopedOperation<AddressedCard, SentMessage> = {
  name: 'card.send',
  method: 'POST',
  isHot: true,
  scope: WRITE_CARDS,
  headers: () => ({ 'cache-control': 'no-cache, no-store, must-revalidate', pragma: 'no-cache' }),
  path: () => '/api/v2/guest/conversations/webchat/messages',
  body: ({ conversationId, card }) => ({ conversationId, message: { type: 'webchat', card } }),
  read: readSentMessage,
};

/** Reads a session, to find out whether it has ended (docs/guides.md#read-a-session). */
const readSession: ScopedOperation<{ sessionId: string }, Session> = {
  name: 'session.read',
  method: 'GET',
  scope: READ,
  path: ({ sessionId }) => `/api/v2/conversations/webchat/sessions/${encodeURIComponent(sessionId)}`,
  body: () => undefined,
  read(answer) {
    const parsed = checked(session, answer);
    return { open: parsed.ok && parsed.data.status === 'active' };
  },
};

/** All operations of docs/guides.md, and how its login host is asked for tokens. */
export const guest = {
  login: {
    scopes: [
      WRITE,
      READ,
      WRITE_CARDS,
      readWidget.scope,
      ...SCOPES_OF_EMBEDDING,
      readConfiguration.scope,
      writeConfiguration.scope,
      queryAudit.scope,
      readDeployment.scope,
      updateDeployment.scope,
    ],
    credentials: 'form',
    // As most authorization servers have it. If the token ends earlier, Genesys Cloud refuses it,
    // and a new one is fetched.
    usualLifeMs: 3_600_000,
  },
  maxBodyBytes: null,
  jobHeaders: ({ requestId, sequence }) => ({
    'x-genesys-request-id': requestId,
    ...(sequence !== undefined && { 'x-conversation-sequence': String(sequence) }),
  }),
  sendMessage,
  sendCard,
  readSession,
  readWidget,
  widgetScriptPath,
  readConfiguration,
  writeConfiguration,
  replicate,
  readReplication,
  queryAudit,
  listDeployments,
  readDeployment,
  createDeployment,
  updateDeployment,
} satisfies Dialect & Record<string, unknown>;

function readSentMessage(answer: unknown): SentMessage {
  return { messageId: idIn(answer) };
}
