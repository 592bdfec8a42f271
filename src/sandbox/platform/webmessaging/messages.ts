import { randomBytes, randomUUID } from 'node:crypto';
import type { Conversation } from '../messages/conversations.ts';
import { inboundConversation, outboundConversation, storedMessageOf } from './conversation-store.ts';
import type { Connection, MessageBody, Session, StoredMessage } from './model.ts';
import { extendSession } from './sessions.ts';
import type { ChannelState } from './state.ts';

/** What a guest or an agent contributes to a body. */
export interface Content {
  readonly type: MessageBody['type'];
  readonly text?: string | undefined;
  readonly content?: readonly unknown[];
  readonly events?: readonly unknown[];
  readonly metadata?: Record<string, string> | undefined;
}

/** The body of what a guest sent. */
export function inboundBody(
  state: ChannelState,
  session: Session,
  content: Content,
  {
    attributes,
    messageId,
  }: { attributes?: Record<string, string> | undefined; messageId?: string | undefined },
): MessageBody {
  return {
    ...bodyOf(content),
    direction: 'Inbound',
    channel: {
      time: timeOf(state),
      messageId: messageId ?? randomUUID(),
      ...(attributes && { metadata: { customAttributes: attributes } }),
    },
    metadata: {
      ...metadataOf(content),
      ...(session.user !== undefined && { authenticated: 'true' }),
    },
  };
}

/** The body of what an agent, a bot or the platform sends. */
export function outboundBody(
  state: ChannelState,
  content: Content,
  from: 'Human' | 'Bot' | undefined,
): MessageBody {
  const isHuman = from === 'Human';
  return {
    ...bodyOf(content),
    direction: 'Outbound',
    channel: {
      time: timeOf(state),
      type: 'Private',
      from: isHuman ? { nickname: 'Sam', firstName: 'Sam', lastName: 'Sandbox' } : {},
      ...(isHuman && { messageId: randomUUID() }),
    },
    metadata: metadataOf(content),
    ...(from && { originatingEntity: from }),
  };
}

/** Keeps what a guest sent. The conversation of a late message is a new one. */
export function storeInbound(
  state: ChannelState,
  session: Session,
  connection: Connection,
  body: MessageBody,
  tracingId: string | undefined,
): void {
  const conversation = inboundConversation(state, session);
  session.counters.messagesStored += 1;
  state.onStored(
    session.deploymentId,
    session.log.some((stored) => isRepetition(stored, body, tracingId)),
  );
  keep(state, session, body, {
    conversationId: conversation.id,
    tracingId: tracingId ?? null,
    connectionId: connection.id,
  });
  addTo(state, conversation, body);
}

/** Whether two messages come from the same job: by the id that their sender gave one of them. */
function isRepetition(
  { tracingId: known, body: { metadata } }: StoredMessage,
  body: MessageBody,
  tracingId: string | undefined,
): boolean {
  const { jobId } = body.metadata;
  return jobId === undefined ? tracingId !== undefined && known === tracingId : metadata['jobId'] === jobId;
}

/** Keeps what an agent, a bot or the platform sends. */
export function storeOutbound(state: ChannelState, session: Session, body: MessageBody): void {
  const conversation = outboundConversation(state, session);
  keep(state, session, body, { conversationId: conversation.id, tracingId: null, connectionId: null });
  addTo(state, conversation, body);
}

/** Adds a message to what the guest can read, and to what a test can. The session lives longer. */
export function keep(
  state: ChannelState,
  session: Session,
  body: MessageBody,
  source: Omit<StoredMessage, 'body'>,
): void {
  session.history.push(body);
  session.log.push({ ...source, body });
  extendSession(state, session);
}

function addTo(state: ChannelState, conversation: Conversation, body: MessageBody): void {
  state.platform().conversations.add(conversation, storedMessageOf(body), state.timeline.now());
}

function bodyOf({ type, text, content, events }: Content) {
  return {
    id: randomBytes(16).toString('hex'),
    type,
    ...(text !== undefined && { text }),
    ...(events ? { events } : { content: content ?? [] }),
  };
}

function metadataOf({ metadata }: Content): Record<string, string> {
  return { ...metadata, correlationId: randomUUID() };
}

function timeOf({ timeline }: ChannelState): string {
  return new Date(timeline.now()).toISOString();
}
