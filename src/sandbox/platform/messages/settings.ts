import { z } from 'zod';
import { bound, waitMs } from '../requests/setting-values.ts';

/** The kinds of messenger of a message. */
export const messengerTypes = [
  'sms',
  'facebook',
  'twitter',
  'whatsapp',
  'webmessaging',
  'instagram',
  'open',
  'apple',
] as const;

/** A kind of messenger. */
export type MessengerType = (typeof messengerTypes)[number];

/** The id of the integration that every tenant has unless a setting says otherwise. */
export const DEFAULT_OPEN_INTEGRATION_ID = '0f3a6d2e-5c1b-4e7a-9b60-7d1f0a2c4e11';

const characters = z.int().min(1);

const integrationSchema = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  messengerType: z.enum(messengerTypes),
  status: z.enum(['Active', 'Inactive', 'Error']).default('Active'),
});

/** An integration that brings messages of one messenger. */
export type Integration = z.output<typeof integrationSchema>;

/** Settings of messages. */
export const messageSettings = z.strictObject({
  /** The integrations of every tenant. */
  integrations: z
    .array(integrationSchema)
    .default([
      { id: DEFAULT_OPEN_INTEGRATION_ID, name: 'Sandbox Open', messengerType: 'open', status: 'Active' },
    ]),
  /** How long a new integration is 404, and absent from lists. The real time is not published. */
  integrationNotFoundForMs: waitMs.default(200),
  /** How long its creation is `Initiated`. It takes no messages meanwhile. Not published. */
  integrationInitiatedForMs: waitMs.default(500),
  /** How the creation ends. */
  integrationEnds: z.enum(['Completed', 'Error']).default('Completed'),
  /** The longest text of an organization, by messenger. SMS 765 and otherwise 2000 are documented. */
  outboundCharacters: z
    .strictObject({ sms: characters.default(765), others: characters.default(2000) })
    .prefault({}),
  /** The longest text of an agentless message to webmessaging. Under 4000 is documented. */
  agentlessWebmessagingCharacters: characters.default(3999),
  /** The longest text of a guest through Open Messaging. The real number is not published. */
  inboundCharacters: characters.default(4096),
  /** What counts as a character of a text. The platform does not say. */
  characterUnit: z.enum(['code-point', 'utf-16']).default('code-point'),
  /** Whether a second message with the same `channel.messageId` changes nothing. Not documented. */
  detectsRepeatedMessageIds: z.boolean().default(false),
  /** When the answer to an inbound message has `conversationId`. Not documented for `always`. */
  answersConversationId: z.enum(['when-prefetched', 'always']).default('when-prefetched'),
  /** Whether sends answer 202 instead of 200. Both are documented, without a rule. */
  answersAccepted: z.boolean().default(false),
  /** The number of messages of one conversation. Null: any number. The real one is not published. */
  maxPerConversation: bound.default(null),
  /** The ids in one request for several messages. 1000 is documented. */
  maxBulkMessages: z.int().min(1).default(1000),
  /** The number of messages that an organization may send. Null: any number. */
  maxOutbound: bound.default(null),
  /** Whether a conversation that a guest starts has an agent at once, or when a test asks for one. */
  agentJoins: z.enum(['on-request', 'at-start']).default('on-request'),
  /** The status of a message to an ended conversation. The platform does not say which. */
  endedConversationStatus: z.union([z.literal(400), z.literal(404), z.literal(409)]).default(409),
  /** The size of the largest file. 25 MB is documented; a channel may allow less. */
  maxMediaBytes: z.int().min(1).max(26_214_400).default(26_214_400),
  /** The types of files that an agent may send: the default supported content profile. */
  outboundMediaTypes: z.array(z.string()).default(['image/jpeg', 'image/png', 'image/gif']),
  /** The time from the upload of a file until it is `valid` or `invalid`. */
  mediaCheckMs: waitMs.default(200),
});
