import { CloudEvent, HTTP } from 'cloudevents';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventsOf, type ParsedEvent } from '../../../src/ingest/cloud-events.ts';
import { message } from '../../support/guides/message.ts';
import { eventOf, jobOf, structured, TYPE } from './events.ts';

type Attributes = ConstructorParameters<typeof CloudEvent>[0];

/** The official package reads and writes CloudEvents too: neither side may be alone with its view. */
function official(attributes: Readonly<Record<string, unknown>> = {}): CloudEvent<unknown> {
  return new CloudEvent({ ...eventOf(), ...attributes } as Attributes);
}

/** Reads a request that the package wrote. */
function read({ headers, body }: ReturnType<typeof HTTP.binary>): ParsedEvent {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const [event] = eventsOf({ headers: Object.fromEntries(lower), body: Buffer.from(String(body)) }).events;
  if (!event) throw new Error('no event');
  return event;
}

/** What a header may hold as it is: the package does not percent-encode. */
const plain = fc.stringMatching(/^[!#$&-~]{1,30}$/);
const path = fc.stringMatching(/^\/[a-z0-9._~-]{0,20}$/);
const extension = fc.oneof(plain, fc.boolean(), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
const RESERVED =
  /^(data|id|source|type|time|specversion|subject|dataschema|schemaurl|datacontent.*|traceparent|partitionkey)$/;
const extensions = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z0-9]{0,19}$/).filter((name) => !RESERVED.test(name)),
  extension,
);

describe('an event that the official package writes', () => {
  const attributes = fc.record({
    id: plain,
    source: path,
    subject: plain,
    time: fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
      .map((date) => date.toISOString()),
    dataschema: fc.constant('https://example.com/schema'),
  });

  test('is read in binary, structured and batched mode, as the same job', () => {
    fc.assert(
      fc.property(attributes, extensions, (own, more) => {
        const event = official({ ...own, ...more, partitionkey: 'acme' });
        const job = jobOf(read(HTTP.structured(event)));

        expect(job.input).toEqual(message());
        expect(jobOf(read(HTTP.binary(event)))).toEqual(job);
        const headers = { 'content-type': 'application/cloudevents-batch+json' };
        const batch = eventsOf({ headers, body: Buffer.from(JSON.stringify([event, event])) });
        expect(batch.events).toEqual([
          { ...job, index: 0 },
          { ...job, index: 1 },
        ]);
      }),
    );
  });

  test('is read in structured mode with texts of all languages', () => {
    const word = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => !/\p{Cc}|\p{Noncharacter_Code_Point}|\p{Cs}/u.test(text));
    fc.assert(
      fc.property(word, word, (id, subject) => {
        expect(read(HTTP.structured(official({ id, subject })))).toHaveProperty('kind');
      }),
    );
  });

  test('is read where its data is binary', () => {
    const data = Buffer.from(JSON.stringify(message()));
    const event = official({ data: Uint8Array.from(data), datacontenttype: 'application/json' });
    expect(jobOf(read(HTTP.structured(event))).input).toEqual(message());
  });
});

/** Whether the package takes an event. Its strict constructor checks more than `HTTP.toEvent`. */
function isOfficial(event: Readonly<Record<string, unknown>>): boolean {
  try {
    new CloudEvent(event as Attributes);
    return true;
  } catch {
    return false;
  }
}

const isRead = (event: unknown) => structured(event).issues === undefined;

/** A source with a quote, or with a colon in front of the first slash but no scheme: the package takes it. */
const LAX = /"|^(?![a-z][a-z0-9+.-]*:)[^/?#]*:/i;

describe('an event that the official package refuses', () => {
  test.for([
    { source: 'a b' },
    { source: 'http://[' },
    { source: '%zz' },
    { source: '' },
    { source: undefined },
    { source: 5 },
    { type: '' },
    { type: undefined },
    { type: 5 },
    { id: 5 },
    { time: 'yesterday' },
    { time: '2026-02-30T00:00:00Z' },
    { dataschema: '/relative' },
    { subject: 5 },
    { subject: '' },
    { datacontenttype: '' },
    { Extension: 'x' },
    { 'ext-ension': 'x' },
    { ext_ension: 'x' },
    { extension: 1.5 },
    { schemaurl: 5.5 },
  ])('is refused here too: %j', (attributes) => {
    expect(isOfficial(eventOf(attributes))).toBe(false);
    expect(isRead(eventOf(attributes))).toBe(false);
  });

  test('for its source is refused here too', () => {
    const part = fc.constantFrom(
      'a',
      'B',
      '1',
      ':',
      '/',
      '//',
      '?',
      '#',
      '%41',
      '%',
      '[',
      ']',
      '@',
      '.',
      '~',
      '!',
      ' ',
      'ä',
      '"',
      '\\',
      '<',
      '^',
      '|',
      '::1',
      'http:',
      '-',
      '_',
      '&',
      '{',
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
        const source = parts.join('');
        if (!isOfficial(eventOf({ source }))) expect(isRead(eventOf({ source })), source).toBe(false);
        // Without these the package is as strict.
        else if (!LAX.test(source)) expect(isRead(eventOf({ source })), source).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('for its time is refused here too', () => {
    const part = (max: number) =>
      fc.integer({ min: 0, max }).map((number) => String(number).padStart(2, '0'));
    const time = fc
      .tuple(
        fc.integer({ min: 1900, max: 2100 }),
        part(13),
        part(32),
        part(25),
        part(61),
        part(61),
        fc.constantFrom('', '.5'),
        fc.constantFrom('Z', 'z', '', '+01:00', '+25:00', '-23:59', '+1'),
      )
      .map(
        ([year, month, day, hour, minute, second, fraction, zone]) =>
          `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${zone}`,
      );
    fc.assert(
      fc.property(time, (text) => {
        if (!isOfficial(eventOf({ time: text }))) expect(isRead(eventOf({ time: text })), text).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Where the two differ, and which sentence of CloudEvents is the reason. */
describe('this door is stricter than the official package', () => {
  test.for([
    { why: 'another version has other rules', event: eventOf({ specversion: '0.3' }) },
    { why: 'id must be there; the package makes one up', event: eventOf({ id: undefined }) },
    { why: 'specversion must be there; the package assumes 1.0', event: eventOf({ specversion: undefined }) },
    { why: 'an attribute has a simple type', event: eventOf({ extension: { a: 1 } }) },
    { why: 'an attribute has a simple type', event: eventOf({ extension: [1] }) },
    { why: 'a whole number has 32 bits', event: eventOf({ extension: 2 ** 31 }) },
    { why: 'a text has no control characters', event: eventOf({ id: 'a\nb' }) },
    { why: 'a text has no half characters', event: eventOf({ id: '\ud800' }) },
    { why: 'a URI has no quotes', event: eventOf({ source: 'a"b' }) },
    { why: 'a scheme begins with a letter', event: eventOf({ source: '1:2' }) },
    { why: 'the data is a job', event: eventOf({ data: 'text' }) },
    { why: 'the data is JSON', event: eventOf({ datacontenttype: 'text/plain' }) },
    { why: 'the type names a kind', event: eventOf({ type: 'com.example.x' }) },
    { why: 'there is either data or data_base64', event: eventOf({ data_base64: 'e30=' }) },
    { why: 'RFC 3339 has a T', event: eventOf({ time: '2026-03-01 09:30:00Z' }) },
  ])('$why', ({ event }) => {
    expect(isOfficial(event)).toBe(true);
    expect(isRead(event)).toBe(false);
  });

  test('it decodes headers by the binding; the package takes them as they are', () => {
    const headers = {
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-source': '/',
      'ce-type': TYPE,
    };
    const body = JSON.stringify(message());
    const theirs = HTTP.toEvent({ headers: { ...headers, 'ce-id': 'a%20b' }, body }) as CloudEvent<unknown>;
    expect(theirs.id).toBe('a%20b');
    const ours = eventsOf({ headers: { ...headers, 'ce-id': 'a%20b' }, body: Buffer.from(body) }).events;
    expect(ours).toEqual(
      eventsOf({ headers: { ...headers, 'ce-id': '"a b"' }, body: Buffer.from(body) }).events,
    );
  });
});
