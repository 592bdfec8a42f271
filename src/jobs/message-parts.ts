import { splitText, type TextLimit } from '../content/message/text.ts';
import { formOf, type Route, type TenantRoutes } from './routes.ts';

/** The fields of a message that parts differ in. */
interface Divisible {
  readonly route?: Route | undefined;
  readonly split: boolean;
  readonly body: { readonly contentType: 'text/plain' | 'text/html'; readonly content: string };
  readonly attachments: readonly unknown[];
}

/**
 * The messages that a job becomes: with `split`, one for each part of its text; and where a message
 * may have one file, one for each further file. All have the lane of the conversation.
 *
 * @param tenant undefined for a producer without a tenants file.
 */
export function partsOf<Message extends Divisible>(message: Message, tenant?: TenantRoutes): Message[] {
  const form = formOf(tenant, message.route);
  return textsOf(message, form.text).flatMap((part) => fileByFile(part, form.attachments));
}

function textsOf<Message extends Divisible>(message: Message, { max, unit }: TextLimit): Message[] {
  if (!message.split) return [message];
  // A text of nothing but white space, with an attachment to it, has no parts.
  const parts = splitText(message.body.content, max, unit);
  if (parts.length === 0) parts.push('');
  // Attachments go with the last part, behind the words that announce them.
  return parts.map((content, index) => ({
    ...message,
    split: false,
    body: { ...message.body, content },
    attachments: index === parts.length - 1 ? message.attachments : [],
  }));
}

/** The first file goes with the text. Where no file may go, the message stays as it is. */
function fileByFile<Message extends Divisible>(message: Message, most: number): Message[] {
  const { attachments } = message;
  if (most < 1 || attachments.length <= most) return [message];
  return attachments.map((attachment, index) => ({
    ...message,
    ...(index > 0 && { body: { contentType: 'text/plain' as const, content: '' } }),
    attachments: [attachment],
  }));
}
