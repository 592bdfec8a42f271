import { z } from 'zod';
import { seen } from '../content/fields/declarations.ts';
import { ATTACHMENT_TYPES, MAX_ATTACHMENT_BYTES } from '../content/message/attachment.ts';
import type { Issue } from '../core/issues.ts';
import { isRecord } from '../core/json.ts';
import { listOf, textOf } from '../core/shapes.ts';
import { messageIssues } from './capabilities.ts';
import { conditions, schedule, scheduleIssues } from './conditions.ts';
import { attributesIssues, customAttributes } from './custom-attributes.ts';
import { defineJob } from './define.ts';
import { id, shownUrl, tenantId } from './fields.ts';
import { eventIssues, messageEvent } from './message-event.ts';
import { partsOf } from './message-parts.ts';
import { textIssues } from './message-text.ts';
import { ROUTES } from './routes.ts';

const MAX_ATTACHMENTS = 10;

const attachment = z.strictObject({
  contentType: z.enum(ATTACHMENT_TYPES),
  url: shownUrl,
  /** Fits the media type, and is no path and no program: see `attachment.ts`. */
  fileName: seen.fileName(textOf({ min: 1, max: 255 }), 'contentType'),
  /** Bytes; at most 25 MiB. */
  sizeBytes: z.number().int().min(1).max(MAX_ATTACHMENT_BYTES),
});

const schema = z.strictObject({
  tenantId,
  guestId: id,
  /** Messages of one conversation are delivered in the order in which they were accepted. */
  conversationId: id,
  /** Every message has a text, unless it has an `event`. */
  body: z
    .strictObject({
      contentType: z.enum(['text/plain', 'text/html']),
      // Plain or rich, as it says beside it; checked as a whole and in parts, see `textIssues`.
      content: seen.checkedByKind('rich-text', z.string()),
    })
    .default({ contentType: 'text/plain', content: '' }),
  attachments: listOf(attachment, { max: MAX_ATTACHMENTS }).default([]),
  /** Asks for a receipt when the guest has read the message. */
  readReceipt: z.boolean().default(true),
  /** A text over the limit of one message is sent as several messages rather than rejected. */
  split: z.boolean().default(false),
  /** In the dialect `platform`: the way of this message, if it is not that of its tenant. */
  route: z.enum(ROUTES).optional(),
  /** On the route `conversation`: the communication of the agent. */
  communicationId: id.optional(),
  /** In place of a text: what the guest did. */
  event: messageEvent.optional(),
  /** On the route `webmessaging`: values for the flow. */
  customAttributes: customAttributes.optional(),
  ...conditions,
  ...schedule,
});

/** One message of a guest to a conversation (docs/guides.md#send-a-message). */
export const messageTransmission = defineJob({
  kind: 'message-transmission',
  schema,
  eventOf: () => 'message',
  bucket: 'messages',
  kindCode: 'm',
  lane: (message) => message.conversationId,
  violations(input, policy, tenant) {
    if (!isRecord(input)) return [];
    return [
      ...scheduleIssues(input),
      ...bodyIssues(input),
      ...textIssues(input, policy, tenant),
      ...eventIssues(input['event']),
      ...attributesIssues(input['customAttributes'], policy),
    ];
  },
  capabilityIssues: messageIssues,
  expand: partsOf,
});

export type MessageTransmission = z.output<typeof schema>;

function bodyIssues({ body, event }: Readonly<Record<string, unknown>>): Issue[] {
  if (body !== undefined || event !== undefined) return [];
  return [{ path: 'body', message: 'expected object, but it is missing' }];
}
