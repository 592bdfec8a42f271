import { createHmac, randomBytes } from 'node:crypto';
import { CodedError } from '../core/errors.ts';
import { decrypt, encrypt } from './aes-gcm.ts';
import type { PayloadKey } from './payload-key.ts';

/**
 * Where a value is in Redis. A sealed value opens in its own place only: the tenant, the id and the
 * kind of value are associated data.
 */
export interface Place {
  readonly what: SealedValue;
  readonly tenantId: string;
  /** The id of the job; of other values that of their owner. */
  readonly id: string;
}

export type SealedValue =
  | 'data'
  | 'result'
  | 'reason'
  | 'trace'
  | 'ledger'
  | 'attempt'
  | 'endpoint'
  | 'audit'
  | 'names';

/**
 * Seals what customers wrote before it goes into Redis. Every value names the key that sealed it, so
 * that keys can be rotated. Without PAYLOAD_KEYS values go into Redis as they are.
 *
 *   gwm1:<key>:<tenant>:<salt, nonce, tag and encrypted text, base64url>
 *
 * The salt makes another key of each value. So a key of PAYLOAD_KEYS may seal any number of values.
 */
export interface Seal {
  /** Whether new values are sealed. */
  readonly isOn: boolean;
  /** The keys, the one that seals first; none without PAYLOAD_KEYS. */
  readonly keys: readonly PayloadKey[];
  /** Seals a text, or returns it as it is when sealing is off. */
  close(text: string, place: Place): string;
  /**
   * Opens a text. One that is not sealed comes back as it is.
   * @param place without a tenant when only the value says whose it is.
   * @throws {CodedError} PAYLOAD_KEY_MISSING, or PAYLOAD_UNREADABLE for a value that was changed or moved.
   */
  open(text: string, place: Omit<Place, 'tenantId'> & { readonly tenantId?: string | undefined }): string;
  /**
   * What stands in a key of Redis for a name that a customer chose, such as a conversation: the same
   * for every process and every key of PAYLOAD_KEYS. The name itself when sealing is off.
   */
  nameOf(tenantId: string, name: string): string;
  /** The secret of the names; undefined until the installation is claimed. */
  readonly namesSecret: string | undefined;
  /** Sets the secret of the names, which the first process of an installation makes. */
  useNames(secret: string): void;
}

const FORM = /^gwm1:([A-Za-z0-9_-]{1,40}):([\w.-]{1,64}):([A-Za-z0-9_-]{54,})$/;
const SALT_BYTES = 12;

/** The key and the tenant that a sealed value names; undefined for a value in clear. */
export function sealedBy(text: string): { readonly keyId: string; readonly tenantId: string } | undefined {
  if (!text.startsWith('gwm1:')) return undefined;
  const [, keyId, tenantId] = FORM.exec(text) ?? [];
  return keyId === undefined || tenantId === undefined ? undefined : { keyId, tenantId };
}

/** Values stay as they are. */
export const CLEAR: Seal = createSeal([]);

/** @param keys the one that seals first. */
export function createSeal(keys: readonly PayloadKey[]): Seal {
  const [newest] = keys;
  const byId = new Map(keys.map((key) => [key.id, key]));
  let names: string | undefined;

  return {
    isOn: newest !== undefined,
    keys,

    close(text, place) {
      if (!newest) return text;
      const salt = randomBytes(SALT_BYTES);
      const bytes = Buffer.concat([salt, encrypt(keyOf(newest, salt), text, associatedWith(place))]);
      return `gwm1:${newest.id}:${place.tenantId}:${bytes.toString('base64url')}`;
    },

    open(text, { what, tenantId, id }) {
      if (!text.startsWith('gwm1:')) return text;
      const [, keyId = '', owner = '', encoded] = FORM.exec(text) ?? [];
      if (encoded === undefined) return text;
      const key = byId.get(keyId);
      if (!key) {
        throw new CodedError('PAYLOAD_KEY_MISSING', `this process has no payload key ${keyId}`);
      }
      const bytes = Buffer.from(encoded, 'base64url');
      const salt = bytes.subarray(0, SALT_BYTES);
      const isOwn = tenantId === undefined || tenantId === owner;
      const place = { what, tenantId: owner, id };
      const opened = isOwn
        ? decrypt(keyOf(key, salt), bytes.subarray(SALT_BYTES), associatedWith(place))
        : undefined;
      if (opened === undefined) {
        throw new CodedError('PAYLOAD_UNREADABLE', `the payload key ${keyId} does not open this ${what}`);
      }
      return opened;
    },

    nameOf(tenantId, name) {
      if (!newest) return name;
      if (!names) throw new TypeError('the installation was not claimed before its first use');
      const digest = createHmac('sha256', names)
        .update(JSON.stringify([tenantId, name]))
        .digest();
      return `~${digest.subarray(0, 18).toString('base64url')}`;
    },

    get namesSecret() {
      return names;
    },

    useNames(secret) {
      names = secret;
    },
  };
}

/** HMAC as a KDF: one block of output, and a key of full entropy. */
function keyOf({ bytes }: PayloadKey, salt: Uint8Array): Uint8Array {
  return createHmac('sha256', bytes).update('gwm seal').update(salt).digest();
}

function associatedWith({ what, tenantId, id }: Place): string {
  return JSON.stringify([what, tenantId, id]);
}
