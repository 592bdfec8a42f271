import { randomUUID } from 'node:crypto';
import type { Addresses, Conversation, NewMessage } from '../messages/conversations.ts';
import { startOfGuest } from '../messages/open-channel.ts';
import type { MessageBody, Session } from './model.ts';
import type { ChannelState } from './state.ts';

const HOUR_MS = 3_600_000;

/**
 * The conversation of what a guest sends: the live one; or else the one of the session, which goes on
 * within the threading time of its end; or else a new one.
 */
export function inboundConversation(state: ChannelState, session: Session): Conversation {
  const { conversations } = state.platform();
  const live = conversations.live(addressesOf(session));
  if (session.disconnectedAtMs !== undefined) {
    const threadingMs = state.settings.session.threadingHours * HOUR_MS;
    if (state.timeline.now() - session.disconnectedAtMs >= threadingMs) {
      session.conversationId = randomUUID();
    }
    session.disconnectedAtMs = undefined;
  }
  const conversation = live ?? knownConversation(state, session);
  conversations.resume(conversation);
  session.conversationId = conversation.id;
  return conversation;
}

/** The conversation of what an agent or bot says to a guest, also one that has ended. */
export function outboundConversation(state: ChannelState, session: Session): Conversation {
  const live = state.platform().conversations.live(addressesOf(session));
  const conversation = live ?? knownConversation(state, session);
  session.conversationId = conversation.id;
  return conversation;
}

/** Ends the conversation of a session. A session without a message has none. */
export function endConversation(state: ChannelState, { tenant, conversationId }: Session): void {
  const { conversations } = state.platform();
  const conversation = conversations.find(tenant, conversationId);
  if (conversation !== undefined) conversations.end(conversation, state.timeline.now());
}

/** A body of the channel as a message of the store. Both have the same id. */
export function storedMessageOf(body: MessageBody): NewMessage {
  const { id, type, text, content, events, metadata, channel, direction, originatingEntity } = body;
  const isInbound = direction === 'Inbound';
  return {
    id,
    direction: isInbound ? 'inbound' : 'outbound',
    status: isInbound ? 'received' : 'sent',
    type,
    ...(text !== undefined && { text }),
    ...(content && { content: content as object[] }),
    ...(events && { events: events as object[] }),
    metadata,
    sentAt: channel.time,
    ...(channel.messageId !== undefined && { providerMessageId: channel.messageId }),
    ...(originatingEntity && { originatingEntity }),
  };
}

function knownConversation(state: ChannelState, session: Session): Conversation {
  const platform = state.platform();
  const { tenant, conversationId } = session;
  const known = platform.conversations.find(tenant, conversationId);
  return known ?? startOfGuest(platform, addressesOf(session), state.timeline.now(), conversationId);
}

function addressesOf({ tenant, deploymentId, token }: Session): Addresses {
  return {
    tenant,
    messengerType: 'webmessaging',
    organizationAddress: deploymentId,
    customerAddress: token,
  };
}
