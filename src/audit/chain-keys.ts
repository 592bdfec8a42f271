import { createHash, createHmac } from 'node:crypto';
import { CodedError } from '../core/errors.ts';
import type { PayloadKey } from '../seal/payload-key.ts';

/**
 * The keys of the chain (AUDIT_KEYS), the one that writes first. Without keys a hash is SHA-256, which
 * anyone can compute. With a key it is an HMAC. So a person who can write to the database cannot rewrite
 * records and head together.
 */
export type ChainKeys = readonly PayloadKey[];

export const NO_KEYS: ChainKeys = [];

/**
 * `plain`: `<key>:<hex>`, written before anchors had an HMAC. `anchored`: `<key>.2:<hex>`; the anchor of the chain
 * has an HMAC since then (chain-anchor.ts).
 */
export type HashForm = 'plain' | 'anchored';

const KEYED = /^([\w-]{1,40})(\.2)?:[0-9a-f]{64}$/;
const LABELS: Readonly<Record<HashForm, string>> = {
  plain: 'gwm audit chain',
  anchored: 'gwm audit chain 2',
};
const MARKS: Readonly<Record<HashForm, string>> = { plain: '', anchored: '.2' };

/** The id of the key that made a hash; undefined for a hash without a key. */
export function keyIdOf(hash: string): string | undefined {
  return KEYED.exec(hash)?.[1];
}

export function formOf(hash: string): HashForm {
  return KEYED.exec(hash)?.[2] === undefined ? 'plain' : 'anchored';
}

/** The hash of a text behind another hash. The form is that of a hash with a key. */
export function digest(
  previous: string,
  text: string,
  key: PayloadKey | undefined,
  form: HashForm = 'anchored',
): string {
  if (!key) return createHash('sha256').update(previous).update(text).digest('hex');
  const hmac = createHmac('sha256', key.bytes).update(LABELS[form]).update(previous).update(text);
  return `${key.id}${MARKS[form]}:${hmac.digest('hex')}`;
}

/**
 * The key that made a hash; undefined for a hash without a key.
 * @throws {CodedError} AUDIT_KEY_MISSING
 */
export function keyOf(hash: string, keys: ChainKeys): PayloadKey | undefined {
  const id = keyIdOf(hash);
  if (id === undefined) return undefined;
  const key = keys.find((each) => each.id === id);
  if (key) return key;
  throw new CodedError(
    'AUDIT_KEY_MISSING',
    `AUDIT_KEYS lacks the key ${id}, which has written audit records`,
  );
}

/**
 * The key of the next record.
 * @param head the hash that it follows.
 * @throws {CodedError} AUDIT_KEY_MISSING: a record without a key would break a chain that has one.
 */
export function writingKey(head: string, keys: ChainKeys): PayloadKey | undefined {
  const [newest] = keys;
  return newest ?? keyOf(head, keys);
}
