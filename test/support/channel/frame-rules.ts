/**
 * The form of each frame of the guest channel, from the documents of the channel and the models of
 * its official clients. It shares nothing with the sandbox or with our client.
 */

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => string | undefined;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const is =
  (wanted: string, test: (value: unknown) => boolean): Check =>
  (value) =>
    test(value) ? undefined : `is not ${wanted}`;

const text = is('a text', (value) => typeof value === 'string');
const flag = is('a flag', (value) => typeof value === 'boolean');
const count = is('a count', (value) => Number.isInteger(value) && Number(value) >= 0);
const list = is('a list', Array.isArray);
const object = is('an object', isObject);
const uuid = is('a UUID', (value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(value)));
const hexId = is('32 hex digits', (value) => /^[0-9a-f]{32}$/.test(String(value)));
const isoTime = is('a time with milliseconds', (value) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(value)),
);
const epochSeconds = is('seconds since the epoch', (value) => Number(value) > 1e9 && Number(value) < 1e11);
const texts = is(
  'texts by name',
  (value) => isObject(value) && Object.values(value).every((each) => typeof each === 'string'),
);
const oneOf = (...words: readonly string[]) =>
  is(words.join(' or '), (value) => words.includes(String(value)));

/** Fields with a rule; those with `?` may be absent. Other fields are allowed. */
interface Shape {
  readonly [field: string]: Check | Shape;
}

function problemsOf(shape: Shape, value: unknown, path: string): string[] {
  if (!isObject(value)) return [`${path} is not an object`];
  return Object.entries(shape).flatMap(([key, rule]) => {
    const name = key.replace('?', '');
    const field = value[name];
    if (field === undefined) return key.endsWith('?') ? [] : [`${path}.${name} is missing`];
    if (typeof rule !== 'function') return problemsOf(rule, field, `${path}.${name}`);
    const problem = rule(field);
    return problem === undefined ? [] : [`${path}.${name} ${problem}`];
  });
}

const MESSAGE: Shape = {
  id: hexId,
  type: oneOf('Text', 'Structured', 'Event'),
  direction: oneOf('Inbound', 'Outbound'),
  channel: { time: isoTime, 'messageId?': uuid, 'metadata?': { customAttributes: texts } },
  metadata: texts,
  'text?': text,
  'content?': list,
  'events?': list,
};

const BODIES: Readonly<Record<string, Shape>> = {
  SessionResponse: {
    connected: flag,
    newSession: flag,
    'readOnly?': flag,
    'clearedExistingSession?': flag,
    allowedMedia: { inbound: { fileTypes: list, maxFileSizeKB: count } },
    blockedExtensions: list,
    maxCustomDataBytes: count,
    durationSeconds: count,
    expirationDate: epochSeconds,
  },
  StructuredMessage: MESSAGE,
  JwtResponse: { jwt: text, exp: epochSeconds },
  PresignedUrlResponse: { attachmentId: text, url: text, headers: texts, fileName: text, fileType: text },
  UploadSuccessEvent: { attachmentId: text, downloadUrl: text, timestamp: isoTime },
  UploadFailureEvent: { attachmentId: text, errorCode: count, errorMessage: text, timestamp: isoTime },
  GenerateUrlError: { errorCode: count, errorMessage: text, 'attachmentId?': text },
  AttachmentDeletedResponse: { attachmentId: text },
  GetConfigurationResponse: {
    allowedMedia: object,
    blockedExtensions: list,
    maxCustomDataBytes: count,
    messageRoutingEnabled: flag,
    sessionDurationSeconds: count,
  },
  TooManyRequestsErrorMessage: { retryAfter: count, errorCode: count, errorMessage: text },
  ConnectionClosedEvent: { 'reason?': text, 'reasonCode?': text },
  SessionExpiredEvent: {},
  SessionClearedEvent: {},
  LogoutEvent: {},
  ErrorMessage: { errorCode: count, errorMessage: text },
};

/** Classes that answer a request; the others are `message`. Two may be either. */
const RESPONSES = new Set([
  'string',
  'SessionResponse',
  'PresignedUrlResponse',
  'JwtResponse',
  'GetConfigurationResponse',
  'TooManyRequestsErrorMessage',
  'SessionExpiredEvent',
  'ErrorMessage',
]);
const EITHER = new Set(['StructuredMessage', 'GenerateUrlError']);

/** What is wrong with a frame, in sentences; empty for a frame of the channel. */
export function frameProblems(frame: unknown): string[] {
  if (!isObject(frame)) return ['the frame is not an object'];
  const { type, class: frameClass, code, tracingId, body } = frame;
  const name = String(frameClass);
  const problems: string[] = [];
  if (type !== 'response' && type !== 'message') problems.push('type is neither response nor message');
  else if (!EITHER.has(name) && (type === 'response') !== RESPONSES.has(name)) {
    problems.push(`a ${name} has the type ${type}`);
  }
  if (!Number.isInteger(code)) problems.push('code is no number');
  if (tracingId !== undefined && typeof tracingId !== 'string') problems.push('tracingId is no text');
  if (name === 'string') return typeof body === 'string' ? problems : [...problems, 'body is no text'];
  if (!Object.hasOwn(BODIES, name)) return [...problems, `the class ${name} is unknown`];
  return [...problems, ...problemsOf(BODIES[name] ?? {}, body, name)];
}
