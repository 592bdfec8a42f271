import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Tolerance for the sender's clock, as Standard Webhooks recommends. */
const TOLERANCE_SECONDS = 300;

/**
 * Whether a request has a signature of this secret, by Standard Webhooks 1.0.0.
 *
 * It follows the specification, and shares no code with the sender: shared code would accept its
 * own errors.
 *
 * @param secret `whsec_` and its bytes in base64.
 * @param body the bytes of the request.
 */
export function isSigned(secret: string, headers: IncomingHttpHeaders, body: Buffer, nowMs: number): boolean {
  const {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures,
  } = headers as Record<string, unknown>;
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') return false;
  if (!isRecent(timestamp, nowMs)) return false;
  const expected = createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(`${id}.${timestamp}.`)
    .update(body)
    .digest();
  return signatures.split(' ').some((signature) => matches(signature, expected));
}

function isRecent(timestamp: string, nowMs: number): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  return Math.abs(Math.floor(nowMs / 1000) - Number(timestamp)) <= TOLERANCE_SECONDS;
}

function matches(signature: string, expected: Buffer): boolean {
  const [version, encoded = ''] = signature.split(',');
  const given = Buffer.from(encoded, 'base64');
  return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
}
