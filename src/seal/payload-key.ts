import { createHmac } from 'node:crypto';
import type { Environment } from '../config/environment.ts';
import type { PayloadKeyReference } from '../config/payload-keys.ts';
import { readReference } from '../config/reference.ts';
import { OperatorError } from '../core/errors.ts';

/** A key that seals values in Redis, or writes the audit chain. */
export interface PayloadKey {
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

export const KEY_BYTES = 32;

/**
 * Reads the keys that a setting names.
 * @param setting its name, for messages.
 * @throws {OperatorError} naming every key that cannot be used; it never quotes a key.
 */
export function readKeys(
  setting: 'PAYLOAD_KEYS' | 'AUDIT_KEYS',
  references: readonly PayloadKeyReference[],
  environment: Environment,
): PayloadKey[] {
  const issues: string[] = [];
  const keys = references.flatMap(({ id, reference }) => {
    const read = readReference(reference, environment);
    const bytes = 'secret' in read ? bytesIn(read.secret) : undefined;
    if (bytes) return [{ id, bytes }];
    issues.push(`${setting}: key ${id}: ${'issue' in read ? read.issue : UNFIT}`);
    return [];
  });
  if (issues.length > 0) throw new OperatorError(issues.join('\n'), 'settings');
  return keys;
}

const UNFIT =
  'wanted 32 random bytes as base64 or hex (openssl rand -base64 32), got something else (not shown)';

/**
 * What may be stored beside the values to recognize a key. It says nothing about the key, which is
 * random.
 */
export function fingerprintOf({ bytes }: PayloadKey): string {
  return createHmac('sha256', bytes).update('gwm payload key').digest('hex').slice(0, 32);
}

function bytesIn(text: string): Uint8Array | undefined {
  const isHex = /^[0-9a-f]{64}$/i.test(text);
  if (!isHex && !/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined;
  const bytes = Buffer.from(text, isHex ? 'hex' : 'base64');
  return bytes.length === KEY_BYTES ? bytes : undefined;
}
