import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventsOf, MAX_EVENTS } from '../../../src/ingest/cloud-events.ts';
import { JOB_KINDS } from '../../../src/jobs/catalog.ts';
import { message } from '../../support/guides/message.ts';
import { batched, binary, bytesOf, eventOf, headersOf, issuesOf, jobOf, structured, TYPE } from './events.ts';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('an event', () => {
  test('is the same job in every mode', () => {
    const job = {
      kind: 'message-transmission',
      input: message(),
      idempotencyKey: expect.stringMatching(/^ce_[\w-]{43}$/),
    };

    expect(structured(eventOf())).toEqual({ index: 0, ...job });
    expect(binary()).toEqual(structured(eventOf()));
    expect(batched([eventOf(), eventOf()])).toEqual([
      { ...structured(eventOf()), index: 0 },
      { ...structured(eventOf()), index: 1 },
    ]);
  });

  test.for([
    'application/cloudevents+json',
    'Application/CloudEvents+JSON; Charset="UTF-8"',
    'application/cloudevents+json;charset=utf-8;x=y',
    ' application/cloudevents+json\t;',
  ])('is structured by the Content-Type %j', (contentType) => {
    expect(structured(eventOf(), contentType)).toHaveProperty('kind');
  });

  test.for(['application/json', 'APPLICATION/JSON; charset=utf-8', 'text/json', 'application/vnd.shop+json'])(
    'is binary by the Content-Type %j',
    (contentType) => {
      expect(binary({ 'content-type': contentType })).toHaveProperty('kind');
    },
  );

  test.for([
    'text/plain',
    'application/xml',
    'application/cloudevents',
    'application/cloudevents+avro',
    'application/cloudevents-batch',
    'application/cloudeventsx+json',
    'application/cloudevents+json garbage',
    'application/cloudevents+json, application/cloudevents+json',
    'application/json; charset=latin1',
    'application/json; charset=utf-8; charset=latin1',
    'application/json\u00a0',
    'json',
    '',
    `application/json;${' ;'.repeat(5000)}x`,
    `application/json;${' ;'.repeat(100)}x`,
  ])('of the Content-Type %j is refused', (contentType) => {
    expect(() => binary({ 'content-type': contentType })).toThrow(
      expect.objectContaining({ code: 'MEDIA_TYPE_UNSUPPORTED', status: 415 }),
    );
  });

  test.for(['{"a":', 'secret', '"\ud800', ''])('with the body %j is refused as a whole', (body) => {
    const unreadable = expect.objectContaining({ code: 'BODY_UNREADABLE', status: 400 });
    expect(() => structured(body)).toThrow(unreadable);
    expect(() => eventsOf({ headers: headersOf(), body: Buffer.from('{"a"\xff', 'latin1') })).toThrow(
      unreadable,
    );
  });

  test.for([null, 1, 'text', [], true])('that is %j has an issue', (value) => {
    expect(issuesOf(structured(JSON.stringify(value)))).toEqual([
      expect.stringMatching(/^: expected an event, an object, got /),
    ]);
  });
});

describe('the attributes', () => {
  test.for(['specversion', 'id', 'source', 'type'])('%s must be there, in each mode', (name) => {
    const missing = [`${name}: expected a text, but it is missing`];
    expect(issuesOf(structured(eventOf({ [name]: undefined })))).toEqual(missing);
    expect(issuesOf(structured(eventOf({ [name]: null })))).toEqual(missing);
    const { [`ce-${name}`]: _, ...headers } = headersOf();
    expect(
      issuesOf(eventsOf({ headers, body: bytesOf(message()) }).events[0] ?? { index: 0, issues: [] }),
    ).toEqual(missing);
    expect(issuesOf(structured(eventOf({ [name]: '' })))).toEqual([
      `${name}: expected a text that is not empty`,
    ]);
    expect(issuesOf(binary({ [`ce-${name}`]: '' }))).toEqual([`${name}: expected a text that is not empty`]);
  });

  test.for([
    { field: 'specversion', bad: ['0.3', '1.0.1', '1', 1, 'secret'] },
    { field: 'id', bad: [1, {}, ['a'], 'a\nb', '\ud800', 'x'.repeat(4097), '\ufdd0', '\u0085'] },
    { field: 'source', bad: ['a b', '1:2', 'ä', '%zz', '[', 'a#b#c', 'http://[::1', '\\', '<x>', 1] },
    { field: 'type', bad: [{ toString: 1 }, 5, 'x\u0000'] },
    {
      field: 'time',
      bad: ['2026-02-30T00:00:00Z', '2026-03-01', '2026-03-01T09:30:00', '1772357400', 1, 'secret'],
    },
    { field: 'dataschema', bad: ['/relative', '', 1] },
    { field: 'subject', bad: ['', 1, 'a\tb'] },
    { field: 'partitionkey', bad: ['', 1, {}] },
    { field: 'traceparent', bad: ['', 1] },
    { field: 'myextension', bad: [{}, [], 1.5, 2 ** 31, 'a\nb'] },
  ])('$field has an issue, which does not quote it', ({ field, bad }) => {
    for (const value of bad) {
      const issues = issuesOf(structured(eventOf({ [field]: value })));
      expect(issues, String(JSON.stringify(value))).toHaveLength(1);
      expect(issues[0]).toMatch(new RegExp(`^${field}: expected `));
      expect(issues[0]).not.toContain('secret');
    }
  });

  test('may be extensions of every simple type, and unset ones', () => {
    const extensions = {
      a: 'x',
      b: true,
      c: -(2 ** 31),
      d: null,
      e: '',
      verylongnameofanextension: 'x',
      subject: null,
    };
    expect(structured(eventOf(extensions))).toHaveProperty('kind');
  });

  test.for(['camelCase', 'snake_case', 'kebab-case', 'x.y', '', 'ä', '#exactNumber'])(
    'may not be called %j',
    (name) => {
      expect(issuesOf(structured(eventOf({ [name]: 'x' })))).toEqual([
        expect.stringContaining('expected a name of lower-case letters and digits only'),
      ]);
      expect(issuesOf(binary({ [`ce-${name}`]: 'x' }))).toEqual([
        expect.stringContaining('expected a name of lower-case letters and digits only'),
      ]);
    },
  );

  test('of a prototype are refused', () => {
    const event = bytesOf(eventOf()).toString();
    const withProto = `{"__proto__":{"id":"x","polluted":true},${event.slice(1)}`;
    expect(issuesOf(structured(withProto))).toEqual([': expected no field of the name "__proto__"']);
    expect(issuesOf(binary({ 'ce-__proto__': 'x' }))).toHaveLength(1);
    expect('polluted' in {}).toBe(false);
    expect(structured(eventOf({ constructor: 'x' }))).toHaveProperty('kind');
    expect(issuesOf(structured(eventOf({ data: JSON.parse('{"__proto__":{}}') })))).toEqual([
      'data: expected no field of the name "__proto__"',
    ]);
  });

  test.for([
    '2026-03-01T09:30:00Z',
    '2026-03-01t09:30:00.123456789+05:30',
    '2016-12-31T23:59:60z',
    '2024-02-29T00:00:00-00:00',
  ])('time may be %s', (time) => {
    expect(structured(eventOf({ time }))).toHaveProperty('kind');
  });

  test('of a data type beside the Content-Type are refused', () => {
    expect(issuesOf(binary({ 'ce-datacontenttype': 'application/json' }))).toEqual([
      'datacontenttype: expected no such header: the Content-Type says it',
    ]);
    expect(issuesOf(binary({ 'ce-data': 'x' }))).toEqual(['data: expected no attribute of the name "data"']);
  });

  test('in a header that comes twice are refused', () => {
    const headers = headersOf({ 'ce-id': 'a, b' });
    const rawHeaders = ['Content-Type', 'application/json', 'CE-Id', 'a', 'ce-id', 'b'];
    const [event] = eventsOf({ headers, rawHeaders, body: bytesOf(message()) }).events;
    expect(event?.issues).toEqual([{ path: 'id', message: 'expected the header once' }]);
    const twoTypes = ['content-type', 'application/json', 'Content-Type', 'text/plain'];
    expect(() => eventsOf({ headers, rawHeaders: twoTypes, body: bytesOf(message()) })).toThrow(
      expect.objectContaining({ code: 'MEDIA_TYPE_UNSUPPORTED' }),
    );
  });
});

describe('the job of an event', () => {
  test.for(JOB_KINDS.filter((kind) => kind !== 'webhook-delivery'))('may be of the kind %s', (kind) => {
    expect(jobOf(structured(eventOf({ type: `com.genesys.webmessaging.${kind}` }))).kind).toBe(kind);
  });

  test.for(['webhook-delivery', 'constructor', '__proto__', 'Message-Transmission', ''])(
    'is not of the kind %j',
    (kind) => {
      const [issue] = issuesOf(structured(eventOf({ type: `com.genesys.webmessaging.${kind}` })));
      expect(issue).toMatch(/^type: expected com\.genesys\.webmessaging\. and one of message-transmission, /);
    },
  );

  test('has a key of source and id, which no other pair has', () => {
    const keyOf = (source: string, id: string) => jobOf(structured(eventOf({ source, id }))).idempotencyKey;
    expect(keyOf('/a', 'bc')).toBe(keyOf('/a', 'bc'));
    expect(keyOf('/a', 'bc')).not.toBe(keyOf('/ab', 'c'));
    expect(keyOf('/a1:b', 'c')).not.toBe(keyOf('/a', '1:bc'));
    const word = fc.stringMatching(/^[a-c:1-3]{1,6}$/);
    fc.assert(
      fc.property(word, word, word, word, (source1, id1, source2, id2) => {
        const isSame = source1 === source2 && id1 === id2;
        expect(keyOf(`/${source1}`, id1) === keyOf(`/${source2}`, id2)).toBe(isSame);
      }),
    );
  });

  test('has no key of its own in the data', () => {
    expect(issuesOf(structured(eventOf({ data: message({ idempotencyKey: 'x' }) })))).toEqual([
      'data.idempotencyKey: expected no key in the data: source and id of the event are the key',
    ]);
  });

  test('has the tenant of the partition key, where the data has none', () => {
    const { tenantId: _, ...data } = message();
    expect(jobOf(structured(eventOf({ data, partitionkey: 'globex' }))).input).toEqual({
      ...data,
      tenantId: 'globex',
    });
    expect(jobOf(structured(eventOf({ data }))).input).toEqual(data);
    expect(jobOf(structured(eventOf({ partitionkey: 'acme' }))).input).toEqual(message());
    expect(issuesOf(structured(eventOf({ partitionkey: 'globex' })))).toEqual([
      'partitionkey: expected the tenantId of the data, or no partitionkey',
    ]);
    expect(jobOf(binary({ 'ce-partitionkey': 'acme' })).input).toEqual(message());
  });

  test('keeps the trace, and ignores one that cannot be read', () => {
    expect(jobOf(structured(eventOf({ traceparent: TRACE }))).traceparent).toBe(TRACE);
    expect(jobOf(binary({ 'ce-traceparent': TRACE })).traceparent).toBe(TRACE);
    for (const bad of [
      'x',
      TRACE.toUpperCase(),
      `ff${TRACE.slice(2)}`,
      TRACE.replace(/[1-9a-f]/g, '0'),
      `${TRACE}-1`,
    ]) {
      expect(jobOf(structured(eventOf({ traceparent: bad })))).not.toHaveProperty('traceparent');
    }
  });
});

describe('the data', () => {
  test.for([undefined, null, 'text', 5, [], [message()]])('that is %j has an issue', (data) => {
    expect(issuesOf(structured(eventOf({ data })))).toEqual([
      expect.stringMatching(/^data: expected an object, the fields of a job, (got |but it is missing)/),
    ]);
  });

  test('that is missing in binary mode has an issue', () => {
    expect(issuesOf(binary({}, ''))).toEqual([expect.stringMatching(/^data: .* but it is missing$/)]);
  });

  test('may be in base64, as JSON', () => {
    const base64 = bytesOf(message()).toString('base64');
    const event = {
      ...eventOf({ data: undefined }),
      data_base64: base64,
      datacontenttype: 'application/json',
    };
    expect(jobOf(structured(event)).input).toEqual(message());
    expect(issuesOf(structured({ ...event, datacontenttype: undefined }))).toEqual([
      'datacontenttype: expected application/json beside data_base64, but it is missing',
    ]);
    expect(issuesOf(structured({ ...event, data: {} }))).toEqual([
      'data_base64: expected either data or data_base64, got both',
    ]);
    for (const bad of ['*', 'e30', 'e30=\n', ' e30=', 5, {}, bytesOf('{').toString('base64'), '/w==']) {
      expect(issuesOf(structured({ ...event, data_base64: bad }))).toEqual([
        expect.stringMatching(/^data_base64: expected /),
      ]);
    }
    expect(structured({ ...eventOf(), data_base64: null })).toHaveProperty('kind');
  });

  test.for(['text/plain', 'application/xml', 'application/json; charset=latin1', 'x'])(
    'may not be %s',
    (type) => {
      expect(issuesOf(structured(eventOf({ datacontenttype: type })))).toEqual([
        'datacontenttype: expected application/json in UTF-8, got another type',
      ]);
    },
  );

  test.for(['TEXT/JSON', 'application/vnd.shop+json; charset=utf-8'])('may be %s', (type) => {
    expect(structured(eventOf({ datacontenttype: type }))).toHaveProperty('kind');
  });

  test('has no number that would lose digits, in each mode', () => {
    const data = '{"a":[{"b":76561197980428154}]}';
    const event = `{"specversion":"1.0","id":"1","source":"/","type":"${TYPE}","data":${data}}`;
    const issue = [expect.stringMatching(/^data\.a\[0\]\.b: expected a number that keeps its digits/)];
    expect(issuesOf(structured(event))).toEqual(issue);
    expect(issuesOf(binary({}, data))).toEqual(issue);
    const [good, bad] = batched(`[${JSON.stringify(eventOf())},${event}]`);
    expect([good?.issues, bad && issuesOf(bad)]).toEqual([undefined, issue]);
  });

  test.for([
    { open: '[', close: ']', inside: '' },
    { open: '{"a":', close: '}', inside: '1' },
    { open: '[', close: ']', inside: '76561197980428154' },
  ])('nested without end in $open is refused, in each mode', ({ open, close, inside }) => {
    const deep = open.repeat(100_000) + inside + close.repeat(100_000);
    const act = (read: () => unknown) => {
      try {
        return JSON.stringify(read());
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    const event = JSON.stringify(eventOf({ data: 0 })).replace('"data":0', `"data":${deep}`);
    for (const said of [
      act(() => structured(event)),
      act(() => batched(`[${event}]`)),
      act(() => batched(deep)),
      act(() => binary({}, deep)),
      act(() => structured(event.replace(/"data"/, '"myextension"'))),
    ]) {
      expect(said === 'BODY_UNREADABLE' || said?.includes('issues')).toBe(true);
    }
  });
});

describe('a batch', () => {
  test('may be empty', () => {
    expect(batched([])).toEqual([]);
  });

  test('has issues event by event', () => {
    const events = batched([eventOf(), eventOf({ id: 5 }), 'x', eventOf({ id: 'event-2' })]);
    expect(events.map(({ index, issues }) => [index, issues?.[0]?.path])).toEqual([
      [0, undefined],
      [1, 'id'],
      [2, ''],
      [3, undefined],
    ]);
  });

  test('has a bounded number of events', () => {
    expect(batched(Array(MAX_EVENTS).fill(1))).toHaveLength(MAX_EVENTS);
    expect(() => batched(Array(MAX_EVENTS + 1).fill(1))).toThrow(
      expect.objectContaining({ code: 'BATCH_TOO_LARGE', status: 413 }),
    );
  });

  test.for(['{}', '1', 'null', '"x"'])('that is %s is refused', (body) => {
    expect(() => batched(body)).toThrow(expect.objectContaining({ code: 'BODY_UNREADABLE' }));
  });
});

describe('any request', () => {
  test('gives events, or an error of the body', () => {
    const name = fc.oneof(
      fc.constantFrom('ce-id', 'ce-source', 'ce-type', 'ce-time', 'ce-x', 'ce-__proto__'),
      fc.string(),
    );
    const headers = fc.dictionary(name, fc.oneof(fc.string({ unit: 'binary' }), fc.constant(TYPE)));
    const types = fc.constantFrom(
      'application/json',
      'application/cloudevents+json',
      'application/cloudevents-batch+json',
    );
    const attributes = fc.dictionary(
      fc.oneof(
        fc.constantFrom('id', 'source', 'type', 'data', 'data_base64', 'time', '__proto__'),
        fc.string(),
      ),
      fc.oneof(fc.jsonValue(), fc.constant(TYPE)),
    );
    const body = fc.oneof(
      fc.json().map(bytesOf),
      fc.uint8Array(),
      attributes.map((fields) => bytesOf({ ...eventOf(), ...fields })),
      fc.array(attributes).map((list) => bytesOf(list)),
    );
    fc.assert(
      fc.property(headers, types, fc.boolean(), body, (odd, contentType, isWhole, bytes) => {
        const all = { ...(isWhole && headersOf()), ...odd, 'content-type': contentType };
        try {
          for (const event of eventsOf({ headers: all, body: bytes }).events) {
            expect(event.issues ? event.issues.length > 0 : event.kind === 'message-transmission').toBe(true);
          }
        } catch (error) {
          expect(error).toMatchObject({ name: 'BodyError' });
        }
      }),
      { numRuns: 300 },
    );
  });
});
