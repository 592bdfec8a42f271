import { z } from 'zod';
import { checked } from '../core/checked.ts';
import { startDeadline } from '../core/deadline.ts';
import { CodedError } from '../core/errors.ts';
import { isRecord, parseJson } from '../core/json.ts';
import { parseRetryAfter } from '../core/retry-after.ts';
import { correlated, correlationIdOf } from '../genesys/correlation.ts';
import { type ClientWork, inClientSpan, NO_TRACING, type Tracing } from '../observe/tracing.ts';
import type { Answer } from '../outbound/answer.ts';
import { describeNetworkFailure, type Transport } from '../outbound/transport.ts';
import { addressAt } from '../tenants/hosts.ts';
import type { Awaited } from './answers.ts';
import type { Connection } from './connection.ts';
import { type MessageBody, readMessages } from './frames.ts';

/** How a message that may have arrived is recognized. */
export interface Mark {
  /** What we sent in `metadata`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly text: string;
  /** Of its file, if it has one. */
  readonly attachmentId?: string | undefined;
  /** When it left, ms since the epoch. */
  readonly sentAtMs: number;
  /** The message that the channel accepted before it; empty if there was none. */
  readonly after: string;
}

/** What the history says about a message. `unclear`: too little is left of the history. */
export type Found =
  | { readonly verdict: 'delivered'; readonly messageId: string }
  | { readonly verdict: 'absent' }
  | { readonly verdict: 'unclear'; readonly why: string; readonly correlationId?: string | undefined };

export interface HistoryOptions {
  readonly transport: Transport;
  /** Makes the spans of requests; off by default. */
  readonly tracing?: Tracing;
  readonly requestTimeoutMs: number;
  readonly now: () => number;
}

/** Messages of a page. Also the number that Genesys Cloud has by default. */
const PAGE_SIZE = 25;
/** Pages that are read at most. Ten requests a minute are allowed. */
const MAX_PAGES = 3;
/** How far the clock of Genesys Cloud may be behind ours, ms. */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * Looks for a message in the history of a session, the newest message first, back to the message
 * that was accepted before it.
 *
 * @param api address of the API of the tenant
 * @throws {CodedError} RATE_LIMITED, GENESYS_UNAVAILABLE or GENESYS_UNREACHABLE if the history did not
 *   answer; {ChannelRefusal} if the channel gives no right to read it
 */
export async function lookFor(
  mark: Mark,
  connection: Connection,
  api: string,
  { signal, ...options }: HistoryOptions & { readonly signal: AbortSignal },
): Promise<Found> {
  const jwt = await connection.ask({ action: 'getJwt' }, JWT, { signal });
  const { origin } = connection.target;
  let alike: MessageBody | undefined;
  const verdict = (): Found =>
    alike ? { verdict: 'delivered', messageId: idOf(alike) } : { verdict: 'absent' };
  for (let number = 1; number <= MAX_PAGES; number++) {
    const url = addressAt(api, `/api/v2/webmessaging/messages?pageSize=${PAGE_SIZE}&pageNumber=${number}`);
    const answer = await request(url, { authorization: `Bearer ${jwt}`, origin }, options, signal);
    if (answer.status === 404) {
      const { where, option } = correlated(correlationIdOf(answer.headers));
      return { verdict: 'unclear', why: `the session has no history any more${where}`, ...option };
    }
    const page = pageIn(answer, number, options.now());
    for (const message of page.messages) {
      if (isMarked(message, mark)) return { verdict: 'delivered', messageId: idOf(message) };
      // Behind this message an equal text is an older one.
      if (mark.after !== '' && isAt(message, mark.after)) return verdict();
      if (isAlike(message, mark)) alike = message;
    }
    if (page.isLast) {
      if (mark.after === '') return verdict();
      return { verdict: 'unclear', why: 'the history does not reach back to the message before it' };
    }
  }
  return { verdict: 'unclear', why: 'too many messages came after it' };
}

const JWT: Awaited<string> = {
  storesNothing: true,
  take: (frame, tracingId) =>
    frame.kind === 'jwt' && (frame.tracingId ?? tracingId) === tracingId ? frame.jwt : undefined,
};

async function request(
  url: URL,
  headers: Readonly<Record<string, string>>,
  { transport, tracing = NO_TRACING, requestTimeoutMs }: HistoryOptions,
  signal: AbortSignal,
): Promise<Answer> {
  using deadline = startDeadline(requestTimeoutMs, signal);
  try {
    const request = { method: 'GET', headers: { ...headers, accept: 'application/json' } };
    const send = () => transport.send(url, { ...request, deadline: deadline.signal });
    return await inClientSpan(tracing, () => workOf(url), send);
  } catch (error) {
    const reason = describeNetworkFailure(error, requestTimeoutMs);
    throw new CodedError('GENESYS_UNREACHABLE', `history: no answer from ${url.host}: ${reason}`);
  }
}

function workOf({ hostname }: URL): ClientWork {
  return {
    name: 'GET guest.history',
    attributes: {
      'http.request.method': 'GET',
      'server.address': hostname,
      'gwm.operation': 'guest.history',
    },
  };
}

interface Page {
  readonly messages: readonly MessageBody[];
  readonly isLast: boolean;
}

const pageBody = z.looseObject({
  entities: z.array(z.unknown()),
  pageCount: z.number().optional().catch(undefined),
});

/** @throws {CodedError} for an answer that says nothing about the messages */
function pageIn({ status, headers, body, ok }: Answer, number: number, nowMs: number): Page {
  const { where, option } = correlated(correlationIdOf(headers));
  const said = `history: Genesys Cloud answered ${status}`;
  if (status === 429) {
    const retryAfterMs = parseRetryAfter(headers.get('retry-after'), nowMs) ?? RETRY_AFTER_MS;
    throw new CodedError('RATE_LIMITED', `${said}${where}`, { status, retryAfterMs, ...option });
  }
  const page = ok ? checked(pageBody, parseJson(body)).data : undefined;
  if (!page) {
    const message = `${said}, and no list of messages${where}`;
    throw new CodedError('GENESYS_UNAVAILABLE', message, { status, ...option });
  }
  return { messages: readMessages(page.entities), isLast: isLast(page, number) };
}

const RETRY_AFTER_MS = 10_000;

/** Genesys Cloud may give fewer messages than asked for, so a short page need not be the last one. */
function isLast({ entities, pageCount }: z.output<typeof pageBody>, number: number): boolean {
  if (entities.length === 0) return true;
  return pageCount === undefined ? entities.length < PAGE_SIZE : number >= pageCount;
}

/** Whether this is the message by its metadata, which the history may leave out. */
function isMarked(message: MessageBody, { metadata }: Mark): boolean {
  return (
    message.direction === 'Inbound' &&
    Object.entries(metadata).every(([name, value]) => message.metadata[name] === value)
  );
}

/**
 * Whether this may be the message by text, file and time. Between it and the message before it, the
 * session has sent nothing else.
 */
function isAlike(message: MessageBody, { text, attachmentId, sentAtMs }: Mark): boolean {
  if (message.direction !== 'Inbound' || message.type === 'Event') return false;
  if (typeof message.metadata['jobId'] === 'string') return false;
  const timeMs = Date.parse(message.channel.time ?? '');
  if (timeMs < sentAtMs - CLOCK_TOLERANCE_MS) return false;
  return (message.text ?? '') === text && attachmentIn(message) === attachmentId;
}

function attachmentIn({ content }: MessageBody): string | undefined {
  for (const item of content) {
    if (!isRecord(item) || !isRecord(item['attachment'])) continue;
    const { id } = item['attachment'];
    if (typeof id === 'string') return id;
  }
  return undefined;
}

/** The id of a message: two forms are in use, and one of them is always there. */
export function idOf({ id, channel }: MessageBody): string {
  return id ?? channel.messageId ?? '';
}

function isAt({ id, channel }: MessageBody, wanted: string): boolean {
  return id === wanted || channel.messageId === wanted;
}
