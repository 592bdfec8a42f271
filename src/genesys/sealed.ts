import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/**
 * Encrypts a token for Redis with AES-256-GCM. The key is derived from the client secret, which
 * only workers have. So a reader of Redis cannot read the token. After a change of the secret, the
 * old token does not open, so a new one is fetched.
 */
export function seal(text: string, secret: string, context: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(secret, context), iv);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

/** Decrypts a text. Returns undefined if secret or context differ, or the text was changed. */
export function open(sealed: string, secret: string, context: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < 28) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', deriveKey(secret, context), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

function deriveKey(secret: string, context: string): Buffer {
  // HKDF accepts at most 1,024 bytes of context, so the context is hashed.
  const info = createHash('sha256').update(context).digest();
  return Buffer.from(hkdfSync('sha256', secret, 'gwm token', info, 32));
}
