import { type GuestMessage, type MessageContent, TYPING } from '../../../src/webmessaging/requests.ts';
import type { OutgoingMessage } from '../sender.ts';

/** What the channel gets of a message. */
export interface Prepared {
  /** Without the file. */
  readonly message: GuestMessage;
  readonly file: OutgoingMessage['file'];
  /** Is not stored, and has no echo. */
  readonly isTyping: boolean;
}

/** @param jobId comes back in the echo and in the history, and so names the message. */
export function prepareMessage(
  { text, file, event, customAttributes }: OutgoingMessage,
  jobId: string,
): Prepared {
  if (event?.typing) return { message: TYPING, file: undefined, isTyping: true };
  const channel = customAttributes && { channel: { metadata: { customAttributes } } };
  const content = event?.click ? clickOf(event.click) : textOf(text, file !== undefined);
  const message = { ...content, metadata: { jobId, ...content.metadata }, ...channel };
  return { message, file, isTyping: false };
}

/** The message with its file, ready to leave. */
export function withFile(message: GuestMessage, attachmentId: string | undefined): GuestMessage {
  if (attachmentId === undefined) return message;
  const attached: MessageContent = { contentType: 'Attachment', attachment: { id: attachmentId } };
  return { ...message, content: [...(message.content ?? []), attached] };
}

/** A message of a file alone has no text. */
function textOf(text: string, hasFile: boolean): GuestMessage {
  return text.trim() === '' && hasFile ? { type: 'Text' } : { type: 'Text', text };
}

type Click = NonNullable<NonNullable<OutgoingMessage['event']>['click']>;

function clickOf({ type, text, payload, originatingMessageId }: Click): GuestMessage {
  return {
    type: 'Structured',
    text,
    content: [{ contentType: 'ButtonResponse', buttonResponse: { type, text, payload } }],
    metadata: { parentMessageId: originatingMessageId },
  };
}
