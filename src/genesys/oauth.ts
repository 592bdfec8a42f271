import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { checked } from '../core/checked.ts';
import type { Clock } from '../core/clock.ts';
import { startDeadline } from '../core/deadline.ts';
import { CodedError } from '../core/errors.ts';
import { parseJson } from '../core/json.ts';
import { parseRetryAfter } from '../core/retry-after.ts';
import { inClientSpan, NO_TRACING, type Tracing } from '../observe/tracing.ts';
import type { Answer } from '../outbound/answer.ts';
import { describeNetworkFailure, type Transport } from '../outbound/transport.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { open, seal } from '../seal/by-secret.ts';
import { addressAt } from '../tenants/hosts.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { correlated, correlationIdOf } from './correlation.ts';
import type { Login } from './dialects/dialect.ts';
import { loginWorkOf } from './request-span.ts';

/** Access tokens of the OAuth client credentials grant. All replicas share one for each tenant. */
export interface Tokens {
  /**
   * Returns an access token that is valid for at least another minute. If many jobs on many replicas
   * ask at the same time, one of them fetches it.
   *
   * @param refused an access token that Genesys Cloud has just refused. It is not returned again.
   * @throws {CodedError} CREDENTIALS_REFUSED, TOKEN_UNREADABLE, RATE_LIMITED, GENESYS_UNAVAILABLE,
   *   GENESYS_UNREACHABLE
   */
  get(tenant: Tenant, refused?: string): Promise<string>;
  /** Whether this process holds such an access token. */
  has(tenant: Tenant): boolean;
}

/** Where tokens are shared. A process that shares them with no other one may have a store of its own. */
export type TokenStore = Pick<RedisClient, 'get' | 'set' | 'del'>;

export interface TokensOptions {
  readonly client: TokenStore;
  readonly keys: Keys;
  readonly transport: Transport;
  readonly clock: Clock;
  /** Makes the spans of logins; off by default. A login that many jobs wait for belongs to one of them. */
  readonly tracing?: Tracing;
  readonly requestTimeoutMs: number;
  readonly secretOf: (tenant: Tenant) => string;
  readonly loginOf: (tenant: Tenant) => Login;
  /** Called after each login. */
  readonly onFetched?: ((tenantId: string, result: 'fetched' | 'failed') => void) | undefined;
}

interface Token {
  readonly value: string;
  readonly expiresAtMs: number;
}

/** An access token counts as expired this long before its end, ms (docs/guides.md#request-a-token). */
const SAFETY_MS = 60_000;
const LOCK_POLL_MS = 50;

const grant = z.looseObject({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: z.unknown().optional(),
});
const grantError = z.looseObject({
  error: z.string().catch(''),
  error_description: z.string().catch(''),
});
const storedToken = z.object({ value: z.string(), expiresAtMs: z.number() });

export function createTokens(options: TokensOptions): Tokens {
  const { client, keys, clock, requestTimeoutMs } = options;
  const held = new Map<string, Token>();
  const pending = new Map<string, Promise<Token>>();

  const isFresh = (token: Token | undefined, refused?: string): token is Token =>
    token !== undefined && token.value !== refused && token.expiresAtMs - SAFETY_MS > clock.now();

  async function get(tenant: Tenant, refused?: string): Promise<string> {
    const token = held.get(contextOf(tenant));
    if (isFresh(token, refused)) return token.value;
    const fetching = pending.get(contextOf(tenant)) ?? start(tenant, refused);
    return (await fetching).value;
  }

  function start(tenant: Tenant, refused?: string): Promise<Token> {
    held.delete(contextOf(tenant));
    const fetching = sharedOrNew(tenant, refused)
      .then((token) => {
        held.set(contextOf(tenant), token);
        return token;
      })
      .finally(() => pending.delete(contextOf(tenant)));
    pending.set(contextOf(tenant), fetching);
    return fetching;
  }

  async function sharedOrNew(tenant: Tenant, refused?: string): Promise<Token> {
    const lockKey = keys.tokenLock(tenant.id);
    const me = randomUUID();
    for (;;) {
      const shared = await readShared(tenant);
      if (isFresh(shared, refused)) return shared;
      // The lock lives a little longer than a fetch can take. So the lock of a dead process
      // expires.
      const locked = await client.set(lockKey, me, 'PX', requestTimeoutMs + 1000, 'NX');
      if (locked) break;
      await delay(LOCK_POLL_MS);
    }
    try {
      // The previous holder of the lock may have fetched a token.
      const shared = await readShared(tenant);
      if (isFresh(shared, refused)) return shared;
      const token = await counted(tenant, options);
      // If Redis refuses the token, other replicas fetch their own. This token is good.
      await share(tenant, token).catch(() => {});
      return token;
    } finally {
      await unlock(lockKey, me).catch(() => {});
    }
  }

  /** Releases the lock. If this fails, the lock expires. */
  async function unlock(lockKey: string, me: string): Promise<void> {
    if ((await client.get(lockKey)) === me) await client.del(lockKey);
  }

  async function readShared(tenant: Tenant): Promise<Token | undefined> {
    const sealed = await client.get(keys.token(tenant.id));
    const text = sealed === null ? undefined : open(sealed, options.secretOf(tenant), contextOf(tenant));
    return text === undefined ? undefined : storedToken.parse(JSON.parse(text));
  }

  async function share(tenant: Tenant, token: Token): Promise<void> {
    const lifeMs = Math.floor(token.expiresAtMs - SAFETY_MS - clock.now());
    if (lifeMs <= 0) return;
    const sealed = seal(JSON.stringify(token), options.secretOf(tenant), contextOf(tenant));
    await client.set(keys.token(tenant.id), sealed, 'PX', lifeMs);
  }

  return { get, has: (tenant) => isFresh(held.get(contextOf(tenant))) };
}

/** What a token belongs to. A change of client or host in the tenants file drops the old token. */
function contextOf(tenant: Tenant): string {
  return JSON.stringify([tenant.id, tenant.clientId, tenant.hosts.login]);
}

async function counted(tenant: Tenant, options: TokensOptions): Promise<Token> {
  try {
    const token = await fetchToken(tenant, options);
    options.onFetched?.(tenant.id, 'fetched');
    return token;
  } catch (error) {
    options.onFetched?.(tenant.id, 'failed');
    throw error;
  }
}

/**
 * Fetches a token with all scopes of the dialect, if it has any. If the login host refuses a scope,
 * it fetches a token without naming scopes. Then an operation that the client may not use gets a 403, and the
 * error names its scope. All other operations work.
 */
async function fetchToken(tenant: Tenant, options: TokensOptions): Promise<Token> {
  const { clock } = options;
  const askedAtMs = clock.now();
  using deadline = startDeadline(options.requestTimeoutMs);
  const login = options.loginOf(tenant);
  const request = (scopes: readonly string[]) => requestToken(tenant, options, deadline.signal, scopes);
  let response = await request(login.scopes);
  if (login.scopes.length > 0 && isScopeRefused(response)) response = await request([]);
  const body = parseJson(response.body);
  if (!response.ok) throw refusal(tenant, response, checked(grantError, body).data, clock.now());
  const granted = checked(grant, body).data;
  const lifeMs = granted && (lifeMsOf(granted.expires_in) ?? login.usualLifeMs);
  if (!granted || lifeMs === null || lifeMs === undefined) throw unreadable(tenant, response);
  return { value: granted.access_token, expiresAtMs: askedAtMs + lifeMs };
}

function isScopeRefused({ status, body }: Answer): boolean {
  return status === 400 && checked(grantError, parseJson(body)).data?.error === 'invalid_scope';
}

/**
 * The scopes of the dialect that the login host refuses to the client of a tenant. It asks for all of
 * them together, and then for each by itself.
 * @throws {CodedError} as `Tokens.get` does.
 */
export async function missingScopes(tenant: Tenant, options: TokensOptions): Promise<string[]> {
  const { scopes } = options.loginOf(tenant);
  const isRefused = async (wanted: readonly string[]) => {
    using deadline = startDeadline(options.requestTimeoutMs);
    const response = await requestToken(tenant, options, deadline.signal, wanted);
    if (response.ok || isScopeRefused(response)) return !response.ok;
    const body = checked(grantError, parseJson(response.body)).data;
    throw refusal(tenant, response, body, options.clock.now());
  };
  if (scopes.length === 0 || !(await isRefused(scopes))) return [];
  const refused = await Promise.all(scopes.map(async (scope) => [scope, await isRefused([scope])] as const));
  return refused.flatMap(([scope, is]) => (is ? [scope] : []));
}

/** With a life shorter than the safety margin, every job would fetch a token. */
const MIN_LIFE_MS = SAFETY_MS + 1000;
/** Genesys Cloud issues no tokens that live longer. */
const MAX_LIFE_MS = 172_800_000;
/**
 * The life of a token, ms; null if the answer does not say it.
 * @param expiresIn seconds; some gateways write the number as text
 */
export function lifeMsOf(expiresIn: unknown): number | null {
  const seconds = typeof expiresIn === 'string' && expiresIn.trim() !== '' ? Number(expiresIn) : expiresIn;
  if (typeof seconds !== 'number' || Number.isNaN(seconds)) return null;
  return Math.min(Math.max(Math.floor(seconds * 1000), MIN_LIFE_MS), MAX_LIFE_MS);
}

/**
 * Requests a token (docs/guides.md#request-a-token).
 * @param scopes empty: all scopes of the client.
 */
async function requestToken(
  tenant: Tenant,
  { transport, tracing = NO_TRACING, requestTimeoutMs, secretOf, loginOf }: TokensOptions,
  deadline: AbortSignal,
  scopes: readonly string[],
): Promise<Answer> {
  const { clientId } = tenant;
  const secret = secretOf(tenant);
  const isBasic = loginOf(tenant).credentials === 'basic';
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(!isBasic && { client_id: clientId, client_secret: secret }),
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
  });
  try {
    const send = () =>
      transport.send(addressAt(tenant.hosts.login, '/oauth/token'), {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
          accept: 'application/json',
          ...(isBasic && { authorization: basicOf(clientId, secret) }),
        },
        content: form.toString(),
        deadline,
      });
    return await inClientSpan(tracing, () => loginWorkOf(tenant), send);
  } catch (error) {
    const reason = describeNetworkFailure(error, requestTimeoutMs);
    const message = `${tenant.hosts.login} gives no token to tenant ${tenant.id}: ${reason}`;
    throw new CodedError('GENESYS_UNREACHABLE', message);
  }
}

function basicOf(clientId: string, secret: string): string {
  return `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
}

/**
 * The error of a 2xx answer without a usable token. The credentials are not at fault: the answer
 * came from another program.
 */
function unreadable(tenant: Tenant, { status, ending, headers }: Answer): CodedError {
  const reason = ending === 'whole' ? 'without a usable token' : 'with a body that cannot be read';
  const { where, option } = correlated(correlationIdOf(headers));
  const message = `${tenant.hosts.login} answered ${status} to tenant ${tenant.id} ${reason}${where}`;
  return new CodedError('TOKEN_UNREADABLE', message, { status, ...option });
}

/** Error codes of authorization servers (RFC 6749, 4.1.2.1 and 5.2). */
const OAUTH_ERRORS: ReadonlySet<string> = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
  'access_denied',
  'server_error',
  'temporarily_unavailable',
]);

/**
 * The error of an answer that is not 2xx. The login host uses 400 and 401 for a refused client and
 * for its rate limit.
 */
function refusal(
  tenant: Tenant,
  response: Answer,
  body: z.output<typeof grantError> | undefined,
  nowMs: number,
): CodedError {
  const { status } = response;
  // Only a code of the standard is quoted. Other words of the host may contain anything.
  const said = body && OAUTH_ERRORS.has(body.error) ? ` ${body.error}` : '';
  const { where, option } = correlated(correlationIdOf(response.headers));
  const answered = `${tenant.hosts.login} answered ${status}${said} to client ${tenant.clientId} of tenant ${tenant.id}${where}`;
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), nowMs);
  const options = { status, ...option, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  if (status === 429 || body?.error_description.startsWith('rate limit exceeded')) {
    return new CodedError('RATE_LIMITED', answered, { retryAfterMs: 60_000, ...options });
  }
  if (status >= 500 || status === 408) return new CodedError('GENESYS_UNAVAILABLE', answered, options);
  return new CodedError('CREDENTIALS_REFUSED', answered, options);
}
