import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import * as samples from '../../../src/http/routes/samples.ts';
import { message, openSystem } from '../../support/system.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

const TEXT = 'a text that only the customer may read';

describe('POST of one job', () => {
  test.for([
    ['/v1/messages', 'message-transmission', samples.message],
    ['/v1/cards', 'card-delivery', samples.card],
    ['/v1/embeds', 'embed-generation', samples.embed],
    ['/v1/rollouts', 'config-rollout', samples.rollout],
    ['/v1/rollouts', 'config-rollout', samples.rollback],
    ['/v1/deployments', 'config-rollout', samples.deployment],
    ['/v1/audit-syncs', 'audit-sync', samples.auditSync],
  ] as const)('%s accepts the example of the API document as %s', async ([path, kind, body]) => {
    const system = await openSystem();
    const { url, keys } = await openServer(system);
    const call = callerOf(url, await keys.make({ scopes: ['send'] }));

    const { status, headers, body: answer } = await call(path, { body });

    expect([status, answer.status]).toEqual([202, 'accepted']);
    expect(answer.ids).toEqual([answer.id]);
    expect(headers.get('location')).toBe(`/v1/jobs/${answer.id}`);
    expect(headers.get('idempotency-replayed')).toBeNull();
    expect(await system.jobs.get(kind, answer.id)).toMatchObject({ kind, tenantId: 'acme' });
  });

  test('answers with all ids of a text that is split', async () => {
    const { url, keys } = await openServer(await openSystem());
    const content = 'word '.repeat(2000);
    const body = { ...message(), split: true, body: { contentType: 'text/plain', content } };

    const { status, body: answer } = await callerOf(url, await keys.make())('/v1/messages', { body });

    expect(status).toBe(202);
    expect(answer.ids).toEqual([answer.id, `${answer.id}-2`, `${answer.id}-3`]);
  });

  test('takes the tenant of a key that is bound to one', async () => {
    const system = await openSystem();
    const { url, keys } = await openServer(system);
    const { tenantId: _ofTheKey, ...body } = message();

    const bound = await callerOf(url, await keys.make({ tenants: ['acme'] }))('/v1/messages', { body });
    const free = await callerOf(url, await keys.make())('/v1/messages', { body });

    expect(bound.status).toBe(202);
    expect(await system.jobs.get('message-transmission', bound.body.id)).toMatchObject({ tenantId: 'acme' });
    expect(free.status).toBe(422);
    expect(free.body.errors).toEqual([{ pointer: '#/tenantId', detail: expect.any(String) }]);
  });

  test('answers for the tenant of another key as for an unknown one', async () => {
    const { url, keys } = await openServer(await openSystem({ tenants: ['acme', 'globex'] }));
    const call = callerOf(url, await keys.make({ tenants: ['acme'] }));

    const foreign = await call('/v1/messages', { body: { ...message(), tenantId: 'globex' } });
    const unknown = await call('/v1/messages', { body: { ...message(), tenantId: 'nowhere' } });

    expect([foreign.status, unknown.status]).toEqual([422, 422]);
    expect(foreign.body).toEqual(unknown.body);
  });

  test('names every error by its pointer, and no value', async () => {
    const { url, keys } = await openServer(await openSystem());
    const body = { ...message(), guestId: `${TEXT} ${TEXT}`, body: { contentType: TEXT, content: 5 } };

    const answer = await callerOf(url, await keys.make())('/v1/messages', { body });

    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({
      type: '/errors/JOB_INVALID',
      title: 'The job is not valid',
      status: 422,
      code: 'JOB_INVALID',
    });
    const pointers = answer.body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers).toEqual(['#/guestId', '#/body/contentType', '#/body/content']);
    expect(JSON.stringify(answer.body)).not.toContain(TEXT);
  });

  test.for([
    ['/v1/messages', ['application/json', 'text/plain']],
    ['/v1/messages', ['application/json', 'application/json']],
    ['/v1/messages', ['application/json; charset=utf-16']],
    ['/v1/messages', ['application/json; charset=latin1']],
    ['/v1/batch', ['application/x-ndjson', 'text/plain']],
    ['/v1/batch', ['application/x-ndjson; charset=iso-8859-1']],
    ['/v1/jobs/retry', ['application/json', 'text/plain']],
  ] as const)('refuses a body whose type is not one type in UTF-8: %s %j', async ([path, types]) => {
    const { url, keys } = await openServer(await openSystem());
    const body = JSON.stringify({ kind: 'message-transmission', ...message() });
    const headers = ['x-api-key', await keys.make(), 'content-length', String(body.length), 'host', 'a'];
    for (const type of types) headers.push('Content-Type', type);
    const request = httpRequest(url + path, { method: 'POST', headers });

    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];

    expect([response.statusCode, JSON.parse(await text(response)).code]).toEqual([
      415,
      'MEDIA_TYPE_UNSUPPORTED',
    ]);
  });

  test.for(['schlüssel', 'schlüssel'.normalize('NFD')])(
    'refuses an Idempotency-Key that is not ASCII: %s',
    async (key) => {
      const { url, keys } = await openServer(await openSystem());
      const headers = { 'idempotency-key': Buffer.from(key).toString('latin1') };

      const answer = await callerOf(url, await keys.make())('/v1/messages', { body: message(), headers });

      expect([answer.status, answer.body.code]).toEqual([400, 'IDEMPOTENCY_KEY_INVALID']);
    },
  );

  test('refuses a number that would lose digits, as a batch does', async () => {
    const { url, keys } = await openServer(await openSystem());
    const body = JSON.stringify({ ...message(), attachments: [{ sizeBytes: 16 }] }).replace(
      '"sizeBytes":16',
      '"sizeBytes":16.00000000000000000001',
    );

    const answer = await callerOf(url, await keys.make())('/v1/messages', { body });

    expect([answer.status, answer.body.errors]).toEqual([
      422,
      [{ pointer: '#/attachments/0/sizeBytes', detail: expect.stringContaining('keeps its digits') }],
    ]);
  });

  test('refuses a type of a job that belongs to another address, and steps', async () => {
    const { url, keys } = await openServer(await openSystem());
    const call = callerOf(url, await keys.make());

    const answers = await Promise.all([
      call('/v1/deployments', { body: { ...samples.rollback, type: 'rollback' } }),
      call('/v1/rollouts', { body: { ...samples.deployment, type: 'deployment' } }),
      call('/v1/rollouts', { body: { type: 'replication' } }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422]);
  });
});

describe('the idempotency key', () => {
  const once = { headers: { 'idempotency-key': '"order 1"' } };

  test.for([
    ['quoted', '"order-1"'],
    ['bare', 'order-1'],
  ] as const)('replays the answer of a %s key', async ([, key]) => {
    const { url, keys } = await openServer(await openSystem());
    const call = callerOf(url, await keys.make());
    const request = { body: message(), headers: { 'idempotency-key': key } };

    const first = await call('/v1/messages', request);
    const again = await call('/v1/messages', request);
    const inBody = await call('/v1/messages', { body: { ...message(), idempotencyKey: 'order-1' } });

    expect([first.status, again.status, inBody.status]).toEqual([202, 202, 202]);
    expect(again.body).toEqual(first.body);
    expect(inBody.body).toEqual(first.body);
    const replayed = [first, again, inBody].map(({ headers }) => headers.get('idempotency-replayed'));
    expect(replayed).toEqual([null, 'true', 'true']);
  });

  test('belongs to one body', async () => {
    const { url, keys } = await openServer(await openSystem());
    const call = callerOf(url, await keys.make());
    const headers = { 'idempotency-key': 'order-1' };
    await call('/v1/messages', { body: message(), headers });

    const other = await call('/v1/messages', { body: { ...message(), guestId: 'another' }, headers });

    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  test('is the same in the header and in the body', async () => {
    const { url, keys } = await openServer(await openSystem());
    const body = { ...message(), idempotencyKey: 'order-2' };

    const answer = await callerOf(url, await keys.make())('/v1/messages', {
      body,
      headers: { 'idempotency-key': 'order-1' },
    });

    expect([answer.status, answer.body.code]).toEqual([422, 'IDEMPOTENCY_KEYS_DIFFER']);
  });

  test('has no white space', async () => {
    const { url, keys } = await openServer(await openSystem());

    const answer = await callerOf(url, await keys.make())('/v1/messages', { body: message(), ...once });

    expect([answer.status, answer.body.code]).toEqual([400, 'IDEMPOTENCY_KEY_INVALID']);
  });

  test('accepts one of many requests at the same time; the others are replayed or refused', async () => {
    const system = await openSystem();
    const { url, keys } = await openServer(system);
    const call = callerOf(url, await keys.make());
    const request = { body: message(), headers: { 'idempotency-key': 'order-1' } };

    const answers = await Promise.all(Array.from({ length: 20 }, () => call('/v1/messages', request)));

    const fresh = answers.filter(
      ({ status, headers }) => status === 202 && headers.get('idempotency-replayed') === null,
    );
    expect(fresh).toHaveLength(1);
    for (const { status, body } of answers) {
      if (status === 202) expect(body.id).toBe(fresh[0]?.body.id);
      else expect([status, body.code]).toEqual([409, 'IDEMPOTENCY_KEY_IN_USE']);
    }
  });
});
