import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { type ApiKey, mayUse, type Scope } from '../access/api-key.ts';
import { isPageToken } from '../access/logins.ts';
import type { Door } from './door.ts';
import { loginTokenIn, PAGE_TOKEN_HEADER } from './login-cookie.ts';
import { ProblemError } from './problem.ts';
import { QUOTA_POLICY } from './quota.ts';

const CHALLENGE = { 'www-authenticate': 'Bearer realm="genesys-webmessaging-worker"' };

/** Longest secret that is looked up. */
const MAX_SECRET = 200;

type Asked = Pick<FastifyRequest, 'method' | 'headers'>;

/**
 * The key of a request. It has the scope of the route, and its quota has room for the request.
 * @throws {ProblemError}
 */
export async function authenticated(
  door: Pick<Door, 'apiKeys' | 'logins' | 'quota'>,
  request: FastifyRequest,
  scope: Scope,
): Promise<{ key: ApiKey; headers: Readonly<Record<string, string>> }> {
  if (isCrossSite(request)) throw new ProblemError('CROSS_SITE_REFUSED');
  return await admitted(door, await keyOf(door, request), scope);
}

/**
 * Counts a request of a key.
 * @throws {ProblemError} when the quota has no room for it, or the key lacks the scope.
 */
export async function admitted(
  door: Pick<Door, 'quota'>,
  key: ApiKey,
  scope: Scope,
): Promise<{ key: ApiKey; headers: Readonly<Record<string, string>> }> {
  const { isWithin, retryAfterSeconds, headers } = await door.quota.take(key.id);
  if (!isWithin) {
    throw new ProblemError('QUOTA_EXCEEDED', {
      headers,
      retryAfterSeconds,
      extensions: { 'violated-policies': [QUOTA_POLICY] },
    });
  }
  if (!mayUse(key, scope)) {
    throw new ProblemError('KEY_SCOPE_MISSING', {
      headers,
      detail: `The operation needs the scope ${scope}.`,
      extensions: { scope },
    });
  }
  return { key, headers };
}

/** @throws {ProblemError} KEY_UNKNOWN */
export async function keyOfSecret({ apiKeys }: Pick<Door, 'apiKeys'>, secret: string): Promise<ApiKey> {
  const key = secret.length <= MAX_SECRET ? await apiKeys.verify(secret) : undefined;
  if (!key) throw new ProblemError('KEY_UNKNOWN', { headers: CHALLENGE });
  return key;
}

/**
 * Whether the key of a request that goes on for long still works, and has the scope. It is as old as
 * the cache of keys at most.
 */
export async function isStillAllowed(
  { apiKeys, logins }: Pick<Door, 'apiKeys' | 'logins'>,
  { headers }: FastifyRequest,
  scope: Scope,
): Promise<boolean> {
  const token = loginTokenIn(headers);
  const key =
    hasSecret(headers) || token === undefined
      ? await apiKeys.verify(secretIn(headers) ?? '')
      : (await logins.find(token))?.key;
  return key !== undefined && mayUse(key, scope);
}

/** The key of a secret, else that of the login of a browser. */
async function keyOf(door: Pick<Door, 'apiKeys' | 'logins'>, request: Asked): Promise<ApiKey> {
  const { headers } = request;
  const token = loginTokenIn(headers);
  if (hasSecret(headers) || token === undefined) {
    const secret = secretIn(headers);
    if (secret === undefined) throw new ProblemError('KEY_MISSING', { headers: CHALLENGE });
    return await keyOfSecret(door, secret);
  }
  if (!isSafe(request)) requirePage(request, token);
  const login = await door.logins.find(token);
  if (!login) throw new ProblemError('LOGIN_ENDED', { headers: CHALLENGE });
  return login.key;
}

function hasSecret({ authorization, 'x-api-key': apiKey }: IncomingHttpHeaders): boolean {
  return authorization !== undefined || apiKey !== undefined;
}

/** `Authorization: Bearer` or `X-API-Key`. Both and different: no key at all. */
function secretIn({ authorization, 'x-api-key': apiKey }: IncomingHttpHeaders): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  const plain = typeof apiKey === 'string' ? apiKey : undefined;
  if (bearer !== undefined && plain !== undefined && bearer !== plain) return undefined;
  return bearer ?? plain;
}

/** A browser sends the cookie by itself. So a request that changes something shows that our page made it. */
function requirePage({ headers }: Asked, token: string): void {
  if (!isFromOwnOrigin(headers)) throw new ProblemError('CROSS_SITE_REFUSED');
  if (!isPageToken(headers[PAGE_TOKEN_HEADER], token)) throw new ProblemError('PAGE_TOKEN_WRONG');
}

/** A browser without `Sec-Fetch-Site` names the origin, as each does where the page came without TLS. */
function isFromOwnOrigin({ origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (site !== undefined) return site === 'same-origin';
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}

function isSafe({ method }: Asked): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/** No page of another site has a key. A request of one is an attack, or a key in a wrong place. */
export function isCrossSite(request: Asked): boolean {
  if (isSafe(request)) return false;
  const site = request.headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}
