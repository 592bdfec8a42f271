import { expect, test } from 'vitest';
import type { Login } from '../../../src/genesys/dialects/dialect.ts';
import { readToken } from '../../../src/genesys/dialects/platform/organization.ts';
import { openReceiver } from '../../support/receiver.ts';
import { openSystem } from '../../support/system.ts';
import { failureOf, openCaller } from './caller.ts';

const BASIC: Login = { scopes: [], credentials: 'basic', usualLifeMs: null };
const FORM: Login = { scopes: ['a', 'b'], credentials: 'form', usualLifeMs: 3_600_000 };

/** A login host that answers each request with this body. */
async function openLogin(login: Login, body: object, status = 200, more: Record<string, string> = {}) {
  const system = await openSystem();
  const host = await openReceiver();
  const headers = { 'content-type': 'application/json', ...more };
  host.answerWith({ status, headers, body: JSON.stringify(body) });
  const caller = openCaller(system, { login });
  const tenant = { ...caller.tenant(), hosts: { login: host.url, api: system.sandbox.url } };
  return { host, tenant, secret: system.secretOf('acme'), get: () => caller.tokens.get(tenant) };
}

test('a dialect with Basic credentials sends them in the header alone, and names no scope', async () => {
  const { host, tenant, secret, get } = await openLogin(BASIC, { access_token: 'token-1', expires_in: 600 });

  expect(await get()).toBe('token-1');

  const [request] = host.received;
  const credentials = Buffer.from(`${tenant.clientId}:${secret}`).toString('base64');
  expect(request?.headers['authorization']).toBe(`Basic ${credentials}`);
  expect(request?.body).toBe('grant_type=client_credentials');
});

test('a dialect with credentials in the form sends them with its scopes', async () => {
  const { host, tenant, secret, get } = await openLogin(FORM, { access_token: 'token-1', expires_in: 600 });

  expect(await get()).toBe('token-1');

  const [request] = host.received;
  expect(request?.headers).not.toHaveProperty('authorization');
  expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
    grant_type: 'client_credentials',
    client_id: tenant.clientId,
    client_secret: secret,
    scope: 'a b',
  });
});

test('a token whose answer does not say its life is usable only if the dialect knows one', async () => {
  const answer = { access_token: 'token-1' };

  expect(await (await openLogin(FORM, answer)).get()).toBe('token-1');
  const { get } = await openLogin(BASIC, answer);
  expect(await failureOf(get())).toMatchObject({ code: 'TOKEN_UNREADABLE', status: 200 });
});

test.for([
  [400, { error: 'invalid_client', error_description: 'client not found' }, 'CREDENTIALS_REFUSED'],
  [400, { error: 'invalid_request', error_description: 'rate limit exceeded; wait' }, 'RATE_LIMITED'],
  [401, { error: 'invalid_client', error_description: 'authentication failed' }, 'CREDENTIALS_REFUSED'],
  [503, {}, 'GENESYS_UNAVAILABLE'],
  [200, {}, 'TOKEN_UNREADABLE'],
] as const)('an answer %i without a token keeps its correlation id: %o', async ([status, body, code]) => {
  const { get } = await openLogin(BASIC, body, status, { 'inin-correlation-id': 'login-1' });

  const error = await failureOf(get());

  expect(error).toMatchObject({ code, status, correlationId: 'login-1' });
  expect(error.message).toMatch(/ \(correlation id login-1\)$/);
});

test('a new token that is refused as well keeps the correlation id of the last refusal', async () => {
  const system = await openSystem({ tenants: [{ id: 'acme', dialect: 'platform' }] });
  const { genesys, tenant } = openCaller(system);
  const api = await openReceiver();
  for (const id of ['first', 'second']) {
    api.answerWith({ status: 401, headers: { 'inin-correlation-id': id }, body: '{}' });
  }
  const hosts = { ...tenant().hosts, api: api.url };

  const error = await failureOf(
    genesys.call({ ...tenant(), hosts }, readToken, undefined, { requestId: 'j' }),
  );

  expect(error).toMatchObject({ code: 'CREDENTIALS_REFUSED', status: 401, correlationId: 'second' });
});
