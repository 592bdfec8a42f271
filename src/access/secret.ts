import { crc32 } from 'node:zlib';
import { base62, digitsOf } from './base62.ts';

/**
 * The text of a secret. A leak scanner finds it by its prefix, and knows a real one by its check
 * sum; a typing error costs no request to Redis.
 *
 *   gwm_live_ 0aB1cD2eF3g <43 letters and digits> 1aB2cD
 *   prefix    id part     32 random bytes         CRC-32 of all before
 *
 * Id part, random bytes and check sum are in base 62. The id part is the id of the key without `k_`.
 */
export type Environment =
  /** A key in Redis. */
  | 'live'
  /** The development key of one process. */
  | 'dev';

/** Makes random bytes. Tests replace it. */
export type RandomBytes = (size: number) => Uint8Array;

const ID_BYTES = 8;
const ID_LENGTH = 11;
const RANDOM_BYTES = 32;
const RANDOM_LENGTH = 43;
const SUM_LENGTH = 6;
const ID_PREFIX = 'k_';

const SECRET = /^gwm_(?:live|dev)_([0-9A-Za-z]{11})[0-9A-Za-z]{43}([0-9A-Za-z]{6})$/;
const MAX_LENGTH = 'gwm_live_'.length + ID_LENGTH + RANDOM_LENGTH + SUM_LENGTH;

/** Makes the id of a new key. */
export function newKeyId(random: RandomBytes): string {
  return `${ID_PREFIX}${base62(random(ID_BYTES), ID_LENGTH)}`;
}

/** Makes a new secret of a key. */
export function newSecret(environment: Environment, keyId: string, random: RandomBytes): string {
  const idPart = keyId.slice(ID_PREFIX.length);
  const body = `gwm_${environment}_${idPart}${base62(random(RANDOM_BYTES), RANDOM_LENGTH)}`;
  return body + sumOf(body);
}

/**
 * The id of the key that a secret belongs to; undefined for a text that is no secret, or has a wrong
 * check sum. It is quick for texts of any length, and says nothing about which keys exist.
 */
export function keyIdOf(secret: string): string | undefined {
  if (secret.length > MAX_LENGTH) return undefined;
  const [, idPart, sum] = SECRET.exec(secret) ?? [];
  if (sum === undefined || sumOf(secret.slice(0, -SUM_LENGTH)) !== sum) return undefined;
  return `${ID_PREFIX}${idPart}`;
}

function sumOf(body: string): string {
  return digitsOf(crc32(body), SUM_LENGTH);
}
