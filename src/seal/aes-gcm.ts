import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Bytes of {@link encrypt} beyond those of the text. */
export const OVERHEAD_BYTES = IV_BYTES + TAG_BYTES;

/**
 * Encrypts a text with AES-256-GCM and a random nonce.
 * @param key 32 bytes. One key may encrypt at most 2^32 texts, because of the nonce.
 * @param associated what the reader must know as well, in clear; empty by default.
 * @returns nonce, tag and encrypted text.
 */
export function encrypt(key: Uint8Array, text: string, associated = ''): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv);
  cipher.setAAD(Buffer.from(associated, 'utf8'));
  const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), encrypted]);
}

/** The text; undefined when key or associated data differ, or a byte was changed. */
export function decrypt(key: Uint8Array, bytes: Uint8Array, associated = ''): string | undefined {
  if (bytes.length < OVERHEAD_BYTES) return undefined;
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(bytes.subarray(IV_BYTES, OVERHEAD_BYTES));
  decipher.setAAD(Buffer.from(associated, 'utf8'));
  try {
    const text = decipher.update(bytes.subarray(OVERHEAD_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
