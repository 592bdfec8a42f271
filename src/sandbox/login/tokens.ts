import { randomBytes } from 'node:crypto';
import type { SandboxClient } from './clients.ts';

/** An access token with its scopes. */
export interface Token {
  readonly client: SandboxClient;
  readonly scopes: ReadonlySet<string>;
  readonly expiresAtMs: number;
  isRevoked: boolean;
}

/** The access tokens that the sandbox has issued. */
export interface Tokens {
  readonly lifetimeSeconds: number;
  /** Issues a token, of the usual lifetime unless one is given. @returns the text for the `Authorization` header */
  issue(client: SandboxClient, scopes: readonly string[], nowMs: number, lifetimeSeconds?: number): string;
  /** The token of a bearer text, valid or not. Undefined for an unknown or a deleted one. */
  find(bearer: string): Token | undefined;
  /** Revokes the tokens of one tenant, or of all tenants. @returns the number of revoked tokens */
  revoke(tenant: string | undefined, nowMs: number): number;
}

/** A store without tokens. */
export function createTokens(usualLifetimeSeconds: number): Tokens {
  const tokens = new Map<string, Token>();

  function forgetExpired(nowMs: number): void {
    for (const [bearer, token] of tokens) if (token.expiresAtMs <= nowMs) tokens.delete(bearer);
  }

  return {
    lifetimeSeconds: usualLifetimeSeconds,
    issue(client, scopes, nowMs, lifetimeSeconds = usualLifetimeSeconds) {
      forgetExpired(nowMs);
      const bearer = randomBytes(48).toString('base64url');
      tokens.set(bearer, {
        client,
        scopes: new Set(scopes),
        expiresAtMs: nowMs + lifetimeSeconds * 1000,
        isRevoked: false,
      });
      return bearer;
    },
    find(bearer) {
      return tokens.get(bearer);
    },
    revoke(tenant, nowMs) {
      let count = 0;
      for (const token of tokens.values()) {
        if (tenant !== undefined && token.client.tenant !== tenant) continue;
        if (!isValid(token, nowMs)) continue;
        token.isRevoked = true;
        count += 1;
      }
      return count;
    },
  };
}

/** Whether a token is neither revoked nor expired. */
export function isValid(token: Token, nowMs: number): boolean {
  return !token.isRevoked && nowMs < token.expiresAtMs;
}

/** The bearer text of an Authorization header. Undefined for another scheme or no header. */
export function bearerOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined || !/^bearer /i.test(authorization)) return undefined;
  return authorization.slice('bearer '.length).trim();
}
