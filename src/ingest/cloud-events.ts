import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { firstIssues, type Issue, pathTo, preview } from '../core/issues.ts';
import { isRecord } from '../core/json.ts';
import type { Trace } from '../core/trace.ts';
import type { JobKind } from '../jobs/catalog.ts';
import { isProducerKind, PRODUCER_KINDS } from './batch-entry.ts';
import { BodyError } from './body-error.ts';
import { checkAttributes, type EventAttributes } from './event-attributes.ts';
import { attributesInHeaders, repeatedHeaders } from './event-headers.ts';
import { type JsonBytes, parseBytes, shapeIssues } from './json-bytes.ts';
import { isJson, type MediaType, mediaTypeOf } from './media-type.ts';

/** In front of the kind in the `type` of an event. */
export const EVENT_TYPE_PREFIX = 'com.genesys.webmessaging.';
/** Most events in one body in batched mode. */
export const MAX_EVENTS = 1000;

/** One event: a job to enqueue, or its issues. `index` counts from 0 within the body. */
export type ParsedEvent = { readonly index: number } & (EventJob | EventIssues);

export interface EventJob extends Partial<Trace> {
  readonly kind: JobKind;
  /** The data of the event, with its tenant. The contract has not checked it yet. */
  readonly input: object;
  /** From `source` and `id`: CloudEvents calls two events with the same ones duplicates. */
  readonly idempotencyKey: string;
  /** The data names no tenant, and `partitionkey` does. */
  readonly hasTenantOfKey?: true;
  /** The data stands in `data_base64`. */
  readonly isBase64?: true;
  readonly issues?: never;
}

export interface EventIssues {
  /** Paths are names of attributes, whichever mode the event came in, or begin with `data`. */
  readonly issues: readonly Issue[];
}

export interface EventRequest {
  readonly headers: IncomingHttpHeaders;
  /** As Node has them, to find a header that came twice: Node joins two of them to one. */
  readonly rawHeaders?: readonly string[];
  /** Decompressed. */
  readonly body: Uint8Array;
}

export interface ParsedEvents {
  readonly mode: 'binary' | 'structured' | 'batched';
  /** In the order of the body; an empty batch has none. */
  readonly events: readonly ParsedEvent[];
}

/**
 * Reads the CloudEvents 1.0 of a request, in binary, structured or batched mode. Each event is a
 * job, or has issues of its own.
 *
 * @throws {BodyError} when the request as a whole cannot be read: another media type, no JSON, too
 * many events.
 */
export function eventsOf({ headers, rawHeaders = [], body }: EventRequest): ParsedEvents {
  const mediaType = mediaTypeOf(headers['content-type'] ?? '');
  const repeated = repeatedHeaders(rawHeaders);
  if (!mediaType || !isJson(mediaType) || repeated.includes('content-type')) throw unsupported();
  const mode = modeOf(mediaType);
  if (mode === 'binary') {
    return { mode, events: [{ index: 0, ...binaryEvent(headers, repeated, body) }] };
  }
  const json = readBody(body);
  if (mode === 'structured') return { mode, events: [{ index: 0, ...jsonEvent(json.value, json) }] };
  const { value: list } = json;
  if (!Array.isArray(list)) {
    throw new BodyError('BODY_UNREADABLE', `expected a list of events, got ${preview(list)}`);
  }
  if (list.length > MAX_EVENTS) {
    const message = `expected at most ${MAX_EVENTS} events in a batch, got ${list.length}`;
    throw new BodyError('BATCH_TOO_LARGE', message);
  }
  return { mode, events: list.map((event: unknown, index) => ({ index, ...jsonEvent(event, json) })) };
}

/** What begins with this is an event in some format, by the HTTP binding. */
const EVENT_TYPES = 'application/cloudevents';

function modeOf({ essence }: MediaType): ParsedEvents['mode'] {
  if (essence === `${EVENT_TYPES}+json`) return 'structured';
  if (essence === `${EVENT_TYPES}-batch+json`) return 'batched';
  if (essence.startsWith(EVENT_TYPES)) throw unsupported();
  return 'binary';
}

function unsupported(): BodyError {
  const known = `${EVENT_TYPES}+json, ${EVENT_TYPES}-batch+json`;
  return new BodyError(
    'MEDIA_TYPE_UNSUPPORTED',
    `expected one Content-Type: ${known}, or application/json beside headers of an event; in UTF-8`,
  );
}

type Json = Exclude<JsonBytes, { readonly error: string }>;

function readBody(body: Uint8Array): Json {
  const json = parseBytes(body);
  if (json.error !== undefined) throw new BodyError('BODY_UNREADABLE', json.error);
  return json;
}

function binaryEvent(
  headers: IncomingHttpHeaders,
  repeated: readonly string[],
  body: Uint8Array,
): EventJob | EventIssues {
  const { attributes, issues } = attributesInHeaders(headers);
  const checked = checkAttributes(attributes);
  const all = [
    ...repeated.map((name) => ({ path: pathTo('', name.slice(3)), message: 'expected the header once' })),
    ...issues,
    // The Content-Type is this attribute; a second one might differ.
    ...(attributes.has('datacontenttype')
      ? [{ path: 'datacontenttype', message: 'expected no such header: the Content-Type says it' }]
      : []),
    // A header that cannot be read is not missing.
    ...(checked.issues ?? []).filter(({ path }) => issues.every((issue) => issue.path !== path)),
  ];
  if (checked.issues || all.length > 0) return { issues: firstIssues(all) };
  return body.length === 0 ? jobOf(checked.event, undefined) : dataJob(checked.event, readBody(body));
}

function jsonEvent(event: unknown, { hasLongNumbers }: Json): EventJob | EventIssues {
  if (!isRecord(event)) return wrong('', `expected an event, an object, got ${preview(event)}`);
  const shape = shapeIssues(event, hasLongNumbers);
  if (shape.length > 0) return { issues: shape };
  const { data, data_base64: base64 = null, ...attributes } = event;
  const checked = checkAttributes(new Map(Object.entries(attributes)));
  if (checked.issues) return checked;
  const contentType = mediaTypeOf(checked.event.datacontenttype ?? 'application/json');
  if (!contentType || !isJson(contentType)) {
    return wrong('datacontenttype', 'expected application/json in UTF-8, got another type');
  }
  if (base64 === null) return jobOf(checked.event, data);
  if (data !== undefined) return wrong('data_base64', 'expected either data or data_base64, got both');
  if (checked.event.datacontenttype === undefined) {
    return wrong('datacontenttype', 'expected application/json beside data_base64, but it is missing');
  }
  return base64Job(checked.event, base64);
}

function base64Job(event: EventAttributes, base64: unknown): EventJob | EventIssues {
  const bytes = Buffer.from(typeof base64 === 'string' ? base64 : '', 'base64');
  // The decoder skips characters that are not of base64.
  if (bytes.toString('base64') !== base64) {
    return wrong('data_base64', `expected base64 (RFC 4648), got ${preview(base64)}`);
  }
  const json = parseBytes(bytes);
  if (json.error !== undefined) return wrong('data_base64', json.error);
  const job = dataJob(event, json);
  // The fields have no place of their own in the event.
  if (job.issues) return { issues: job.issues.map(inBase64) };
  return { ...job, isBase64: true };
}

/** Of data that is a JSON text of its own. */
function dataJob(event: EventAttributes, { value, hasLongNumbers }: Json): EventJob | EventIssues {
  const shape = shapeIssues(value, hasLongNumbers);
  if (shape.length === 0) return jobOf(event, value);
  return { issues: shape.map(({ path, message }) => ({ path: within('data', path), message })) };
}

function jobOf(event: EventAttributes, data: unknown): EventJob | EventIssues {
  const kind = kindOf(event.type);
  if (kind === undefined) {
    const wanted = `${EVENT_TYPE_PREFIX} and one of ${PRODUCER_KINDS.join(', ')}`;
    return wrong('type', `expected ${wanted}, got ${preview(event.type)}`);
  }
  if (!isRecord(data)) {
    const came = data === undefined ? 'but it is missing' : `got ${preview(data)}`;
    return wrong('data', `expected an object, the fields of a job, ${came}`);
  }
  const issues = [...keyIssues(data), ...tenantIssues(data, event.partitionkey)];
  if (issues.length > 0) return { issues };
  return {
    kind,
    input: withTenant(data, event.partitionkey),
    idempotencyKey: keyOf(event),
    ...(event.partitionkey !== undefined &&
      !Object.hasOwn(data, 'tenantId') && { hasTenantOfKey: true as const }),
    ...event.trace,
  };
}

function kindOf(type: string): JobKind | undefined {
  if (!type.startsWith(EVENT_TYPE_PREFIX)) return undefined;
  const name = type.slice(EVENT_TYPE_PREFIX.length);
  return isProducerKind(name) ? name : undefined;
}

/**
 * The lengths in front keep two pairs apart whose texts are the same one behind the other: `a`, `bc`
 * and `ab`, `c`.
 */
function keyOf({ source, id }: EventAttributes): string {
  const digest = createHash('sha256');
  for (const text of [source, id]) digest.update(`${Buffer.byteLength(text)}:${text}`);
  return `ce_${digest.digest('base64url')}`;
}

function keyIssues(data: object): Issue[] {
  if (!Object.hasOwn(data, 'idempotencyKey')) return [];
  const message = 'expected no key in the data: source and id of the event are the key';
  return [{ path: 'data.idempotencyKey', message }];
}

function tenantIssues(data: Readonly<Record<string, unknown>>, partitionKey: string | undefined): Issue[] {
  if (partitionKey === undefined || !Object.hasOwn(data, 'tenantId')) return [];
  if (data['tenantId'] === partitionKey) return [];
  return [{ path: 'partitionkey', message: 'expected the tenantId of the data, or no partitionkey' }];
}

function withTenant(data: object, partitionKey: string | undefined): object {
  if (partitionKey === undefined || Object.hasOwn(data, 'tenantId')) return data;
  return { ...data, tenantId: partitionKey };
}

function inBase64({ path, message }: Issue): Issue {
  const field = /^data\.?(.+)$/.exec(path)?.[1];
  return {
    path: path.startsWith('data') ? 'data_base64' : path,
    message: field ? `${field}: ${message}` : message,
  };
}

function wrong(path: string, message: string): EventIssues {
  return { issues: [{ path, message }] };
}

function within(holder: string, path: string): string {
  if (path === '') return holder;
  return path.startsWith('[') ? `${holder}${path}` : `${holder}.${path}`;
}
