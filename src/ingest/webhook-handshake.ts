import type { IncomingHttpHeaders } from 'node:http';

export interface HandshakeTerms {
  /** Requests per minute that a sender may make; null: as many as it likes. */
  readonly perMinute: number | null;
}

/** Headers of the answer to an OPTIONS request. */
export type HandshakeHeaders = Readonly<Record<string, string>>;

/** A host name. The answer repeats it, so that nothing else may pass. */
const ORIGIN =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/i;
const RATE = /^[1-9]\d{0,8}$/;

/**
 * The answer to the handshake by which a sender of CloudEvents asks whether it may send here (HTTP
 * 1.1 Web Hooks for Event Delivery, section 4). It is no authorization: each event needs an API key.
 *
 * An answer without `webhook-allowed-origin` is no consent. `WebHook-Request-Callback` is not
 * called: a request to an address of a caller's choice would be one that the caller cannot make.
 */
export function handshakeHeaders(
  headers: IncomingHttpHeaders,
  { perMinute }: HandshakeTerms,
): HandshakeHeaders {
  const origin = headerOf(headers, 'webhook-request-origin');
  const allow = { allow: 'OPTIONS, POST' };
  if (origin === undefined || !ORIGIN.test(origin)) return allow;
  return {
    ...allow,
    'webhook-allowed-origin': origin,
    'webhook-allowed-rate': allowedRate(headerOf(headers, 'webhook-request-rate'), perMinute),
  };
}

/** At most what the sender asks for, and at most what it may have. `*`: no limit. */
function allowedRate(requested: string | undefined, perMinute: number | null): string {
  if (perMinute === null) return '*';
  if (requested === undefined || !RATE.test(requested)) return String(perMinute);
  return String(Math.min(Number(requested), perMinute));
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
