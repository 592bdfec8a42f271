import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { CodedError } from '../core/errors.ts';
import { signingKey } from '../tenants/signing-secret.ts';

/** The headers of Standard Webhooks 1.0.0. */
export interface SignedHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/**
 * Signs one attempt: HMAC-SHA256 over `{id}.{timestamp}.{body}`, in base64, as `v1,…`. Several
 * secrets make several signatures, separated by a space. So each receiver may change to the new
 * secret at its own time.
 *
 * @param secrets each `whsec_` and 24 to 64 bytes in base64.
 * @param body the exact text that is sent.
 * @param timestampSeconds time of this attempt, not of the event.
 * @throws {CodedError} WEBHOOK_SECRET_MISSING if a secret has another form. The error does not
 *   quote it.
 */
export function sign(
  secrets: readonly string[],
  id: string,
  timestampSeconds: number,
  body: string,
): SignedHeaders {
  const signed = `${id}.${timestampSeconds}.${body}`;
  const signatures = secrets.map((secret) =>
    createHmac('sha256', secretKey(secret)).update(signed).digest('base64'),
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signatures.map((signature) => `v1,${signature}`).join(' '),
  };
}

/** Secrets whose keys are kept. */
const KEPT = 1000;
const keys = new Map<string, KeyObject>();

/** Node makes a key object out of bytes anew with each signature. */
function secretKey(secret: string): KeyObject {
  const kept = keys.get(secret);
  if (kept) return kept;
  const bytes = signingKey(secret);
  if (!bytes) {
    throw new CodedError(
      'WEBHOOK_SECRET_MISSING',
      'the callback secret is not "whsec_" and 24 to 64 bytes in base64',
    );
  }
  if (keys.size >= KEPT) keys.clear();
  const key = createSecretKey(bytes);
  keys.set(secret, key);
  return key;
}
