import { z } from 'zod';
import { listOf, textOf } from '../../../../core/shapes.ts';

const id = textOf({ min: 1 });
const stringMap = z.record(z.string(), z.string());

const channelSchema = z.looseObject({
  messageId: z.string().exactOptional(),
  metadata: z.looseObject({ customAttributes: stringMap.exactOptional() }).exactOptional(),
});

const contentSchema = z.discriminatedUnion('contentType', [
  z.looseObject({ contentType: z.literal('Attachment'), attachment: z.looseObject({ id }) }),
  z.looseObject({
    contentType: z.literal('ButtonResponse'),
    buttonResponse: z.looseObject({ type: z.string(), text: z.string(), payload: z.string() }),
  }),
  z.looseObject({ contentType: z.literal('Form'), form: z.looseObject({}) }),
]);

const eventSchema = z.discriminatedUnion('eventType', [
  z.looseObject({
    eventType: z.literal('Presence'),
    presence: z.looseObject({ type: z.enum(['Join', 'Clear']) }),
  }),
  z.looseObject({
    eventType: z.literal('Typing'),
    typing: z.looseObject({ type: z.enum(['On', 'Off']) }),
  }),
]);

/** What a guest sends. A message of files alone has neither type nor text. */
export const messageSchema = z.looseObject({
  type: z.enum(['Text', 'Structured', 'Event']).exactOptional(),
  text: z.string().exactOptional(),
  content: z.array(contentSchema).exactOptional(),
  events: listOf(eventSchema, { min: 1 }).exactOptional(),
  metadata: stringMap.exactOptional(),
  channel: channelSchema.exactOptional(),
});

/** The place of custom attributes before 2026-06-05: beside the message. */
export const legacyChannelSchema = channelSchema;

export type GuestMessage = z.infer<typeof messageSchema>;
export type GuestEvent = z.infer<typeof eventSchema>;
