import { z } from 'zod';
import { checked } from '../../../core/checked.ts';
import type { Operation, Permissions } from '../../operation.ts';
import { genesysId } from '../../read-answer.ts';
import { MESSAGE_CODES, readSent, type Sent } from './sent.ts';

/** The part of an agent or a bot in a live conversation. */
export interface Communication {
  readonly conversationId: string;
  readonly communicationId: string;
}

export interface AgentMessage extends Communication {
  readonly text: string;
  readonly mediaIds: readonly string[];
}

/** A conversation, as far as a worker asks about it. */
export interface ReadConversation {
  /** Whether its guest has left, so that it takes no more messages. */
  readonly isEnded: boolean;
  /** Its messages that name their time. */
  readonly messages: readonly { readonly id: string; readonly timeMs: number }[];
}

/** A message, as far as a worker compares it with its own. */
export interface ReadMessage {
  readonly id: string;
  readonly isOutbound: boolean;
  readonly text: string;
  /** The files of its attachments. */
  readonly mediaIds: readonly string[];
}

const SEND: Permissions = {
  names: ['conversation:message:create', 'conversation:webmessaging:create'],
  any: true,
};
const VIEW: Permissions = {
  names: ['conversation:message:view', 'conversation:webmessaging:view'],
  any: true,
};

/** The path of the messages of a communication. */
export function communicationPath({ conversationId, communicationId }: Communication): string {
  const [conversation, communication] = [conversationId, communicationId].map(encodeURIComponent);
  return `/api/v2/conversations/messages/${conversation}/communications/${communication}/messages`;
}

/** Sends a message of an agent into a live conversation (docs/platform.md#conversation). */
export const sendAgentMessage: Operation<AgentMessage, Sent> = {
  name: 'conversation.message',
  method: 'POST',
  isHot: true,
  permissions: SEND,
  codes: MESSAGE_CODES,
  path: communicationPath,
  body: ({ text, mediaIds }) => ({ textBody: text, ...(mediaIds.length > 0 && { mediaIds }) }),
  read: readSent,
};

const participant = z.looseObject({
  purpose: z.string().optional().catch(undefined),
  state: z.string().optional().catch(undefined),
  messages: z.array(z.unknown()).catch([]),
});
const reference = z.looseObject({ messageId: genesysId, messageTime: z.string() });
const conversationSchema = z.looseObject({ participants: z.array(participant).catch([]) });

/** Reads a conversation: whether it goes on, and which messages it has. */
export const readConversation: Operation<{ conversationId: string }, ReadConversation> = {
  name: 'conversation.read',
  method: 'GET',
  permissions: { names: [] },
  path: ({ conversationId }) => `/api/v2/conversations/messages/${encodeURIComponent(conversationId)}`,
  body: () => undefined,
  read(answer) {
    const parsed = checked(conversationSchema, answer);
    const participants = parsed.ok ? parsed.data.participants : [];
    const guests = participants.filter(({ purpose }) => purpose === 'customer' || purpose === 'external');
    return {
      isEnded:
        guests.length > 0 && guests.every(({ state }) => state === 'disconnected' || state === 'terminated'),
      messages: participants.flatMap(({ messages }) => messages.flatMap(referenceOf)),
    };
  },
};

function referenceOf(entry: unknown): { id: string; timeMs: number }[] {
  const parsed = checked(reference, entry);
  const timeMs = parsed.ok ? Date.parse(parsed.data.messageTime) : Number.NaN;
  return parsed.ok && !Number.isNaN(timeMs) ? [{ id: parsed.data.messageId, timeMs }] : [];
}

const normalized = z.looseObject({
  text: z.string().optional().catch(undefined),
  content: z.array(z.unknown()).catch([]),
});
const messageSchema = z.looseObject({
  id: genesysId,
  direction: z.string().optional().catch(undefined),
  normalizedMessage: normalized.optional().catch(undefined),
});
const file = z.looseObject({ attachment: z.looseObject({ id: genesysId }) });
const listSchema = z.looseObject({ entities: z.array(z.unknown()).catch([]) });

/** Reads messages of a conversation: at most 1,000 ids. */
export const readMessages: Operation<{ conversationId: string; ids: readonly string[] }, ReadMessage[]> = {
  name: 'conversation.messages',
  method: 'POST',
  isQuery: true,
  permissions: VIEW,
  path: ({ conversationId }) =>
    `/api/v2/conversations/messages/${encodeURIComponent(conversationId)}/messages/bulk`,
  body: ({ ids }) => ids,
  read(answer) {
    const parsed = checked(listSchema, answer);
    return parsed.ok ? parsed.data.entities.flatMap(messageOf) : [];
  },
};

function messageOf(entry: unknown): ReadMessage[] {
  const parsed = checked(messageSchema, entry);
  if (!parsed.ok) return [];
  const { id, direction, normalizedMessage } = parsed.data;
  const mediaIds = (normalizedMessage?.content ?? []).flatMap((part) => {
    const held = checked(file, part);
    return held.ok ? [held.data.attachment.id] : [];
  });
  return [{ id, isOutbound: direction === 'outbound', text: normalizedMessage?.text ?? '', mediaIds }];
}
