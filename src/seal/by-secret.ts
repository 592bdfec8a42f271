import { createHash, hkdfSync } from 'node:crypto';
import { decrypt, encrypt } from './aes-gcm.ts';

/**
 * Encrypts a token for Redis. The key is derived from the client secret, which only workers have. So
 * a reader of Redis cannot read the token. After a change of the secret, the old token does not open,
 * so a new one is fetched.
 */
export function seal(text: string, secret: string, context: string): string {
  return encrypt(deriveKey(secret, context), text).toString('base64');
}

/** Decrypts a text. Returns undefined if secret or context differ, or the text was changed. */
export function open(sealed: string, secret: string, context: string): string | undefined {
  return decrypt(deriveKey(secret, context), Buffer.from(sealed, 'base64'));
}

function deriveKey(secret: string, context: string): Buffer {
  // HKDF accepts at most 1,024 bytes of context, so the context is hashed.
  const info = createHash('sha256').update(context).digest();
  return Buffer.from(hkdfSync('sha256', secret, 'gwm token', info, 32));
}
