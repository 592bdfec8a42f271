import { describe, expect, test } from 'vitest';
import { guideScopes } from '../../../../src/sandbox/login/clients.ts';
import { openStage } from '../caller.ts';

function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

describe('POST /oauth/token', () => {
  test('grants a token for the requested scopes', async () => {
    await using stage = await openStage();
    const scope = 'messaging:conversation:write messaging:conversation:read';
    const { status, body, headers } = await stage.login('acme', { scope });
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]{40,}$/),
      token_type: 'bearer',
      expires_in: 3600,
      scope,
    });
    expect(headers.get('cache-control')).toBe('no-store');
    expect((await stage.send(body.access_token)).status).toBe(200);
  });

  test('grants every scope of the client to a request without scopes', async () => {
    await using stage = await openStage();
    expect((await stage.login('acme')).body.scope).toBe(guideScopes.join(' '));
  });

  test('prefers Basic auth to the form', async () => {
    await using stage = await openStage();
    const call = (authorization: string, fields: Record<string, string>) =>
      stage.call('/oauth/token', {
        method: 'POST',
        headers: { authorization },
        body: new URLSearchParams({ grant_type: 'client_credentials', ...fields }),
      });
    const right = basic('acme-client', 'acme-sandbox-secret');
    const wrong = basic('acme-client', 'wrong');
    expect((await call(right, {})).status).toBe(200);
    expect(
      (await call(wrong, { client_id: 'globex-client', client_secret: 'globex-sandbox-secret' })).status,
    ).toBe(401);
  });

  test.each([
    ['an unknown client', { client_id: 'unknown-client' }, 400, 'invalid_client', 'client not found'],
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client', 'authentication failed'],
    [
      'another grant',
      { grant_type: 'password' },
      400,
      'unsupported_grant_type',
      'grant_type must be client_credentials',
    ],
    ['a scope that the client lacks', { scope: 'audit:read moon:walk' }, 400, 'invalid_scope', 'moon:walk'],
  ])('refuses %s with the error of the login host', async (_case, form, status, error, description) => {
    await using stage = await openStage();
    const reply = await stage.login('acme', form);
    expect(reply.status).toBe(status);
    expect(reply.body).toEqual({
      error,
      description: expect.stringContaining(description),
      error_description: reply.body.description,
    });
    expect(stage.sandbox.stats()).toMatchObject({ unauthorized: 1, rejected: 0 });
  });

  test.each([
    ['without a grant type', 'client_id=a&client_secret=b', 'application/x-www-form-urlencoded', 400],
    ['without credentials', 'grant_type=client_credentials', 'application/x-www-form-urlencoded', 400],
    ['without a body', '', 'application/x-www-form-urlencoded', 400],
    ['in JSON', '{"grant_type":"client_credentials"}', 'application/json', 415],
    ['longer than 16 KiB', `scope=${'x'.repeat(16 * 1024)}`, 'application/x-www-form-urlencoded', 413],
  ])('refuses a request %s', async (_case, body, contentType, status) => {
    await using stage = await openStage();
    const headers = { 'content-type': contentType };
    const reply = await stage.call('/oauth/token', { method: 'POST', headers, body });
    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject({ error: 'invalid_request', error_description: expect.any(String) });
  });

  test('counts granted tokens by operation, and not in the total of accepted', async () => {
    await using stage = await openStage();
    await stage.tokenOf('acme');
    await stage.tokenOf('acme');
    expect(stage.sandbox.stats()).toMatchObject({
      accepted: 0,
      byOperation: { 'oauth.token': { accepted: 2 } },
      byTenant: { acme: { accepted: 0 } },
    });
  });

  test('counts a refusal for the tenant of the client', async () => {
    await using stage = await openStage();
    await stage.login('globex', { client_secret: 'wrong' });
    await stage.login('unknown');
    expect(stage.sandbox.stats()).toMatchObject({
      unauthorized: 2,
      byTenant: { globex: { unauthorized: 1 }, acme: { unauthorized: 0 } },
    });
  });
});

describe('a token', () => {
  test('is valid until the end of its lifetime', async () => {
    await using stage = await openStage({ tokenLifetimeSeconds: 300 });
    const { body } = await stage.login('acme');
    expect(body.expires_in).toBe(300);
    stage.clock.advance(299);
    expect((await stage.send(body.access_token)).status).toBe(200);
    stage.clock.advance(1);
    expect((await stage.send(body.access_token)).status).toBe(401);
  });
});
