import { randomBytes } from 'node:crypto';
import { CodedError, OperatorError } from '../core/errors.ts';
import { fingerprintOf } from '../seal/payload-key.ts';
import type { Place, Seal } from '../seal/seal.ts';
import type { RedisClient } from './connect.ts';
import type { Keys } from './keys.ts';

/**
 * What the installation says about PAYLOAD_KEYS, in its hash:
 *
 *   names       the secret of names in keys, sealed
 *   seal:<id>   the fingerprint of a key that seals values, or has sealed some
 */
const NAMES = 'names';
const SEALED_BY = 'seal:';
const SECRET_BYTES = 32;

/**
 * Compares PAYLOAD_KEYS with the installation, and notes the key that seals now. The first process
 * with PAYLOAD_KEYS makes the secret of the names.
 *
 * @param stored the hash of the installation.
 * @throws {OperatorError} when a process without the right keys would misread Redis.
 */
export async function claimSeal(
  client: RedisClient,
  keys: Keys,
  stored: Readonly<Record<string, string>>,
): Promise<void> {
  const { seal } = keys;
  if (!seal.isOn) {
    if (stored[NAMES] !== undefined) throw settings(withoutKeys(keys.prefix));
    return;
  }
  compareKeys(seal, stored);
  const names = stored[NAMES] ?? (await makeNames(client, keys));
  seal.useNames(secretIn(seal, names, keys));
  const [newest] = seal.keys;
  if (newest) await client.hset(keys.installation(), `${SEALED_BY}${newest.id}`, fingerprintOf(newest));
}

/** The ids of the keys that have sealed values of the installation. */
export async function sealingKeyIds(client: RedisClient, keys: Keys): Promise<string[]> {
  const names = await client.hkeys(keys.installation());
  return names.filter((name) => name.startsWith(SEALED_BY)).map((name) => name.slice(SEALED_BY.length));
}

/** The installation needs these keys no more. */
export async function forgetKeys(client: RedisClient, keys: Keys, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await client.hdel(keys.installation(), ...ids.map((id) => `${SEALED_BY}${id}`));
}

/** Seals the secret of the names with the first key. */
export async function rewrapNames(client: RedisClient, keys: Keys): Promise<void> {
  const names = await client.hget(keys.installation(), NAMES);
  if (names === null) return;
  const secret = keys.seal.open(names, placeOf(keys));
  await client.hset(keys.installation(), NAMES, keys.seal.close(secret, placeOf(keys)));
}

function compareKeys(seal: Seal, stored: Readonly<Record<string, string>>): void {
  const known = new Map(seal.keys.map((key) => [key.id, fingerprintOf(key)]));
  for (const [field, fingerprint] of Object.entries(stored)) {
    if (!field.startsWith(SEALED_BY)) continue;
    const id = field.slice(SEALED_BY.length);
    const own = known.get(id);
    if (own === undefined) {
      throw settings(
        `PAYLOAD_KEYS lacks the key ${id}, which has sealed values in Redis. Add it behind the first key, until gwm keys rewrap has sealed them again.`,
      );
    }
    if (own !== fingerprint) {
      throw settings(
        `PAYLOAD_KEYS has another key ${id} than the one that has sealed values in Redis. Give a new key a new name.`,
      );
    }
  }
}

/** Jobs that wait have clear names in their lanes, where no process with keys would look for them. */
async function makeNames(client: RedisClient, keys: Keys): Promise<string> {
  for (const partition of keys.partitions()) {
    const [buckets, halted] = await Promise.all([
      client.scard(`${keys.ownOf(partition)}occupied`),
      client.hlen(`${keys.ownOf(partition)}halted`),
    ]);
    if (buckets + halted > 0) throw settings(STILL_WAITING);
  }
  const secret = keys.seal.namesSecret ?? randomBytes(SECRET_BYTES).toString('base64url');
  await client.hsetnx(keys.installation(), NAMES, keys.seal.close(secret, placeOf(keys)));
  return (await client.hget(keys.installation(), NAMES)) ?? '';
}

function secretIn(seal: Seal, names: string, keys: Keys): string {
  try {
    return seal.open(names, placeOf(keys));
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    throw settings(
      `The secret of names in Redis cannot be opened: ${error.message}. Give PAYLOAD_KEYS the key that has sealed it.`,
    );
  }
}

function placeOf({ prefix }: Keys): Place {
  return { what: 'names', tenantId: '-', id: prefix };
}

function settings(message: string): OperatorError {
  return new OperatorError(message, 'settings');
}

function withoutKeys(prefix: string): string {
  return `The values in Redis under the prefix ${prefix} are sealed, and PAYLOAD_KEYS is not set. Set it as for the other processes.`;
}

const STILL_WAITING =
  'PAYLOAD_KEYS is set for the first time, and jobs still wait in clear. Start the workers without it until all jobs have ended, and retry or cancel the dead letters that halt a conversation. Stop every process, then start them with PAYLOAD_KEYS.';
