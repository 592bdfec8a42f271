import { type EventJob, eventsOf, type ParsedEvent } from '../../../src/ingest/cloud-events.ts';
import { message } from '../../support/guides/message.ts';

/** Events for the tests of CloudEvents. */

export const TYPE = 'com.genesys.webmessaging.message-transmission';

/** An event as JSON has it; `attributes` replaces its own. */
export function eventOf(attributes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    specversion: '1.0',
    id: 'event-1',
    source: '/shop/orders',
    type: TYPE,
    data: message(),
    ...attributes,
  };
}

/** Headers of an event in binary mode. */
export function headersOf(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-id': 'event-1',
    'ce-source': '/shop/orders',
    'ce-type': TYPE,
    ...headers,
  };
}

export const bytesOf = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

export function structured(event: unknown, contentType = 'application/cloudevents+json'): ParsedEvent {
  return only(eventsOf({ headers: { 'content-type': contentType }, body: bytesOf(event) }).events);
}

export function binary(
  headers: Readonly<Record<string, string>> = {},
  data: unknown = message(),
): ParsedEvent {
  return only(eventsOf({ headers: headersOf(headers), body: bytesOf(data) }).events);
}

export function batched(events: unknown): readonly ParsedEvent[] {
  const headers = { 'content-type': 'application/cloudevents-batch+json' };
  return eventsOf({ headers, body: bytesOf(events) }).events;
}

/** The job of an event; throws where the event has issues. */
export function jobOf(event: ParsedEvent): EventJob {
  if (event.issues) throw new Error(issuesOf(event).join('; '));
  return event;
}

/** `path: message` of each issue. */
export function issuesOf(event: ParsedEvent): string[] {
  return (event.issues ?? []).map(({ path, message: text }) => `${path}: ${text}`);
}

function only(events: readonly ParsedEvent[]): ParsedEvent {
  const [event, ...others] = events;
  if (event === undefined || others.length > 0) throw new Error(`${events.length} events instead of one`);
  return event;
}
