import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../core/clock.ts';
import { type ApiKey, SCOPES } from './api-key.ts';
import { digestOf, placeOf } from './digest.ts';
import { newKeyId, newSecret, type RandomBytes } from './secret.ts';

/** A key of this process: for every tenant, with every scope, in memory alone. */
export interface DevelopmentKey {
  readonly key: ApiKey;
  readonly secret: string;
  /** The key when the secret is its own. */
  verify(secret: string): ApiKey | undefined;
  /** The same for a secret of which the caller has kept the digest alone. */
  verifyDigest(digest: Buffer): ApiKey | undefined;
}

/**
 * Makes a development key. A process prints it at its start, when it listens on loopback and the
 * installation has no API key. The prefix `gwm_dev_` tells it from keys that work elsewhere.
 */
export function developmentKey(
  clock: Clock = systemClock,
  random: RandomBytes = randomBytes,
): DevelopmentKey {
  const id = newKeyId(random);
  const secret = newSecret('dev', id, random);
  const digests = [digestOf(secret)];
  const key: ApiKey = {
    id,
    name: 'development key',
    tenants: 'all',
    scopes: SCOPES,
    createdAt: new Date(clock.now()).toISOString(),
    expiresAt: null,
    lastUsedAt: null,
  };
  const verifyDigest = (digest: Buffer) => (placeOf(digest, digests) === 0 ? key : undefined);
  return { key, secret, verify: (presented) => verifyDigest(digestOf(presented)), verifyDigest };
}
