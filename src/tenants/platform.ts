import { z } from 'zod';
import { textOf } from '../core/shapes.ts';
import { webUrl } from '../jobs/fields.ts';
import { MESSENGER_TYPES, ROUTES } from '../jobs/routes.ts';

const genesysId = textOf({ min: 1, max: 200 });

/** Open Messaging: the integration that takes the messages of guests (docs/platform.md#open). */
const open = z.strictObject({
  integrationId: genesysId,
  /** What `guestId` of a message is. */
  idType: z.enum(['Email', 'Phone', 'Opaque']).default('Opaque'),
  /** Asks for the id of the conversation with each message, so that the result has it. */
  prefetchConversationId: z.boolean().default(true),
});

/** Messages without an agent (docs/platform.md#agentless). */
const agentless = z.strictObject({
  /** The number of SMS; the id of the integration, or of the deployment, for other channels. */
  fromAddress: textOf({ min: 1, max: 200 }),
  toAddressMessengerType: z.enum(MESSENGER_TYPES),
  /** Whether the message joins a conversation that is under way. */
  useExistingActiveConversation: z.boolean().default(false),
});

/** An origin as a browser sends it: scheme, host and port, without a path. */
const origin = webUrl.refine((address) => URL.parse(address)?.origin === address, {
  error: 'expected an origin such as https://www.example.com, without a path',
});

/** Connections of guests (docs/platform.md#webmessaging). */
const webmessaging = z.strictObject({
  deploymentId: genesysId,
  /** The page that a guest is on: Genesys Cloud compares it with the allowed domains. */
  origin,
  /** Messages of one session, per second. */
  messagesPerSecond: z.number().positive().max(100).default(2),
  /** Requests of one connection, per minute. */
  requestsPerMinute: z.number().positive().max(6000).default(60),
  /** After the end of a conversation: refuse the message, or begin a new conversation with it. */
  onClosed: z.enum(['refuse', 'start-new']).default('refuse'),
});

/** The documents of the Platform API name no longest interval, so a tenant may set another one. */
export const DEFAULT_MAX_INTERVAL_DAYS = 30;

/** Audit records (docs/platform.md#audit). */
const audit = z.strictObject({
  /** How jobs that name no mode ask for records. `realtime` holds for the last 14 days. */
  mode: z.enum(['async', 'realtime']).default('async'),
  /** The longest interval of a query, days: the time of a sync is cut into intervals. */
  maxIntervalDays: z.number().positive().max(3660).default(DEFAULT_MAX_INTERVAL_DAYS),
});

/** The settings of a tenant whose dialect is `platform`. */
export const platformSchema = z.strictObject({
  /** The way of messages that name no way of their own. */
  route: z.enum(ROUTES).optional(),
  open: open.optional(),
  agentless: agentless.optional(),
  webmessaging: webmessaging.optional(),
  audit: audit.optional(),
});

export type Platform = z.output<typeof platformSchema>;
