import { OperatorError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import type { JobKind } from '../../jobs/catalog.ts';
import type { ApiAccess } from './api.ts';
import type { Batch } from './batches.ts';
import { type Answer, createTally, type Handed, type Listener } from './tally.ts';

/** A line as a CloudEvent. */
interface Event {
  readonly line: number;
  readonly attributes: Readonly<Record<'specversion' | 'id' | 'source' | 'type', string>>;
  readonly data: object;
}

/** One request to `/v1/events`. */
interface EventRequest {
  readonly events: readonly Event[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const SOURCE = '/gwm-demo/messages';
/** The first events have a request each, in two modes. The others share one. */
const BINARY = 5;
const STRUCTURED = 5;
const DEADLINE_MS = 30_000;

/** Posts the lines of a batch to `/v1/events`, in the three modes that CloudEvents has for HTTP. */
export async function postEvents(access: ApiAccess, batch: Batch, listener: Listener): Promise<Handed> {
  const tally = createTally(listener);
  const events: Event[] = [];
  for await (const { line, value, issue } of batch.read()) {
    if (isRecord(value)) events.push(eventOf(batch.kind, line, value));
    else tally.reject(line, [{ path: '', message: issue ?? 'expected an object' }]);
  }
  // One after the other: the order of acceptance is the order of the conversation.
  for (const request of requestsOf(events)) {
    const answers = await post(access, request);
    for (const [index, { line }] of request.events.entries()) {
      const answer = answers[index];
      if (answer) tally.take(line, answer);
    }
  }
  return tally.handed();
}

/** `source` and `id` are the idempotency key, so the data has none. */
function eventOf(kind: JobKind, line: number, { idempotencyKey, ...data }: Record<string, unknown>): Event {
  const id = typeof idempotencyKey === 'string' ? idempotencyKey : `line-${line}`;
  const type = `com.genesys.webmessaging.${kind}`;
  return { line, attributes: { specversion: '1.0', id, source: SOURCE, type }, data };
}

function requestsOf(events: readonly Event[]): EventRequest[] {
  const batched = events.slice(BINARY + STRUCTURED);
  return [
    ...events.slice(0, BINARY).map(binary),
    ...events.slice(BINARY, BINARY + STRUCTURED).map(structured),
    ...(batched.length === 0 ? [] : [together(batched)]),
  ];
}

function binary(event: Event): EventRequest {
  const attributes = Object.entries(event.attributes);
  const headers = attributes.map(([name, value]) => [`ce-${name}`, encodeURIComponent(value)]);
  return {
    events: [event],
    headers: { ...Object.fromEntries(headers), 'content-type': 'application/json' },
    body: event.data,
  };
}

function structured(event: Event): EventRequest {
  return {
    events: [event],
    headers: { 'content-type': 'application/cloudevents+json' },
    body: whole(event),
  };
}

function together(events: readonly Event[]): EventRequest {
  return {
    events,
    headers: { 'content-type': 'application/cloudevents-batch+json' },
    body: events.map(whole),
  };
}

function whole({ attributes, data }: Event): object {
  return { ...attributes, datacontenttype: 'application/json', data };
}

/** @returns the answer to each event, also when the API does not take one of them. */
async function post({ url, key }: ApiAccess, { headers, body }: EventRequest): Promise<readonly Answer[]> {
  const response = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(DEADLINE_MS),
  }).catch(() => undefined);
  const { results, title } = ((await response?.json().catch(() => undefined)) ?? {}) as {
    readonly results?: readonly Answer[];
    readonly title?: string;
  };
  if (results) return results;
  throw new OperatorError(`The HTTP process did not take CloudEvents: ${title ?? 'the connection failed'}`);
}
