import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { type ApiKey, mayUse, type Scope } from '../access/api-key.ts';
import type { Door } from './door.ts';
import { ProblemError } from './problem.ts';
import { QUOTA_POLICY } from './quota.ts';

const CHALLENGE = { 'www-authenticate': 'Bearer realm="genesys-webmessaging-worker"' };

/** Longest secret that is looked up. */
const MAX_SECRET = 200;

/**
 * The key of a request. It has the scope of the route, and its quota has room for the request.
 * @throws {ProblemError}
 */
export async function authenticated(
  door: Pick<Door, 'apiKeys' | 'quota'>,
  request: FastifyRequest,
  scope: Scope,
): Promise<{ key: ApiKey; headers: Readonly<Record<string, string>> }> {
  if (isCrossSite(request)) throw new ProblemError('CROSS_SITE_REFUSED');
  const secret = secretIn(request.headers);
  if (secret === undefined) throw new ProblemError('KEY_MISSING', { headers: CHALLENGE });
  const key = secret.length <= MAX_SECRET ? await door.apiKeys.verify(secret) : undefined;
  if (!key) throw new ProblemError('KEY_UNKNOWN', { headers: CHALLENGE });
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

/**
 * Whether the key of a request that goes on for long still works, and has the scope. It is as old as
 * the cache of keys at most.
 */
export async function isStillAllowed(
  { apiKeys }: Pick<Door, 'apiKeys'>,
  request: FastifyRequest,
  scope: Scope,
): Promise<boolean> {
  const key = await apiKeys.verify(secretIn(request.headers) ?? '');
  return key !== undefined && mayUse(key, scope);
}

/** `Authorization: Bearer` or `X-API-Key`. Both and different: no key at all. */
function secretIn({ authorization, 'x-api-key': apiKey }: IncomingHttpHeaders): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  const plain = typeof apiKey === 'string' ? apiKey : undefined;
  if (bearer !== undefined && plain !== undefined && bearer !== plain) return undefined;
  return bearer ?? plain;
}

/** No page of another site has a key. A request of one is an attack, or a key in a wrong place. */
function isCrossSite({ method, headers }: FastifyRequest): boolean {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return false;
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}
