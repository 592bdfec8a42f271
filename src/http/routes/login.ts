import { z } from 'zod';
import { type ApiKey, SCOPES } from '../../access/api-key.ts';
import type { OpenLogin } from '../../access/logins.ts';
import { admitted, isCrossSite, keyOfSecret } from '../authenticate.ts';
import type { Door } from '../door.ts';
import { LOGIN_COOKIE, loginCookie, loginTokenIn } from '../login-cookie.ts';
import { ProblemError } from '../problem.ts';
import { type Call, defineRoute, type Route } from './route.ts';

export const loginBody = z.strictObject({
  secret: z.string().min(1).max(200).describe('The secret of an API key with the scope `read`.'),
});

export const login = z.object({
  key: z.object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    isForAllTenants: z.boolean().describe('Also for tenants that come later.'),
    expiresAt: z.string().nullable(),
  }),
  pageToken: z
    .string()
    .nullable()
    .describe('For the header `X-Page-Token`; null for a request with an API key, which needs none.'),
  endsAt: z.string().nullable().describe('When the login ends at the latest.'),
});

type LoginAnswer = z.output<typeof login>;

const sample: LoginAnswer = {
  key: {
    id: 'k_0aB1cD2eF3g',
    name: 'on duty',
    scopes: ['read', 'operate'],
    isForAllTenants: true,
    expiresAt: null,
  },
  pageToken: 'Qm9hdCBvZiBtYW55IGNvbG9ycyBpbiBhIGNhbG0gc2Vh',
  endsAt: '2026-03-01T21:30:00.000Z',
};

const cookieHeader = { 'Set-Cookie': `The cookie \`${LOGIN_COOKIE}\`, which scripts cannot read.` };

/** The login of a browser. A program sends its API key with each request, and needs none. */
export const loginRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    url: '/v1/login',
    operationId: 'logIn',
    tag: 'Login',
    scope: null,
    summary: 'Log a browser in with the secret of an API key',
    description: `The cookie of the answer stands for the key, in all requests of the page. A request that changes
something also needs the header \`X-Page-Token\`. The login ends with the key.`,
    body: { schema: loginBody, examples: { login: { secret: 'gwm_live_…' } } },
    responses: {
      200: { description: 'The login.', schema: login, example: sample, headers: cookieHeader },
    },
    problems: [
      'KEY_UNKNOWN',
      'KEY_SCOPE_MISSING',
      'CROSS_SITE_REFUSED',
      'REQUEST_INVALID',
      'TOO_MANY_LOGINS',
      'QUOTA_EXCEEDED',
      'REDIS_UNAVAILABLE',
      'REDIS_FULL',
    ],
    async handler(door, call) {
      if (isCrossSite({ method: 'POST', headers: call.headers }))
        throw new ProblemError('CROSS_SITE_REFUSED');
      const { secret } = call.body;
      const key = await slowly(door, call, () => keyOfSecret(door, secret));
      const { headers } = await admitted(door, key, 'read');
      const opened = await door.logins.open(secret);
      return {
        status: 200,
        headers: { ...headers, ...cookieOf(opened.token, call) },
        body: answerOf(key, opened),
      };
    },
  }),
  defineRoute({
    method: 'GET',
    url: '/v1/login',
    operationId: 'getLogin',
    tag: 'Login',
    scope: 'read',
    summary: 'Show the API key of the request, and its page token',
    responses: { 200: { description: 'The login.', schema: login, example: sample } },
    problems: [],
    async handler(door, call) {
      const token = usesCookie(call) ? loginTokenIn(call.headers) : undefined;
      const opened = token === undefined ? undefined : await door.logins.find(token);
      return { status: 200, body: answerOf(call.key, opened) };
    },
  }),
  defineRoute({
    method: 'DELETE',
    url: '/v1/login',
    operationId: 'logOut',
    tag: 'Login',
    scope: 'read',
    summary: 'End the login of a browser',
    responses: { 204: { description: 'The login has ended.', headers: cookieHeader } },
    problems: ['PAGE_TOKEN_WRONG', 'CROSS_SITE_REFUSED'],
    async handler(door, call) {
      const token = usesCookie(call) ? loginTokenIn(call.headers) : undefined;
      if (token !== undefined) await door.logins.close(token);
      return { status: 204, headers: cookieOf(null, call) };
    },
  }),
];

type AnyCall = Call<unknown, unknown, unknown>;

/** @throws {ProblemError} TOO_MANY_LOGINS, and what the check throws. */
async function slowly(door: Door, call: AnyCall, check: () => Promise<ApiKey>): Promise<ApiKey> {
  const address = call.address();
  const waitSeconds = await door.loginTries.take(address);
  if (waitSeconds !== undefined)
    throw new ProblemError('TOO_MANY_LOGINS', { retryAfterSeconds: waitSeconds });
  const key = await check();
  await door.loginTries.forget(address);
  return key;
}

/** A secret in the request goes before its cookie. */
function usesCookie({ headers }: AnyCall): boolean {
  return headers.authorization === undefined && headers['x-api-key'] === undefined;
}

function cookieOf(token: string | null, { headers, link }: AnyCall): Record<string, string> {
  return { 'set-cookie': loginCookie(token, link('/v1'), headers.origin) };
}

function answerOf(
  { id, name, scopes, tenants, expiresAt }: ApiKey,
  opened: OpenLogin | undefined,
): LoginAnswer {
  return {
    key: { id, name, scopes: [...scopes], isForAllTenants: tenants === 'all', expiresAt },
    pageToken: opened?.pageToken ?? null,
    endsAt: opened?.endsAt ?? null,
  };
}
