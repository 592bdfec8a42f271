import type { Conversation, StoredMessage } from '../messages/conversations.ts';
import { disconnect } from './conversation.ts';
import { structuredMessage } from './frames.ts';
import { keep, outboundBody } from './messages.ts';
import type { MessageBody, Session } from './model.ts';
import { fanOut, findSession } from './sessions.ts';
import type { ChannelState } from './state.ts';

/**
 * Brings to guests what clients of the API do: a message to a guest becomes a frame, and the end of a
 * conversation a disconnect.
 * @returns a function that ends this
 */
export function listenToApi(state: ChannelState): () => void {
  return state.platform().conversations.listen({
    added(conversation, message) {
      // A message without a client is of the channel, which has sent it already.
      if (message.clientId === undefined || message.direction !== 'outbound') return;
      const session = sessionOf(state, conversation);
      if (session === undefined) return;
      const body = bodyOf(state, message);
      keep(state, session, body, { conversationId: conversation.id, tracingId: null, connectionId: null });
      fanOut(state, session, structuredMessage(body, undefined));
    },
    ended(conversation) {
      const session = sessionOf(state, conversation);
      if (session?.conversationId !== conversation.id || session.disconnectedAtMs !== undefined) return;
      disconnect(state, session, 'Human');
    },
  });
}

/** The session of a conversation, as long as the guest can read it. */
function sessionOf(state: ChannelState, conversation: Conversation): Session | undefined {
  const { messengerType, organizationAddress, customerAddress } = conversation;
  if (messengerType !== 'webmessaging') return undefined;
  const session = findSession(state, organizationAddress, customerAddress);
  return session?.state === 'open' || session?.state === 'read-only' ? session : undefined;
}

function bodyOf(state: ChannelState, message: StoredMessage): MessageBody {
  const { id, type, text, content = [], timestamp, originatingEntity } = message;
  const shown = {
    type: type === 'Structured' ? ('Structured' as const) : ('Text' as const),
    text,
    content: content.map(contentOf),
  };
  const body = outboundBody(state, shown, originatingEntity);
  return { ...body, id, channel: { ...body.channel, time: timestamp } };
}

/** A file has an address for the guest. The sandbox keeps no bytes of it, so the address leads nowhere. */
function contentOf(item: object): object {
  const { attachment } = item as { attachment?: Record<string, unknown> };
  if (attachment === undefined) return item;
  const { contentSizeBytes: fileSize, ...rest } = attachment;
  const url = `https://files.sandbox.invalid/${String(rest['id'])}`;
  return { ...item, attachment: { ...rest, fileSize, url } };
}
