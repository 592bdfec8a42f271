import { describe, expect, test } from 'vitest';
import type { SandboxClient } from '../../../src/sandbox/server.ts';
import { guideMessage } from '../../support/guides/message.ts';
import { messagesPath, openStage } from './caller.ts';

const slowClient: SandboxClient = {
  tenant: 'acme',
  clientId: 'acme-client',
  clientSecret: 'acme-sandbox-secret',
  scopes: ['messaging:conversation:write', 'audit:read'],
  limits: { messages: { capacity: 2, ratePerSecond: 0.25 } },
};
const otherClient: SandboxClient = {
  ...slowClient,
  clientId: 'globex-client',
  tenant: 'globex',
  clientSecret: 'globex-sandbox-secret',
};

describe('a request without a valid token', () => {
  test.each([
    ['no token', undefined, {}, 'authentication.required'],
    ['Basic auth', undefined, { authorization: 'Basic YTpi' }, 'authentication.required'],
    ['an unknown token', 'made-up', {}, 'bad.credentials'],
  ])('is answered 401 with %s', async (_case, token, headers, code) => {
    await using stage = await openStage();
    const reply = await stage.send(token, guideMessage, headers);
    expect(reply.status).toBe(401);
    expect(reply.body).toEqual({
      message: expect.any(String),
      code,
      status: 401,
      contextId: reply.headers.get('inin-correlation-id'),
      details: [],
      errors: [],
    });
    expect(stage.sandbox.stats()).toMatchObject({
      unauthorized: 1,
      byOperation: { 'message.send': { unauthorized: 1 } },
    });
  });

  test('takes no token of the rate limit', async () => {
    await using stage = await openStage({ clients: [slowClient] });
    const token = await stage.tokenOf('acme');
    for (let count = 0; count < 5; count += 1) await stage.send('made-up');
    expect((await stage.send(token)).headers.get('x-ratelimit-remaining')).toBe('1');
  });
});

test('a request whose token lacks the scope is answered 403 with the name of the scope', async () => {
  await using stage = await openStage();
  const reply = await stage.send(await stage.tokenOf('acme', 'audit:read'));
  expect(reply.status).toBe(403);
  expect(reply.body).toMatchObject({
    message: expect.stringContaining('messaging:conversation:write'),
    code: 'missing.permissions',
    status: 403,
    messageParams: { permissions: 'messaging:conversation:write' },
  });
  expect(stage.sandbox.stats()).toMatchObject({ rejected: 1, byTenant: { acme: { rejected: 1 } } });
});

describe('the rate limit', () => {
  test('answers 429 above the capacity, with the wait in whole seconds', async () => {
    await using stage = await openStage({ clients: [slowClient] });
    const token = await stage.tokenOf('acme');
    const remaining = [await stage.send(token), await stage.send(token)].map((reply) =>
      reply.headers.get('x-ratelimit-remaining'),
    );
    expect(remaining).toEqual(['1', '0']);

    const reply = await stage.send(token);
    expect(reply.status).toBe(429);
    expect(reply.headers.get('retry-after')).toBe('4');
    expect(reply.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(reply.body).toEqual({
      message: 'Rate limit exceeded the maximum. Retry the request in [4] seconds',
      code: 'too.many.requests.retry.after',
      status: 429,
      contextId: reply.headers.get('inin-correlation-id'),
      details: [],
      errors: [],
    });
    expect(stage.sandbox.stats()).toMatchObject({ accepted: 2, rateLimited: 1, rejected: 0 });

    stage.clock.advance(4);
    expect((await stage.send(token)).status).toBe(200);
    expect((await stage.send(token)).status).toBe(429);
  });

  test('is 100 at once and 100 per second for a client without limits of its own', async () => {
    await using stage = await openStage();
    const token = await stage.tokenOf('acme');
    const burst = async (count: number) => {
      const replies = await Promise.all(Array.from({ length: count }, () => stage.send(token)));
      return replies.filter(({ status }) => status === 200).length;
    };
    expect(await burst(120)).toBe(100);
    stage.clock.advance(0.5);
    expect(await burst(60)).toBe(50);
  });

  test('counts for each client, not for each token', async () => {
    await using stage = await openStage({ clients: [slowClient, otherClient] });
    for (let count = 0; count < 2; count += 1) await stage.send(await stage.tokenOf('acme'));
    expect((await stage.send(await stage.tokenOf('acme'))).status).toBe(429);
    expect((await stage.send(await stage.tokenOf('globex'))).status).toBe(200);
  });

  test('includes the foreign load on the same client', async () => {
    await using stage = await openStage();
    await stage.inject({ foreignLoad: [{ tenant: 'acme', class: 'messages', perSecond: 130 }] });
    stage.clock.advance(2);
    const remainingOf = async (tenant: string) =>
      (await stage.send(await stage.tokenOf(tenant))).headers.get('x-ratelimit-remaining');
    expect(await remainingOf('acme')).toBe('39');
    expect(await remainingOf('globex')).toBe('99');
    await stage.inject({});
    stage.clock.advance(0.1);
    expect(await remainingOf('acme')).toBe('48');
  });
});

describe('an unknown path', () => {
  test.each([
    ['GET', messagesPath],
    ['POST', '/api/v2/webchat/guest'],
    ['GET', '/api/v2/'],
  ])('%s %s is answered 404 in the shape of the API', async (method, path) => {
    await using stage = await openStage();
    const reply = await stage.call(path, { method });
    expect(reply.status).toBe(404);
    expect(reply.body).toEqual({
      message: expect.any(String),
      code: 'not.found',
      status: 404,
      contextId: reply.headers.get('inin-correlation-id'),
      details: [],
      errors: [],
    });
    expect(stage.sandbox.stats().rejected).toBe(1);
  });

  test.each([
    ['GET', '/api/v2/webchat/organizations//configurations'],
    ['PUT', '/api/v2/webchat/organizations//configurations'],
    ['PUT', '/api/v2/webmessaging/deployments/'],
    ['GET', '/api/v2/webchat/configurations/replicate/'],
  ] as const)('%s %s, with an empty id, is answered 404', async (method, path) => {
    await using stage = await openStage();
    const { status, body } = await stage.ask(path, { method, ...(method === 'PUT' && { body: {} }) });
    expect([status, body.code]).toEqual([404, 'not.found']);
  });

  test('is answered 404 with any body', async () => {
    await using stage = await openStage();
    for (const body of ['{', 'x'.repeat(600_000), new URLSearchParams({ a: 'b' })]) {
      const headers = typeof body === 'string' ? { 'content-type': 'application/json' } : undefined;
      const init = { method: 'POST', body, ...(headers === undefined ? {} : { headers }) };
      expect((await stage.call('/api/v2/nowhere', init)).status).toBe(404);
    }
    expect(stage.sandbox.stats().rejected).toBe(3);
  });

  test('a path with an invalid encoding is answered 400 in the shape of the API', async () => {
    await using stage = await openStage();
    const { status, body } = await stage.call('/api/%zz');
    expect([status, body.code, body.status]).toEqual([400, 'bad.request', 400]);
  });

  test.each(['/', '/favicon.ico', '/__sandbox/nothing'])(
    '%s is answered 404 and not counted',
    async (path) => {
      await using stage = await openStage();
      const { status, body } = await stage.call(path);
      expect([status, body.code]).toEqual([404, 'not.found']);
      expect(stage.sandbox.stats().rejected).toBe(0);
      expect(await stage.requests()).toEqual([]);
    },
  );
});

test('a body with another content type than JSON is answered 415', async () => {
  await using stage = await openStage();
  const headers = { 'content-type': 'text/plain' };
  const { status, body } = await stage.send(await stage.tokenOf('acme'), guideMessage, headers);
  expect([status, body.code]).toEqual([415, 'unsupported.media.type']);
  expect(stage.sandbox.stats().rejected).toBe(1);
});

describe('the order of checks is', () => {
  test('token, scope, rate limit, body', async () => {
    await using stage = await openStage({ clients: [slowClient] });
    const token = await stage.tokenOf('acme');
    const unscoped = await stage.tokenOf('acme', 'audit:read');
    const tooLong = JSON.stringify({ filling: 'x'.repeat(600_000) });
    const statusOf = async (bearer: string | undefined, body: string) =>
      (await stage.send(bearer, body)).status;
    for (const [body, own] of [
      ['{', 400],
      [tooLong, 413],
    ] as const) {
      expect(await statusOf(undefined, body)).toBe(401);
      expect(await statusOf(unscoped, body)).toBe(403);
      expect(await statusOf(token, body)).toBe(own);
    }
    expect(await statusOf(token, '{')).toBe(429);
    expect(await statusOf(token, tooLong)).toBe(429);
    expect(await statusOf(unscoped, '{')).toBe(403);
  });

  test('faults first', async () => {
    await using stage = await openStage();
    await stage.inject({ operations: { 'message.send': { errors: [{ status: 503, rate: 1 }] } } });
    expect((await stage.send(undefined, '{')).status).toBe(503);
  });
});
