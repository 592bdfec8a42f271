import { z } from 'zod';
import { parseInput, sentenceOf } from '../../input/problems.ts';
import { DEFAULT_DEPLOYMENT_ID, deploymentSchema } from './deployments.ts';
import { ruleSchema } from './script-schema.ts';

const MAX_WAIT_MS = 600_000;

const rate = z.number().min(0).max(1);
const count = z.int().min(1);
const seconds = z.number().min(0);
const status = z.int().min(400).max(599);
const code = z.int().min(400).max(9999);
const waitMs = z.number().min(0).max(MAX_WAIT_MS);
const texts = z.array(z.string());

const rangeMs = z
  .strictObject({ min: waitMs, max: waitMs })
  .refine(({ min, max }) => min <= max, 'a min that is not above max');

/** The answer to a request for a connection. */
const upgrade = z.strictObject({
  /** The platform refuses with 403. That it does so for an unknown deployment is a stand-in. */
  unknownDeploymentStatus: status.default(403),
  /** A stand-in. */
  inactiveDeploymentStatus: status.default(403),
  /** A stand-in: where the platform refuses an unknown or inactive deployment is unknown. */
  refuseAt: z.enum(['upgrade', 'configure']).default('upgrade'),
  wrongOriginStatus: status.default(403),
  /** A stand-in, for a deployment that does not allow all domains. */
  missingOrigin: z.enum(['refuse', 'allow']).default('refuse'),
  /** A stand-in. */
  tooManyStatus: status.default(429),
});

/** The life of one connection. All are stand-ins, and no facts of the platform. */
const connection = z.strictObject({
  idleSeconds: seconds.default(600),
  maxAgeSeconds: seconds.default(7200),
  answerPings: z.boolean().default(true),
  /** Whether a WebSocket ping keeps an idle connection open. */
  pingIsActivity: z.boolean().default(true),
  /** A longer frame closes the connection with 1009. */
  maxFrameBytes: count.default(131_072),
});

const session = z.strictObject({
  durationSeconds: seconds.default(259_200),
  maxConnections: count.default(3),
  /** A stand-in: 1000 and 1001 are both possible. */
  evictCloseCode: z.union([z.literal(1000), z.literal(1001)]).default(1001),
  /** A stand-in: what a configure of an expired token does. */
  afterExpiry: z.enum(['new', 'refuse']).default('new'),
  /** A stand-in: what `startNew` does to a session that can still be written to. */
  startNewWhenLive: z.enum(['new', 'ignore']).default('new'),
  /** A stand-in: whether the action `echo` lengthens a session. */
  echoExtends: z.boolean().default(false),
  /** How long after a disconnect a message still belongs to the same conversation. */
  threadingHours: z.number().min(0).max(72).default(72),
  /** A stand-in: whether the answer has `autoStarted` for a deployment that starts by itself. */
  autoStarted: z.boolean().default(false),
  /** Both names are in use. */
  closedReasonField: z.enum(['reason', 'reasonCode']).default('reason'),
});

const media = z.strictObject({
  fileTypes: texts.default(['*/*']),
  maxFileSizeKB: count.default(10_240),
  blockedExtensions: texts.default(['.exe']),
});

const limits = z.strictObject({
  text: count.default(4096),
  /** A stand-in: the platform does not say what it counts. */
  textUnit: z.enum(['bytes', 'characters']).default('bytes'),
  attributesBytes: count.default(2048),
  /** A stand-in: the bytes of the JSON text, or those of names and values alone. */
  attributesCounted: z.enum(['json', 'names-and-values']).default('json'),
  tokenCharacters: count.default(2048),
  fileNameCharacters: count.default(1023),
});

const rates = z.strictObject({
  /** A stand-in. A fixed window opens with the first request in it. */
  window: z.enum(['fixed', 'sliding']).default('fixed'),
  /** Announced as 2 at first. */
  messagesPerSecond: count.default(5),
  /** All actions of one connection together. */
  requestsPerMinute: count.default(60),
  configuresPerMinute: count.default(60),
  echoesPerMinute: count.default(2),
  historyPerMinute: count.default(10),
  connectionsPerMinute: count.default(1000),
  /** `exact`: the rest of the window. A number is the same in each answer, and a stand-in. */
  retryAfterSeconds: z.union([z.int().min(1), z.literal('exact')]).default(3),
});

/** How the platform accepts a message. */
const echo = z.strictObject({
  /** A stand-in. */
  delayMs: rangeMs.default({ min: 50, max: 300 }),
  type: z.enum(['message', 'response']).default('message'),
  /** A stand-in: whether `channel.messageId` of the guest is kept. */
  messageId: z.enum(['server', 'client']).default('server'),
  /** The platform promises nothing. With a field, a second message with its value is not stored. */
  deduplicateBy: z.enum(['nothing', 'messageId', 'tracingId']).default('nothing'),
  /** A stand-in: whether a typing event of a guest comes back. */
  typing: z.boolean().default(false),
  /** Whether attributes in the place of before 2026-06-05 count. */
  legacyAttributes: z.enum(['ignore', 'accept']).default('ignore'),
});

/** Shares of frames that come otherwise than expected. The same seed gives the same series. */
const disorder = z.strictObject({
  seed: z.int().min(0).default(1),
  /** The echo is late by `lateMs`, and later frames overtake it. */
  lateEcho: rate.default(0),
  lateMs: waitMs.default(1000),
  /** The frame is sent behind the next one, or after `swapMs`. */
  swap: rate.default(0),
  swapMs: waitMs.default(1000),
  duplicate: rate.default(0),
  lostEcho: rate.default(0),
  /** The echo comes behind the answer of the script. */
  echoAfterAnswer: rate.default(0),
  errorWithoutTracingId: rate.default(0),
});

const errors = z.strictObject({
  /** The class of an error frame. */
  shape: z.enum(['string', 'ErrorMessage']).default('string'),
  readOnlyCode: code.default(409),
  /** Requests that fail by chance, of any action. */
  random: z.array(z.strictObject({ code, rate })).default([]),
  seed: z.int().min(0).default(1),
});

const attachments = z.strictObject({
  /** A stand-in. */
  urlLifeSeconds: seconds.default(600),
  /** A stand-in: how long an upload can be sent. */
  lifeSeconds: seconds.default(86_400),
  headers: z.record(z.string(), z.string()).default({ 'x-amz-tagging': 'origin=sandbox' }),
  /** A stand-in: the time from the end of an upload to its event. */
  eventDelayMs: waitMs.default(20),
  /** A stand-in: whether other connections of the session see the event. */
  eventTo: z.enum(['session', 'requester']).default('session'),
  /** Both forms are documented. */
  urlErrorForm: z.enum(['response-400', 'message-200']).default('response-400'),
});

const history = z.strictObject({
  jwtLifeSeconds: seconds.default(60),
  pageSize: count.default(25),
  /** A stand-in. */
  maxPageSize: count.default(100),
  /** A stand-in: whether a larger page is refused, or has as many messages as a page may have. */
  largerPage: z.enum(['refuse', 'cut']).default('refuse'),
  /** A stand-in: whether history has the metadata of a message. */
  metadata: z.boolean().default(true),
  /** A stand-in: whether history has the custom attributes of a message. */
  customAttributes: z.boolean().default(true),
});

const auth = z.strictObject({
  /** Codes that sign in, each with its user. */
  users: z.record(z.string(), z.string()).default({ 'sandbox-code': 'user-1' }),
  /** Answered with 401. Every other code is answered with 403. */
  expiredCodes: texts.default(['expired-code']),
});

/**
 * The settings of the channel. Each number that is marked as a stand-in, and each choice that is, is
 * not known of the platform: a client must not depend on it.
 */
export const settingsSchema = z.strictObject({
  upgrade: upgrade.prefault({}),
  connection: connection.prefault({}),
  session: session.prefault({}),
  media: media.prefault({}),
  limits: limits.prefault({}),
  rates: rates.prefault({}),
  echo: echo.prefault({}),
  disorder: disorder.prefault({}),
  errors: errors.prefault({}),
  attachments: attachments.prefault({}),
  history: history.prefault({}),
  auth: auth.prefault({}),
  /** What the agent or bot does. */
  script: z.array(ruleSchema).default([]),
});

export type Settings = z.infer<typeof settingsSchema>;

const optionsSchema = settingsSchema.extend({
  deployments: z.array(deploymentSchema).prefault([{ id: DEFAULT_DEPLOYMENT_ID }]),
});

/** Settings whose absent fields have their defaults, and the deployments that exist. */
export type WebMessagingOptions = z.input<typeof optionsSchema>;

/** Fills in the defaults. @throws {Error} with every problem as a sentence */
export function parseOptions(options: WebMessagingOptions): z.infer<typeof optionsSchema> {
  const parsed = parseInput(optionsSchema, options);
  if (parsed.ok) return parsed.value;
  const problems = parsed.problems.map(sentenceOf).join('\n  ');
  throw new Error(`options.webmessaging is not valid:\n  ${problems}`);
}
