import { z } from 'zod';
import { checked } from '../core/checked.ts';
import { parseJson } from '../core/json.ts';
import { textOf } from '../core/shapes.ts';

/**
 * The frames of the guest channel: one JSON object in each text of the WebSocket
 * (docs/platform.md#webmessaging).
 *
 * A frame that the server sends may have fields and classes that we do not know. A field of a wrong
 * type counts as absent: an error here would lose the acceptance of a message.
 */
export type ServerFrame = { readonly tracingId: string | undefined } & (
  | { readonly kind: 'session'; readonly session: SessionFacts }
  /** A message of the guest that comes back, or one to the guest. */
  | { readonly kind: 'message'; readonly message: MessageBody }
  | { readonly kind: 'jwt'; readonly jwt: string }
  | { readonly kind: 'upload'; readonly upload: Upload }
  | { readonly kind: 'uploaded'; readonly attachmentId: string }
  | { readonly kind: 'refused'; readonly refusal: RefusalBody }
  /** The server ends the connection, or the session is over. */
  | { readonly kind: 'ended'; readonly by: 'connection' | 'expiry' | 'clear' | 'log-out' }
  | { readonly kind: 'other' }
);

/** An error that a frame reports. */
export interface RefusalBody {
  /** As in codes.ts. */
  readonly code: number;
  /** The wait that the server asks for, ms. */
  readonly retryAfterMs?: number | undefined;
  /** The file that the error is about. */
  readonly attachmentId?: string | undefined;
}

const text = z.string().optional().catch(undefined);
const flag = z.boolean().catch(false);
const texts = z.array(z.string()).catch([]);
/** Some frames write numbers as texts. */
const number = z
  .union([z.number(), z.string().regex(/^\d{1,15}$/)])
  .transform(Number)
  .optional()
  .catch(undefined);

const envelope = z.looseObject({
  class: z.string().catch(''),
  code: number,
  tracingId: text,
  body: z.unknown().optional(),
});

const mediaTypes = z.array(z.looseObject({ type: z.string() }).transform(({ type }) => type)).catch([]);

const session = z.looseObject({
  connected: flag,
  newSession: flag,
  readOnly: flag,
  durationSeconds: number,
  maxCustomDataBytes: number,
  blockedExtensions: texts,
  allowedMedia: z
    .looseObject({
      inbound: z
        .looseObject({ fileTypes: mediaTypes, maxFileSizeKB: number })
        .catch({ fileTypes: [], maxFileSizeKB: undefined }),
    })
    .catch({ inbound: { fileTypes: [], maxFileSizeKB: undefined } }),
});

/** Longest wait that a worker believes, ms. */
const MAX_WAIT_MS = 3_600_000;

/** What the server says about a session that was configured. */
export type SessionFacts = z.output<typeof session>;

const messageBody = z.looseObject({
  id: text,
  type: text,
  text,
  direction: text,
  channel: z.looseObject({ time: text, messageId: text }).catch({ time: undefined, messageId: undefined }),
  metadata: z.record(z.string(), z.unknown()).catch({}),
  content: z.array(z.unknown()).catch([]),
});

/** A message as frames and the history have it. */
export type MessageBody = z.output<typeof messageBody>;

const upload = z.looseObject({
  attachmentId: textOf({ min: 1 }),
  url: textOf({ min: 1 }),
  headers: z.record(z.string(), z.string()).catch({}),
});

/** Where the bytes of a file go, and with which headers. */
export type Upload = z.output<typeof upload>;

const errorBody = z.looseObject({ errorCode: number, attachmentId: text, retryAfter: number });

/** Reads a frame. A text that is none is `other`, which no request waits for. */
export function readFrame(raw: string): ServerFrame {
  const frame = checked(envelope, parseJson(raw)).data;
  if (!frame) return { kind: 'other', tracingId: undefined };
  const { tracingId } = frame;
  return { tracingId, ...contentOf(frame.class, frame.code ?? 200, frame.body) };
}

type Content = ServerFrame extends infer Frame
  ? Frame extends unknown
    ? Omit<Frame, 'tracingId'>
    : never
  : never;

/** The class decides first: some errors have the code 200. */
function contentOf(frameClass: string, code: number, body: unknown): Content {
  const error = checked(errorBody, body).data;
  if (frameClass === 'TooManyRequestsErrorMessage') {
    const seconds = error?.retryAfter;
    const retryAfterMs =
      seconds === undefined ? undefined : Math.min(Math.max(0, seconds * 1000), MAX_WAIT_MS);
    return refused({ code: 429, retryAfterMs });
  }
  if (frameClass === 'GenerateUrlError' || frameClass === 'UploadFailureEvent') {
    return refused({ code: error?.errorCode ?? code, attachmentId: error?.attachmentId });
  }
  if (code !== 200) return refused({ code: error?.errorCode ?? code });
  const read = Object.hasOwn(READERS, frameClass) ? READERS[frameClass] : undefined;
  return read?.(body) ?? { kind: 'other' };
}

const READERS: Readonly<Record<string, (body: unknown) => Content | undefined>> = {
  SessionResponse: (body) => {
    const { data } = checked(session, body);
    return data && { kind: 'session', session: data };
  },
  StructuredMessage: (body) => {
    const { data } = checked(messageBody, body);
    return data && { kind: 'message', message: data };
  },
  JwtResponse: (body) => {
    const { data } = checked(z.looseObject({ jwt: z.string().regex(/^[\x21-\x7e]{1,8192}$/) }), body);
    return data && { kind: 'jwt', jwt: data.jwt };
  },
  PresignedUrlResponse: (body) => {
    const { data } = checked(upload, body);
    return data && { kind: 'upload', upload: data };
  },
  UploadSuccessEvent: (body) => {
    const { data } = checked(z.looseObject({ attachmentId: z.string() }), body);
    return data && { kind: 'uploaded', attachmentId: data.attachmentId };
  },
  ErrorMessage: (body) => refused({ code: checked(errorBody, body).data?.errorCode ?? 500 }),
  ConnectionClosedEvent: () => ({ kind: 'ended', by: 'connection' }),
  SessionExpiredEvent: () => ({ kind: 'ended', by: 'expiry' }),
  SessionClearedEvent: () => ({ kind: 'ended', by: 'clear' }),
  LogoutEvent: () => ({ kind: 'ended', by: 'log-out' }),
};

function refused(refusal: RefusalBody): Content {
  return { kind: 'refused', refusal };
}

/** A page of the history: message bodies without frames. An entry that cannot be read is left out. */
export function readMessages(entities: readonly unknown[]): MessageBody[] {
  return entities.flatMap((entity) => checked(messageBody, entity).data ?? []);
}
