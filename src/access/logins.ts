import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript } from '../redis/script.ts';
import type { ApiKey } from './api-key.ts';
import type { ApiKeys } from './api-keys.ts';
import { digestOf } from './digest.ts';
import { keyIdOf, type RandomBytes } from './secret.ts';

/**
 * Logins of browsers, in Redis. A login stands for one secret of an API key, and ends with it. The
 * browser has a random token and never the secret; Redis has digests of both.
 */
export interface Logins {
  /** Opens a login for a secret that was verified. */
  open(secret: string): Promise<OpenLogin>;
  /**
   * The login of a token; undefined when it is over, or when its secret works no more. Each call
   * prolongs the login. Rejects when Redis does not answer.
   */
  find(token: string): Promise<FoundLogin | undefined>;
  close(token: string): Promise<void>;
}

export interface OpenLogin {
  /** For the cookie. */
  readonly token: string;
  /** For the header of requests that change something. */
  readonly pageToken: string;
  /** When the login ends at the latest, ISO 8601. */
  readonly endsAt: string;
}

export interface FoundLogin extends OpenLogin {
  readonly key: ApiKey;
}

export interface LoginsOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly apiKeys: Pick<ApiKeys, 'verifyDigest'>;
  /** Longest time without a request, ms. */
  readonly idleMs: number;
  /** Longest time of a login, ms. */
  readonly lifetimeMs: number;
  /** For tests. */
  readonly random?: RandomBytes;
}

/** Most logins of one API key at the same time. */
export const MAX_LOGINS = 20;

const RANDOM_BYTES = 32;
const TOKEN = /^(k_[0-9A-Za-z]{11})\.([\w-]{43})$/;

export function createLogins(options: LoginsOptions): Logins {
  const { client, keys, apiKeys, idleMs, lifetimeMs, random = randomBytes } = options;
  const store = loadScript(client, new URL('./open-login.lua', import.meta.url), []);
  const use = loadScript(client, new URL('./use-login.lua', import.meta.url), []);

  const shown = (token: string, openedMs: number): OpenLogin => ({
    token,
    pageToken: pageTokenOf(token),
    endsAt: new Date(openedMs + lifetimeMs).toISOString(),
  });

  return {
    async open(secret) {
      const keyId = keyIdOf(secret);
      if (keyId === undefined) throw new TypeError('a login needs the secret of an API key');
      const token = `${keyId}.${Buffer.from(random(RANDOM_BYTES)).toString('base64url')}`;
      const place = keys.logins(keyId);
      const digest = digestOf(secret).toString('hex');
      const args = [place, nameOf(token), digest, idleMs, lifetimeMs, MAX_LOGINS];
      return shown(token, (await store.run(place, args)) as number);
    },

    async find(token) {
      const keyId = keyIdIn(token);
      if (keyId === undefined) return undefined;
      const place = keys.logins(keyId);
      const found = await use.run(place, [place, nameOf(token), idleMs, lifetimeMs]);
      if (!Array.isArray(found)) return undefined;
      const [digest, openedMs] = found as [string, number];
      const key = await apiKeys.verifyDigest(keyId, Buffer.from(digest, 'hex'));
      return key && { key, ...shown(token, openedMs) };
    },

    async close(token) {
      const keyId = keyIdIn(token);
      if (keyId !== undefined) await client.hdel(keys.logins(keyId), nameOf(token));
    },
  };
}

/**
 * Whether a header has the page token of a login. Another site can make a browser send its cookie, and
 * knows no page token: only the page of this server reads it.
 */
export function isPageToken(given: unknown, token: string): boolean {
  if (typeof given !== 'string' || given.length > 100) return false;
  return timingSafeEqual(digestOf(given), digestOf(pageTokenOf(token)));
}

function pageTokenOf(token: string): string {
  return createHash('sha256').update(`page ${token}`).digest('base64url');
}

/** Redis has the digest in the place of the token. */
function nameOf(token: string): string {
  return createHash('sha256').update(`login ${token}`).digest('base64url');
}

function keyIdIn(token: string): string | undefined {
  return TOKEN.exec(token)?.[1];
}
