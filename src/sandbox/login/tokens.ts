import { randomBytes } from 'node:crypto';
import type { SandboxClient } from './clients.ts';

/** An access token and what it allows. */
export interface Token {
  readonly client: SandboxClient;
  readonly scopes: ReadonlySet<string>;
  readonly expiresAtMs: number;
  isRevoked: boolean;
}

/** The access tokens that the sandbox has handed out. */
export interface Tokens {
  readonly lifetimeSeconds: number;
  /** Makes a token and returns the text that its bearer shows. */
  issue(client: SandboxClient, scopes: readonly string[], nowMs: number): string;
  /** The token behind a bearer text, valid or not; undefined when it was never issued or is long gone. */
  find(bearer: string): Token | undefined;
  /** Makes the tokens of one tenant, or of all, invalid from now on; returns how many those were. */
  revoke(tenant: string | undefined, nowMs: number): number;
}

/** A store without tokens; each one issued lives `lifetimeSeconds`. */
export function createTokens(lifetimeSeconds: number): Tokens {
  const tokens = new Map<string, Token>();

  // All tokens live equally long and a Map keeps the order of insertion, so the dead ones are in front.
  function forgetExpired(nowMs: number): void {
    for (const [bearer, token] of tokens) {
      if (token.expiresAtMs > nowMs) return;
      tokens.delete(bearer);
    }
  }

  return {
    lifetimeSeconds,
    issue(client, scopes, nowMs) {
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

/** Whether a token may still be used. */
export function isValid(token: Token, nowMs: number): boolean {
  return !token.isRevoked && nowMs < token.expiresAtMs;
}

/** The bearer text of an Authorization header; undefined when the header is absent or of another scheme. */
export function bearerOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined || !/^bearer /i.test(authorization)) return undefined;
  return authorization.slice('bearer '.length).trim();
}
