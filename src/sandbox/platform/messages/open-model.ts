import { z } from 'zod';

const text = z.string().nullish();

/** The guest who sends a message (`OpenMessagingFromRecipient`). */
const fromSchema = z.strictObject({
  id: z.string().min(1),
  idType: z.enum(['Email', 'Phone', 'Opaque']),
  nickname: text,
  firstName: text,
  lastName: text,
  email: text,
  image: text,
});

const timeSchema = z.iso.datetime({ offset: true });

const messageChannelSchema = z.strictObject({
  from: fromSchema,
  time: timeSchema,
  messageId: z.string().nullish(),
  // The model has the read-only field `subType` alone. Whether others are kept is not published.
  metadata: z.looseObject({}).nullish(),
});

const attachmentSchema = z.strictObject({
  id: text,
  mediaType: z.enum(['Image', 'Video', 'Audio', 'File', 'Link']),
  url: z.url(),
  mime: z.string(),
  text,
  sha256: text,
  filename: text,
});

/** A message of a guest (`OpenInboundNormalizedMessage`). A message has one attachment at most. */
export const openMessageSchema = z
  .strictObject({
    channel: messageChannelSchema,
    text,
    content: z.array(z.strictObject({ attachment: attachmentSchema, contentType: text })).nullish(),
    metadata: z.record(z.string(), z.string()).nullish(),
  })
  .refine(({ content }) => (content?.length ?? 0) <= 1, {
    path: ['content'],
    message: 'only one attachment is allowed',
  })
  .refine((body) => body.text || body.content?.length, {
    path: ['text'],
    message: 'text or content is required',
  });

/** Typing events of a guest (`OpenInboundNormalizedEvent`). */
export const openEventSchema = z.strictObject({
  channel: z.strictObject({ from: fromSchema, time: timeSchema }),
  events: z
    .array(
      z.strictObject({
        eventType: z.literal('Typing'),
        typing: z.strictObject({ type: z.literal('On'), duration: z.int().nullish() }).nullish(),
      }),
    )
    .min(1),
});

/** What became of a message to the guest (`OpenInboundNormalizedReceipt`). */
export const openReceiptSchema = z.strictObject({
  id: z.string().min(1),
  channel: z.strictObject({
    to: z.strictObject({
      id: z.string().min(1),
      idType: z.enum(['Email', 'Phone', 'Opaque']).nullish(),
      nickname: text,
      firstName: text,
      lastName: text,
      email: text,
      image: text,
    }),
    time: timeSchema,
  }),
  status: z.enum(['Sent', 'Delivered', 'Failed', 'Published', 'Removed']),
  reasons: z
    .array(
      z.strictObject({
        code: z
          .enum([
            'MessageExpired',
            'RateLimited',
            'MessageNotAllowed',
            'GeneralError',
            'UnsupportedMessage',
            'UnknownMessage',
            'InvalidMessageStructure',
            'InvalidDestination',
            'ServerError',
            'MediaTypeNotAllowed',
            'InvalidMediaContentLength',
            'RecipientOptedOut',
            'DataFiltered',
          ])
          .nullish(),
        message: z.string(),
      }),
    )
    .nullish(),
  isFinalReceipt: z.boolean().nullish(),
});

/** A guest's click on a card or a quick reply (`OpenInboundStructuredResponseMessage`). */
export const openResponseSchema = z.strictObject({
  channel: messageChannelSchema,
  buttonResponse: z.strictObject({
    id: text,
    type: z.enum(['Button', 'QuickReply', 'DatePicker']),
    text: z.string(),
    payload: z.string(),
  }),
  originatingMessageId: z.string().min(1),
});
