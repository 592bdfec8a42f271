import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { type Trace, traceOf } from '../../core/trace.ts';
import { PRODUCER_KINDS } from '../../ingest/batch-entry.ts';
import {
  EVENT_TYPE_PREFIX,
  type EventRequest,
  eventsOf,
  MAX_EVENTS,
  type ParsedEvent,
  type ParsedEvents,
} from '../../ingest/cloud-events.ts';
import { decoded } from '../../ingest/decode-body.ts';
import { handshakeHeaders } from '../../ingest/webhook-handshake.ts';
import { BACKLOG_RETRY_SECONDS, linksOf, withTenant } from '../accept-job.ts';
import { acceptItems, type BatchItem, type ItemResult, sharingOf } from '../batch/accept-entries.ts';
import { type EventError, eventErrorsOf } from '../event-errors.ts';
import { idempotencyKeyOf } from '../idempotency.ts';
import { API_SCHEMAS } from '../openapi-schemas.ts';
import { ProblemError } from '../problem.ts';
import { startSending } from '../sending.ts';
import { TRACE_HEADERS, withTrace } from '../trace.ts';
import { links } from './answers.ts';
import { type Answer, type Call, defineRoute, type Route } from './route.ts';
import * as samples from './samples.ts';

const MAX_BODY_BYTES = 8 * 1024 * 1024;

const TYPES = ['application/cloudevents+json', 'application/cloudevents-batch+json', 'application/json'];

const { tenantId: _tenantId, idempotencyKey: _key, ...data } = samples.message;

const EVENT = {
  specversion: '1.0',
  id: '17',
  source: '/shop/orders',
  type: 'com.genesys.webmessaging.message-transmission',
  partitionkey: 'acme',
  datacontenttype: 'application/json',
  data,
};

const text = z.string().min(1);

const event = z
  .looseObject({
    specversion: z.literal('1.0'),
    id: text.describe('With `source` the idempotency key.'),
    source: text.describe('A URI or a relative reference.'),
    type: z.enum(PRODUCER_KINDS.map((kind) => `${EVENT_TYPE_PREFIX}${kind}`)),
    partitionkey: text.optional().describe('The tenant, when the data does not name it.'),
    datacontenttype: text.optional().describe('JSON in UTF-8; `application/json` by default.'),
    time: text.optional().describe('RFC 3339.'),
    traceparent: text.optional(),
    tracestate: text.optional(),
    data: z.looseObject({}).optional().describe('The fields of a job of the kind.'),
    data_base64: text.optional().describe('The same as JSON in base64, in the place of `data`.'),
  })
  .register(API_SCHEMAS, { id: 'JobEvent', description: 'A CloudEvent 1.0 in structured mode.' });

const eventBody = z
  .union([event, z.array(event).max(MAX_EVENTS), z.looseObject({})])
  .describe('An event, a list of events, or in binary mode the fields of a job.');

/** Those of binary mode. */
const EVENT_HEADERS = {
  'ce-specversion': 'Binary mode: `1.0`.',
  'ce-id': 'Binary mode: the id of the event.',
  'ce-source': 'Binary mode: its source.',
  'ce-type': 'Binary mode: `com.genesys.webmessaging.` and the kind.',
  'ce-partitionkey': 'Binary mode: the tenant, when the data does not name it.',
};

const results = z.object({
  results: z.array(
    z.object({
      index: z.int(),
      status: z.enum(['accepted', 'replayed']),
      id: z.string(),
      ids: z.array(z.string()),
      links: links.optional().describe('Of a single event, as the answer to a single job has them.'),
    }),
  ),
});

export const eventRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    url: '/v1/events',
    operationId: 'sendEvents',
    tag: 'Send',
    scope: 'send',
    summary: 'Send jobs as CloudEvents 1.0: binary, structured or batched',
    description: `\`source\` and \`id\` are the idempotency key, \`type\` is \`com.genesys.webmessaging.\` and the kind, and
\`partitionkey\` may name the tenant. When an event is not valid, the answer is a problem with the
\`results\` of all events: those with an id are accepted, and the whole request may be sent again.`,
    body: {
      schema: eventBody,
      isStream: true,
      contentTypes: TYPES,
      examples: { event: EVENT },
      examplesOfType: {
        'application/cloudevents-batch+json': { events: [EVENT] },
        'application/json': { data: { tenantId: 'acme', ...data } },
      },
    },
    requestHeaders: { ...EVENT_HEADERS, ...TRACE_HEADERS },
    responses: {
      202: {
        description: 'All events are accepted, or were accepted before.',
        schema: results,
        headers: {
          Location: 'The address of the job of a single event.',
          'Idempotency-Replayed': '`true` when all events were accepted before.',
        },
        example: {
          results: [{ index: 0, ...samples.acceptedJob }],
        },
      },
    },
    problems: [
      'JOB_INVALID',
      'CAPABILITY_UNAVAILABLE',
      'IDEMPOTENCY_KEY_INVALID',
      'IDEMPOTENCY_KEYS_DIFFER',
      'BODY_DAMAGED',
      'BATCH_TOO_LARGE',
      'ENCODING_UNSUPPORTED',
      'BACKLOG_FULL',
      'REDIS_FULL',
    ],
    isLong: true,
    async handler(door, call) {
      const body = await wholeBody(call);
      const { mode, events } = eventsOf({
        headers: call.headers,
        rawHeaders: call.rawHeaders,
        body,
      } as EventRequest);
      requireKeyOf(events, call.headers);
      const sending = startSending(door.tracing, call.trace);
      const items = events.map((event) => itemOf(event, call, sending.trace));
      const accepting = acceptItems(items, {
        destination: door.core,
        tenants: call.tenants,
        ...sharingOf(door),
      });
      accepting.then(() => sending.finished(events.length), sending.failed);
      const decided = await accepting;
      return answerTo(mode, allAccepted(decided, { mode, events }), call);
    },
  }),
  defineRoute({
    method: 'OPTIONS',
    url: '/v1/events',
    operationId: 'agreeToEvents',
    tag: 'Send',
    scope: null,
    summary: 'Answer the handshake of a sender of CloudEvents',
    requestHeaders: {
      'WebHook-Request-Origin': 'The host name of the sender.',
      'WebHook-Request-Rate': 'How many requests per minute it wants to send.',
    },
    responses: {
      204: {
        description: 'The sender may send, with an API key.',
        headers: {
          'WebHook-Allowed-Origin': 'The host name of the sender.',
          'WebHook-Allowed-Rate': 'Requests per minute.',
        },
      },
    },
    problems: ['REQUEST_UNREADABLE'],
    handler: ({ config }, { headers }) => ({
      status: 204,
      headers: handshakeHeaders(headers, { perMinute: config.apiRatePerSecond * 60 }),
    }),
  }),
];

async function wholeBody({ body, headers }: Call<unknown, unknown, unknown>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const limits = { maxBytes: MAX_BODY_BYTES };
  // The request stays open for the bytes behind an answer that ends early.
  const bytes = ((body ?? Readable.from([])) as Readable).iterator({ destroyOnReturn: false });
  for await (const chunk of decoded(bytes, headers['content-encoding'], limits)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function itemOf(
  event: ParsedEvent,
  call: Call<unknown, unknown, unknown>,
  ofRequest: Trace | undefined,
): BatchItem {
  if (event.issues) return { issues: event.issues };
  const { kind, idempotencyKey, traceparent, tracestate } = event;
  const trace = traceOf(traceparent, tracestate) ?? ofRequest;
  return { kind, input: withTrace(withTenant(event.input, call), trace), idempotencyKey, path: 'data' };
}

/**
 * The key of an event is its source and id. A header beside it may only say the same.
 * @throws {ProblemError}
 */
function requireKeyOf(events: readonly ParsedEvent[], headers: IncomingHttpHeaders): void {
  const key = idempotencyKeyOf(headers);
  if (key === undefined) return;
  const differs = events.some((event) => !event.issues && event.idempotencyKey !== key);
  if (differs) throw new ProblemError('IDEMPOTENCY_KEYS_DIFFER');
}

/**
 * A single event that is repeated has the answer of the first time, with the links of a single job. Those
 * of a batch say it one by one.
 */
function answerTo(
  mode: ParsedEvents['mode'],
  results: readonly AcceptedItem[],
  call: Call<unknown, unknown, unknown>,
): Answer {
  const isReplayed = results.length > 0 && results.every(({ status }) => status === 'replayed');
  const replayed: Record<string, string> = isReplayed ? { 'idempotency-replayed': 'true' } : {};
  const [first] = results;
  if (mode === 'batched' || !first) return { status: 202, headers: replayed, body: { results } };
  const own = linksOf(first.id, call);
  const shown = { ...first, status: 'accepted', links: own };
  return { status: 202, headers: { location: own.self, ...replayed }, body: { results: [shown] } };
}

type AcceptedItem = { readonly index: number } & Extract<ItemResult, { readonly id: string }>;

type EventResult = { readonly index: number } & (
  | Extract<ItemResult, { readonly id: string }>
  | (Omit<Extract<ItemResult, { readonly code: unknown }>, 'errors'> & {
      readonly errors?: readonly EventError[];
    })
);

/** @throws {ProblemError} when an event was not accepted. */
function allAccepted(decided: readonly ItemResult[], { mode, events }: ParsedEvents): AcceptedItem[] {
  const results = decided.map((result, index): EventResult => {
    const event = events[index];
    if (!('errors' in result) || !result.errors || !event) return { index, ...result };
    return { index, ...result, errors: eventErrorsOf(result.errors, event, mode) };
  });
  const wrong = results.find(({ status }) => status === 'rejected' || status === 'refused');
  if (!wrong || !('code' in wrong)) return results.filter((result) => 'id' in result);
  const errors = results.flatMap((result) => ('errors' in result ? (result.errors ?? []) : []));
  throw new ProblemError(wrong.code, {
    extensions: { ...(errors.length > 0 && { errors }), results },
    // Waiting mends a full backlog, and no invalid event.
    ...(wrong.status === 'refused' && { retryAfterSeconds: BACKLOG_RETRY_SECONDS }),
  });
}
