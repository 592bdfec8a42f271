import { expect, test } from 'vitest';
import { message, openSystem } from '../../support/system.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

const { tenantId, ...data } = message();
const EVENT = {
  specversion: '1.0',
  id: '17',
  source: '/shop',
  type: 'com.genesys.webmessaging.message-transmission',
  partitionkey: tenantId,
  data,
};
const WRONG = { ...data, guestId: 5 };
const STRUCTURED = { 'content-type': 'application/cloudevents+json' };
const BATCHED = { 'content-type': 'application/cloudevents-batch+json' };
const DETAIL = expect.any(String);

async function stage() {
  const { url, keys } = await openServer(await openSystem());
  return callerOf(url, await keys.make());
}

function binary(attributes: Readonly<Record<string, string>> = {}) {
  const { data: _data, ...own } = { ...EVENT, ...attributes };
  return Object.fromEntries(Object.entries(own).map(([name, value]) => [`ce-${name}`, value]));
}

test('the errors of an event in binary mode are those of its body and of its headers', async () => {
  const call = await stage();

  const field = await call('/v1/events', { body: WRONG, headers: binary() });
  const type = await call('/v1/events', { body: data, headers: binary({ type: 'other' }) });
  const tenant = await call('/v1/events', { body: data, headers: binary({ partitionkey: 'nowhere' }) });

  expect(field.body.errors).toEqual([{ pointer: '#/guestId', detail: DETAIL }]);
  expect(type.body.errors).toEqual([{ header: 'ce-type', detail: DETAIL }]);
  expect(tenant.body.errors).toEqual([{ header: 'ce-partitionkey', detail: DETAIL }]);
});

test('the errors of a structured event are in its data, its attributes or its base64', async () => {
  const call = await stage();
  const { data: _data, ...attributes } = EVENT;
  const encoded = {
    ...attributes,
    datacontenttype: 'application/json',
    data_base64: Buffer.from(JSON.stringify(WRONG)).toString('base64'),
  };

  const tenant = await call('/v1/events', {
    body: { ...EVENT, partitionkey: 'nowhere' },
    headers: STRUCTURED,
  });
  const base64 = await call('/v1/events', { body: encoded, headers: STRUCTURED });

  expect(tenant.body.errors).toEqual([{ pointer: '#/partitionkey', detail: DETAIL }]);
  expect(base64.body.errors).toEqual([
    { pointer: '#/data_base64', detail: expect.stringMatching(/^guestId: /) },
  ]);
});

test('the errors of a batch of events are those of the list, all together and event by event', async () => {
  const call = await stage();

  const { body } = await call('/v1/events', {
    body: [EVENT, { ...EVENT, id: '18', data: WRONG }, { ...EVENT, id: '19', type: 'other' }],
    headers: BATCHED,
  });

  const [second, third] = [
    { pointer: '#/1/data/guestId', detail: DETAIL },
    { pointer: '#/2/type', detail: DETAIL },
  ];
  expect(body.errors).toEqual([second, third]);
  expect(body.results[1].errors).toEqual([second]);
  expect(body.results[2].errors).toEqual([third]);
});

test('a pointer ends in front of a name that is not shown', async () => {
  const call = await stage();

  const { body } = await call('/v1/messages', {
    body: { ...message(), customAttributes: { 'a/b~c': {} } },
  });

  expect(body.errors).toEqual([{ pointer: '#/customAttributes', detail: DETAIL }]);
});

test('an unknown parameter is named, unless its name may be a text', async () => {
  const call = await stage();

  const { status, body } = await call('/v1/jobs?tenant=acme&colour=red&a%20secret%20text=1');

  expect([status, body.code]).toEqual([400, 'PARAMETERS_INVALID']);
  expect(body.errors).toEqual([
    { parameter: 'colour', detail: 'unknown parameter "colour"' },
    { detail: 'unknown parameter (a name of 13 characters)' },
  ]);
});

test('a single event is answered with the address and the links of its job', async () => {
  const call = await stage();

  const { headers, body } = await call('/v1/events', { body: EVENT, headers: STRUCTURED });

  const [{ id, links }] = body.results;
  expect(headers.get('location')).toBe(`/v1/jobs/${id}`);
  expect(links).toMatchObject({ self: `/v1/jobs/${id}`, retry: `/v1/jobs/${id}/retry` });
});
