import type { MessageEvent } from '../../../jobs/message-event.ts';
import type { Operation } from '../../operation.ts';
import { MESSAGE_CODES, readSent, type Sent } from './sent.ts';

/** A guest of an integration of Open Messaging. */
export interface OpenGuest {
  readonly integrationId: string;
  readonly guestId: string;
  /** What the id of the guest is: `Email`, `Phone` or `Opaque`. */
  readonly idType: string;
}

/** A file that Genesys Cloud fetches from its address. */
export interface OpenFile {
  readonly url: string;
  /** Its media type. */
  readonly contentType: string;
  readonly fileName: string;
}

export interface OpenMessage extends OpenGuest {
  /** The provider's id of the message: the same in every attempt. */
  readonly messageId: string;
  readonly text: string;
  readonly file?: OpenFile | undefined;
  /** Asks for the id of the conversation. */
  readonly prefetchConversationId: boolean;
}

export interface OpenClick extends OpenGuest {
  readonly messageId: string;
  readonly click: NonNullable<MessageEvent['click']>;
}

export interface OpenReceipt extends OpenGuest {
  readonly receipt: NonNullable<MessageEvent['receipt']>;
}

/** What all operations of a guest have in common. */
const INBOUND = {
  method: 'POST',
  permissions: { names: ['conversation:message:receive'] },
  codes: MESSAGE_CODES,
  read: readSent,
} as const;

/** Sends a message of a guest (docs/platform.md#open). */
export const sendOpenMessage: Operation<OpenMessage, Sent> = {
  name: 'open.message',
  ...INBOUND,
  isHot: true,
  path: (message) => `${pathOf(message, 'message')}?prefetchConversationId=${message.prefetchConversationId}`,
  body: ({ messageId, text, file, ...guest }, now) => ({
    channel: { ...channelOf(guest, now), messageId },
    ...(text !== '' && { text }),
    ...(file && { content: [{ attachment: attachmentOf(file) }] }),
  }),
};

const TYPING = { eventType: 'Typing', typing: { type: 'On' } };

/** Reports that a guest writes. */
export const sendOpenTyping: Operation<OpenGuest, Sent> = {
  name: 'open.event',
  ...INBOUND,
  path: (guest) => pathOf(guest, 'event'),
  body: (guest, now) => ({ channel: channelOf(guest, now), events: [TYPING] }),
};

/** Reports what became of a message to a guest. */
export const sendOpenReceipt: Operation<OpenReceipt, Sent> = {
  name: 'open.receipt',
  ...INBOUND,
  path: (guest) => pathOf(guest, 'receipt'),
  body: ({ receipt: { messageId, status, reasons, isFinal }, guestId, idType }, now) => ({
    id: messageId,
    channel: { to: { id: guestId, idType }, time: now.toISOString() },
    status,
    ...(reasons.length > 0 && { reasons }),
    ...(isFinal !== undefined && { isFinalReceipt: isFinal }),
  }),
};

/** Sends a guest's click on a card, a quick reply or a date picker. */
export const sendOpenClick: Operation<OpenClick, Sent> = {
  name: 'open.response',
  ...INBOUND,
  path: (guest) => pathOf(guest, 'structured/response'),
  body: ({ messageId, click: { originatingMessageId, ...buttonResponse }, ...guest }, now) => ({
    channel: { ...channelOf(guest, now), messageId },
    buttonResponse,
    originatingMessageId,
  }),
};

function pathOf({ integrationId }: OpenGuest, what: string): string {
  return `/api/v2/conversations/messages/${encodeURIComponent(integrationId)}/inbound/open/${what}`;
}

function channelOf({ guestId, idType }: Omit<OpenGuest, 'integrationId'>, now: Date): object {
  return { from: { id: guestId, idType }, time: now.toISOString() };
}

function attachmentOf({ url, contentType, fileName }: OpenFile): object {
  const mediaType = contentType.startsWith('image/') ? 'Image' : 'File';
  return { mediaType, url, mime: contentType, filename: fileName };
}
