import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../support/clock.ts';
import { openLink } from '../../support/link.ts';
import { openReceiver } from '../../support/receiver.ts';
import { openSystem, type System } from '../../support/system.ts';
import { failureOf, openCaller } from './caller.ts';

const LIFETIME_SECONDS = 3_600;

describe('an access token', () => {
  test('is fetched once for fifty concurrent calls on three replicas', async () => {
    const system = await openSystem();
    const replicas = [openCaller(system), openCaller(system), openCaller(system)];

    await Promise.all(Array.from({ length: 50 }, (_, index) => replicas[index % 3]?.send(`job-${index}`)));

    expect(await tokensFetched(system)).toBe(1);
    expect(system.sandbox.stats()).toMatchObject({ accepted: 50, unauthorized: 0 });
  });

  test('is fetched once with different latencies of the replicas to Redis', async () => {
    const system = await openSystem();
    await system.sandbox.inject({ operations: { 'oauth.token': { latencyMs: 150 } } });
    const distancesMs = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90];
    const replicas = await Promise.all(
      distancesMs.map(async (delayMs) => {
        const { url } = await openLink(system.redis.url, delayMs);
        return openCaller(system, { redisUrl: url });
      }),
    );

    await Promise.all(replicas.map((replica) => replica.tokens.get(replica.tenant())));

    expect(await tokensFetched(system)).toBe(1);
  });

  test('is taken from Redis by a process that starts later', async () => {
    const system = await openSystem();
    const earlier = openCaller(system);
    const token = await earlier.tokens.get(earlier.tenant());

    const later = openCaller(system);

    expect(await later.tokens.get(later.tenant())).toBe(token);
    expect(await tokensFetched(system)).toBe(1);
  });

  test('belongs to one tenant', async () => {
    const system = await openSystem({ tenants: ['acme', 'globex'] });
    const caller = openCaller(system);

    const [acme, globex] = await Promise.all([
      caller.tokens.get(caller.tenant('acme')),
      caller.tokens.get(caller.tenant('globex')),
    ]);

    expect(acme).not.toBe(globex);
    expect(await tokensFetched(system)).toBe(2);
  });

  test('is not readable in Redis, nor is the secret', async () => {
    const system = await openSystem();
    const caller = openCaller(system);
    const token = await caller.tokens.get(caller.tenant());

    const stored = await system.client.get(system.keys.token('acme'));

    expect(stored).toBeTruthy();
    for (const form of [stored, Buffer.from(stored ?? '', 'base64').toString('latin1')]) {
      expect(form).not.toContain(token);
      expect(form).not.toContain(system.secretOf('acme'));
    }
  });

  test('is fetched again after a change in Redis', async () => {
    const system = await openSystem();
    const earlier = openCaller(system);
    await earlier.tokens.get(earlier.tenant());
    await system.client.set(system.keys.token('acme'), 'bm90IGEgdG9rZW4gYXQgYWxsLCBidXQgbG9uZyBlbm91Z2g=');

    await openCaller(system).send('job-1');

    expect(await tokensFetched(system)).toBe(2);
  });

  test('is used until a minute before it expires, and then fetched again', async () => {
    const clock = createManualClock();
    const system = await openSystem({ sandbox: { now: clock.now, tokenLifetimeSeconds: LIFETIME_SECONDS } });
    const caller = openCaller(system, { clock });
    const token = await caller.tokens.get(caller.tenant());

    clock.advance((LIFETIME_SECONDS - 61) * 1_000);
    expect(await caller.tokens.get(caller.tenant())).toBe(token);

    clock.advance(1_000);
    expect(await caller.tokens.get(caller.tenant())).not.toBe(token);
    expect(await tokensFetched(system)).toBe(2);
  });

  test('near its expiry is not taken from Redis', async () => {
    const clock = createManualClock();
    const system = await openSystem({ sandbox: { now: clock.now, tokenLifetimeSeconds: LIFETIME_SECONDS } });
    const earlier = openCaller(system, { clock });
    const token = await earlier.tokens.get(earlier.tenant());
    clock.advance((LIFETIME_SECONDS - 60) * 1_000);

    const later = openCaller(system, { clock });

    expect(await later.tokens.get(later.tenant())).not.toBe(token);
  });

  test('with a very short life is used, and not fetched for every message', async () => {
    const clock = createManualClock();
    const system = await openSystem({ sandbox: { now: clock.now, tokenLifetimeSeconds: 30 } });
    const caller = openCaller(system, { clock });

    for (const jobId of ['job-1', 'job-2', 'job-3']) await caller.send(jobId);

    expect(await tokensFetched(system)).toBe(1);
    expect(system.sandbox.stats().accepted).toBe(3);
  });

  test('of an OAuth client that the tenants file has replaced is not used any more', async () => {
    const system = await openSystem({ tenants: ['acme', 'globex'] });
    const caller = openCaller(system);
    const before = caller.tenant('acme');
    const token = await caller.tokens.get(before);

    // After a SIGHUP the tenant may have the same name and another OAuth client.
    const { clientId, clientSecret } = caller.tenant('globex');
    const renewed = await caller.tokens.get({ ...before, clientId, clientSecret });

    expect(renewed).not.toBe(token);
  });

  test('has the scopes of the client, if the client lacks some', async () => {
    const system = await openSystem({
      tenants: [{ id: 'acme', scopes: ['messaging:conversation:write', 'messaging:conversation:read'] }],
    });
    await openCaller(system).send('job-1');

    const asked = await system.sandbox.requests('oauth.token');
    expect(asked.map(({ status, body }) => [status, Object.keys(body as object).includes('scope')])).toEqual([
      [400, true],
      [200, false],
    ]);
    expect(await system.sandbox.requests('message.send')).toMatchObject([{ status: 200 }]);
  });

  test('is requested with the scopes that the operations need', async () => {
    const system = await openSystem();
    await openCaller(system).send('job-1');

    const [request] = await system.sandbox.requests('oauth.token');

    expect(request?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(request?.body).toMatchObject({
      grant_type: 'client_credentials',
      client_id: 'client-4711',
      scope: [
        'messaging:conversation:write',
        'messaging:conversation:read',
        'webchat:guest:write',
        'messaging:webmessaging:read',
        'openid',
        'profile',
        'email',
        'webchat:configuration:read',
        'webchat:configuration:write',
        'audit:read',
        'webmessaging:deployments:read',
        'webmessaging:deployments:write',
      ].join(' '),
    });
  });
});

describe('error texts of the login host', () => {
  test('are left out, except the codes of the standard', async () => {
    const system = await openSystem();
    const odd = '\u001b[2J\u202eSECRET';
    const errors = [
      { status: 400, rate: 1, times: 1, body: { error: odd, error_description: odd } },
      { status: 400, rate: 1, times: 1, body: { error: 'invalid_client', error_description: odd } },
    ];
    await system.sandbox.inject({ operations: { 'oauth.token': { errors } } });
    const caller = openCaller(system);

    const first = await caller.send('job-1').catch((error: unknown) => error as Error);
    const second = await caller.send('job-2').catch((error: unknown) => error as Error);

    expect(first).toMatchObject({ code: 'CREDENTIALS_REFUSED' });
    expect(String(first)).not.toMatch(/SECRET|[^\x20-\x7e]/);
    expect(String(second)).toContain('answered 400 invalid_client');
    expect(String(second)).not.toMatch(/SECRET|[^\x20-\x7e]/);
  });
});

describe('a revoked token', () => {
  test('is fetched again once, and the message is sent again once and accepted once', async () => {
    const system = await openSystem();
    const caller = openCaller(system);
    await caller.send('job-1');
    await system.sandbox.revokeTokens('acme');

    await caller.send('job-2');

    const sent = (await system.sandbox.requests('message.send')).filter(
      ({ requestId }) => requestId === 'job-2',
    );
    expect(sent.map(({ status }) => status)).toEqual([401, 200]);
    expect(await tokensFetched(system)).toBe(2);
    expect(system.sandbox.stats()).toMatchObject({ accepted: 2, duplicates: 0 });
  });

  test('is fetched again once for all jobs on all replicas', async () => {
    const system = await openSystem();
    const replicas = [openCaller(system), openCaller(system), openCaller(system)];
    await Promise.all(replicas.map((replica, index) => replica.send(`first-${index}`)));
    await system.sandbox.revokeTokens('acme');

    await Promise.all(Array.from({ length: 50 }, (_, index) => replicas[index % 3]?.send(`job-${index}`)));

    expect(await tokensFetched(system)).toBe(2);
    expect(system.sandbox.stats()).toMatchObject({ accepted: 53, duplicates: 0 });
  });

  test('causes an error that names tenant and client if its successor is refused too', async () => {
    const system = await openSystem();
    await system.sandbox.inject({ operations: { 'message.send': { errors: [{ status: 401, rate: 1 }] } } });

    const error = await failureOf(openCaller(system).send('job-1'));

    expect(error).toMatchObject({ code: 'CREDENTIALS_REFUSED', disposition: 'pause', status: 401 });
    expect(error.message).toContain('client-4711');
    expect(error.message).toMatch(/\bacme\b/);
    expect(await system.sandbox.requests('message.send')).toHaveLength(2);
    expect(await tokensFetched(system)).toBe(2);
  });
});

describe('the login host', () => {
  const wrongSecret = { CLIENT_SECRET_0: 'a-wrong-secret' };

  test('causes an error that names tenant and client if it refuses the secret, never the secret', async () => {
    const system = await openSystem();
    const caller = openCaller(system, { environment: wrongSecret });

    const error = await failureOf(caller.send('job-1'));

    expect(error).toMatchObject({ code: 'CREDENTIALS_REFUSED', disposition: 'pause', status: 401 });
    expect(error.message).toContain('client-4711');
    expect(error.message).toMatch(/\bacme\b/);
    expect(JSON.stringify([error.message, error.details, String(error.cause)])).not.toContain('wrong-secret');
    expect(system.sandbox.stats().byOperation['message.send']?.accepted).toBe(0);
  });

  test('gets one request with a wrong secret for all concurrent jobs', async () => {
    const system = await openSystem();
    const caller = openCaller(system, { environment: wrongSecret });

    const errors = await Promise.all(
      Array.from({ length: 20 }, (_, index) => failureOf(caller.send(`job-${index}`))),
    );

    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['CREDENTIALS_REFUSED']));
    expect(await system.sandbox.requests('oauth.token')).toHaveLength(1);
  });

  test('gets another request after a failure, because the lock is released', async () => {
    const system = await openSystem();
    await system.sandbox.inject({
      operations: { 'oauth.token': { errors: [{ status: 503, rate: 1, times: 1 }] } },
    });
    const caller = openCaller(system);

    expect(await failureOf(caller.send('job-1'))).toMatchObject({ code: 'GENESYS_UNAVAILABLE', status: 503 });

    expect(await caller.send('job-1')).toMatchObject({ messageId: expect.stringMatching(/^msg-/) });
    expect(await system.client.exists(system.keys.tokenLock('acme'))).toBe(0);
  });

  test('pauses the tenant for Retry-After with a 429, and for a minute without it', async () => {
    const system = await openSystem();
    const withWait = { status: 429, rate: 1, times: 1, retryAfterSeconds: 7 };
    const withoutWait = { status: 429, rate: 1, times: 1 };
    await system.sandbox.inject({ operations: { 'oauth.token': { errors: [withWait, withoutWait] } } });
    const caller = openCaller(system);

    expect(await failureOf(caller.send('job-1'))).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterMs: 7_000,
    });
    expect(await failureOf(caller.send('job-1'))).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterMs: 60_000,
    });
  });

  test('causes an error after the time-out if it does not answer', async () => {
    const system = await openSystem();
    await system.sandbox.inject({ operations: { 'oauth.token': { hang: 1 } } });

    const error = await failureOf(openCaller(system, { requestTimeoutMs: 300 }).send('job-1'));

    expect(error).toMatchObject({ code: 'GENESYS_UNREACHABLE', disposition: 'retry' });
    expect(error.message).toContain('no answer within 300 ms');
  });

  test('causes an error that quotes no answer without a token', async () => {
    const system = await openSystem();
    const login = await openReceiver();
    const body = JSON.stringify({ access_token: 'canary-token\nX-Other: 1', expires_in: 3_600 });
    login.answerWith({ status: 200, headers: { 'content-type': 'application/json' }, body });
    const caller = openCaller(system);
    const tenant = { ...caller.tenant(), hosts: { login: login.url, api: system.sandbox.url } };

    const error = await failureOf(caller.send('job-1', { tenant }));

    expect(error.message).not.toContain('canary-token');
  });

  test('gets a request after the lock of a dead process has expired', async () => {
    const system = await openSystem();
    const caller = openCaller(system, { requestTimeoutMs: 300 });
    // A replica that is killed during a fetch leaves this lock behind.
    await system.client.set(system.keys.tokenLock('acme'), 'a-dead-process', 'PX', 400);

    expect(await caller.send('job-1')).toMatchObject({ messageId: expect.stringMatching(/^msg-/) });
  });
});

async function tokensFetched({ sandbox }: System): Promise<number> {
  return sandbox.stats().byOperation['oauth.token']?.accepted ?? 0;
}
