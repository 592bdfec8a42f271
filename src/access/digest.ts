import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Digests of secrets. A secret has 256 random bits, so SHA-256 is enough: no attacker can try them
 * all, however quick the hash is.
 */

/** Most secrets of one key that work at the same time: the current one and former ones. */
export const MAX_SECRETS = 5;

/** No secret has this digest. It stands in for secrets that a key does not have. */
const NO_DIGEST = Buffer.alloc(32);

/** Texts that are no secret may be long. They are not read to their end. */
const MAX_HASHED = 128;

export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret.slice(0, MAX_HASHED)).digest();
}

/**
 * The place of a digest among those of a key, or -1. It makes {@link MAX_SECRETS} comparisons in
 * constant time, whatever the key has. So an unknown key takes as long as a known one.
 */
export function placeOf(digest: Buffer, digests: readonly Buffer[]): number {
  let place = -1;
  for (let index = 0; index < MAX_SECRETS; index++) {
    const isEqual = timingSafeEqual(digest, digests[index] ?? NO_DIGEST);
    if (isEqual && index < digests.length) place = index;
  }
  return place;
}
