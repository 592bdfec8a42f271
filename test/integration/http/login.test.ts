import { beforeAll, describe, expect, test } from 'vitest';
import { keyIdOf } from '../../../src/access/secret.ts';
import { OF_ADDRESS } from '../../../src/http/login-tries.ts';
import { openSystem, type System } from '../../support/system.ts';
import { type Answered, type CallOptions, callerOf } from './calls.ts';
import { openServer, type TestServer } from './stage.ts';

const PAUSE = '/v1/tenants/acme/pause';
const PAGE = { 'sec-fetch-site': 'same-origin' };

let system: System;
let server: TestServer;

beforeAll(async () => {
  system = await openSystem();
  server = await openServer(system, { HTTP_TRUSTED_PROXIES: '127.0.0.1' });
});

/** What a page does: it sends the cookie that the server has set. */
interface Visitor {
  readonly cookie: string;
  readonly pageToken: string;
  readonly setCookie: string;
  call(path: string, options?: CallOptions): Promise<Answered>;
}

/** Each test has an address of its own, because wrong logins slow down an address. */
let visitors = 0;
function address(): string {
  return `192.0.2.${++visitors}`;
}

function tryLogin(secret: string, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
  const call = callerOf(server.url, undefined);
  return call('/v1/login', {
    body: { secret },
    headers: { ...PAGE, 'x-forwarded-for': address(), ...headers },
  });
}

async function visit(secret: string, headers: Readonly<Record<string, string>> = {}): Promise<Visitor> {
  const { status, body, headers: answered } = await tryLogin(secret, headers);
  expect(status).toBe(200);
  const setCookie = answered.get('set-cookie') ?? '';
  const cookie = setCookie.split(';')[0] ?? '';
  const call = callerOf(server.url, undefined);
  return {
    cookie,
    setCookie,
    pageToken: body.pageToken,
    call: (path, options = {}) => call(path, { ...options, headers: { cookie, ...options.headers } }),
  };
}

type Sent = readonly [
  what: string,
  headers: (visitor: Visitor) => Record<string, string>,
  code: string | undefined,
];

/** Requests that change something, and the code of the answer to each that is refused. */
const SENT: readonly Sent[] = [
  ['with its page token', ({ pageToken }) => ({ ...PAGE, 'x-page-token': pageToken }), undefined],
  ['without a page token', () => PAGE, 'PAGE_TOKEN_WRONG'],
  ['with another page token', () => ({ ...PAGE, 'x-page-token': 'a'.repeat(43) }), 'PAGE_TOKEN_WRONG'],
  [
    'from another site',
    ({ pageToken }) => ({ 'sec-fetch-site': 'cross-site', 'x-page-token': pageToken }),
    'CROSS_SITE_REFUSED',
  ],
  [
    'from another host of the site',
    ({ pageToken }) => ({ 'sec-fetch-site': 'same-site', 'x-page-token': pageToken }),
    'CROSS_SITE_REFUSED',
  ],
  [
    'from no page',
    ({ pageToken }) => ({ 'sec-fetch-site': 'none', 'x-page-token': pageToken }),
    'CROSS_SITE_REFUSED',
  ],
  [
    'from another origin',
    ({ pageToken }) => ({ origin: 'http://evil.example', 'x-page-token': pageToken }),
    'CROSS_SITE_REFUSED',
  ],
  ['from an unknown origin', ({ pageToken }) => ({ 'x-page-token': pageToken }), 'CROSS_SITE_REFUSED'],
  ['from its origin', ({ pageToken }) => ({ origin: server.url, 'x-page-token': pageToken }), undefined],
];

describe('a login', () => {
  test('stands for its key in requests that read, and names it', async () => {
    const secret = await server.keys.make({
      name: 'on duty',
      scopes: ['read', 'operate'],
      tenants: ['acme'],
    });
    const { call, setCookie } = await visit(secret);

    const { body } = await call('/v1/login');

    expect(body.key).toMatchObject({ id: keyIdOf(secret), name: 'on duty', isForAllTenants: false });
    expect((await call('/v1/tenants')).status).toBe(200);
    expect(setCookie).toMatch(/^gwm_login=[\w.-]+; Path=\/v1; HttpOnly; SameSite=Strict$/);
  });

  test('has a cookie for https alone when the page came by https', async () => {
    const { setCookie } = await visit(await server.keys.make(), { origin: 'https://ops.acme.example' });

    expect(setCookie).toMatch(/; Secure$/);
  });

  test('leaves neither the secret nor its token in Redis', async () => {
    const secret = await server.keys.make();
    const { cookie } = await visit(secret);
    const logins = await system.client.hgetall(system.keys.logins(keyIdOf(secret) ?? ''));

    const stored = JSON.stringify(logins);
    expect(Object.keys(logins)).toHaveLength(1);
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(cookie.split('.').at(-1));
  });

  test.for(SENT)('changes something only from the page of this server: %s', async ([, headers, code]) => {
    const secret = await server.keys.make();
    const visitor = await visit(secret);
    const before = server.acts.length;

    const { status, body } = await visitor.call(PAUSE, { body: { for: '1s' }, headers: headers(visitor) });

    expect([status, body.code]).toEqual([code === undefined ? 200 : 403, code]);
    const by = server.acts.slice(before).map((act) => act.by);
    expect(by).toEqual(code === undefined ? [keyIdOf(secret)] : []);
  });

  test('goes behind a secret in the same request', async () => {
    const { cookie } = await visit(await server.keys.make());
    const other = await server.keys.make({ scopes: ['send'] });

    const { status } = await callerOf(server.url, other)('/v1/tenants', { headers: { cookie } });

    expect(status).toBe(403);
  });
});

describe('the end of a login', () => {
  test('comes when the person logs out, for this login alone', async () => {
    const secret = await server.keys.make();
    const [one, other] = [await visit(secret), await visit(secret)];

    const out = await one.call('/v1/login', {
      method: 'DELETE',
      headers: { ...PAGE, 'x-page-token': one.pageToken },
    });

    expect([out.status, out.headers.get('set-cookie')]).toEqual([
      204,
      expect.stringMatching(/^gwm_login=;.*Max-Age=0$/),
    ]);
    const { status, body } = await one.call('/v1/tenants');
    expect([status, body.code]).toEqual([401, 'LOGIN_ENDED']);
    expect((await other.call('/v1/tenants')).status).toBe(200);
  });

  test('comes with its key', async () => {
    const secret = await server.keys.make();
    const { call } = await visit(secret);
    await server.keys.revoke(secret);

    expect((await call('/v1/tenants')).body.code).toBe('LOGIN_ENDED');
  });

  test.for([
    ['without a request for a time', (now: number) => `${now} ${now - 31 * 60_000}`],
    ['after its longest time', (now: number) => `${now - 13 * 3_600_000} ${now}`],
  ] as const)('comes %s', async ([, times]) => {
    const secret = await server.keys.make();
    const { call } = await visit(secret);
    const place = system.keys.logins(keyIdOf(secret) ?? '');
    const [[name = '', login = ''] = []] = Object.entries(await system.client.hgetall(place));
    await system.client.hset(place, name, `${times(Date.now())} ${login.split(' ').at(-1)}`);

    expect((await call('/v1/tenants')).body.code).toBe('LOGIN_ENDED');
    expect(await system.client.exists(place)).toBe(0);
  });

  test('comes for the oldest of many logins with one key', async () => {
    const secret = await server.keys.make();
    const first = await visit(secret);
    for (const _each of Array(20)) await visit(secret);

    expect(await system.client.hlen(system.keys.logins(keyIdOf(secret) ?? ''))).toBe(20);
    expect((await first.call('/v1/tenants')).body.code).toBe('LOGIN_ENDED');
  });
});

describe('wrong logins', () => {
  test('are slowed down for their address, and no other', async () => {
    const secret = await server.keys.make();
    const headers = { 'x-forwarded-for': '198.51.100.7' };
    const wrong = Array.from({ length: OF_ADDRESS.burst }, () => tryLogin('gwm_live_wrong', headers));
    expect((await Promise.all(wrong)).map(({ body }) => body.code)).toEqual(wrong.map(() => 'KEY_UNKNOWN'));

    const late = await tryLogin(secret, headers);
    const spoofed = await tryLogin(secret, { 'x-forwarded-for': '203.0.113.1, 198.51.100.7' });

    expect([late.status, late.body.code]).toEqual([429, 'TOO_MANY_LOGINS']);
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(spoofed.status).toBe(429);
    expect((await tryLogin(secret)).status).toBe(200);
  });

  test('of an address count no more after a right one', async () => {
    const secret = await server.keys.make();
    const headers = { 'x-forwarded-for': '198.51.100.8' };
    for (const _round of Array(2)) {
      for (const _each of Array(OF_ADDRESS.burst - 1)) await tryLogin('gwm_live_wrong', headers);
      expect((await tryLogin(secret, headers)).status).toBe(200);
    }
  });

  test('from many addresses are slowed down together, and an address without one still has a login', async () => {
    const secret = await server.keys.make();
    await system.client.set(system.keys.loginTries('all'), String((Date.now() + 3_600_000) * 1000));

    const first = await tryLogin('gwm_live_wrong', { 'x-forwarded-for': '198.51.100.9' });
    const second = await tryLogin(secret, { 'x-forwarded-for': '198.51.100.9' });

    expect([first.body.code, second.body.code]).toEqual(['KEY_UNKNOWN', 'TOO_MANY_LOGINS']);
    expect((await tryLogin(secret)).status).toBe(200);
    await system.client.del(system.keys.loginTries('all'));
  });

  test('from another site are refused', async () => {
    const { body } = await tryLogin(await server.keys.make(), { 'sec-fetch-site': 'cross-site' });

    expect(body.code).toBe('CROSS_SITE_REFUSED');
  });
});
