import { randomBytes } from 'node:crypto';
import type { Session } from './model.ts';

/** The tokens for the history of a session. */
export interface Jwts {
  issue(session: Session, nowMs: number, lifeSeconds: number): { jwt: string; exp: number };
  /** Undefined for an unknown or expired token. */
  sessionOf(jwt: string, nowMs: number): Session | undefined;
}

export function createJwts(): Jwts {
  const issued = new Map<string, { session: Session; endsAtMs: number }>();

  function forgetExpired(nowMs: number): void {
    for (const [jwt, { endsAtMs }] of issued) if (endsAtMs <= nowMs) issued.delete(jwt);
  }

  return {
    issue(session, nowMs, lifeSeconds) {
      forgetExpired(nowMs);
      const endsAtMs = nowMs + lifeSeconds * 1000;
      const exp = Math.floor(endsAtMs / 1000);
      // It has the form of a JWT. Its signature is random: only the map above says what is valid.
      const parts = [
        part({ alg: 'HS256', typ: 'JWT' }),
        part({ exp }),
        randomBytes(32).toString('base64url'),
      ];
      const jwt = parts.join('.');
      issued.set(jwt, { session, endsAtMs });
      return { jwt, exp };
    },
    sessionOf(jwt, nowMs) {
      const found = issued.get(jwt);
      return found !== undefined && nowMs < found.endsAtMs ? found.session : undefined;
    },
  };
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
