import { createHash } from 'node:crypto';

/**
 * These fields are no content: the key, and the trace, which is new when a producer repeats a job. The
 * expiry is content: a repetition with a later one asks for a job that may still be sent then.
 */
const BESIDE = new Set(['idempotencyKey', 'traceparent', 'tracestate']);

/**
 * A digest of what a job says: two payloads of one key that differ in it ask for different things.
 */
export function contentDigest(payload: Readonly<Record<string, unknown>>): string {
  const content = Object.fromEntries(Object.entries(payload).filter(([name]) => !BESIDE.has(name)));
  return createHash('sha256').update(canonical(content)).digest('base64url').slice(0, 16);
}

/** JSON whose fields are in the order of their names: the order in which they came says nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) => (isObject(part) ? sorted(part) : part));
}

function sorted(object: object): object {
  return Object.fromEntries(Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
