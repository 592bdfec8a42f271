import type { IncomingHttpHeaders } from 'node:http';
import { isRecord } from '../core/json.ts';
import { ProblemError } from './problem.ts';

const HEADER = 'idempotency-key';

const ASCII = /^[\x20-\x7e]*$/;

/** As the contract of every kind has it. */
const KEY = /^(?!\.{1,2}$)[^\s\p{C}]{1,200}$/u;

/**
 * The idempotency key of the header (draft-ietf-httpapi-idempotency-key-header-07): a quoted string.
 * Many clients leave out the quotes, so both forms are the same key.
 * @throws {ProblemError}
 */
export function idempotencyKeyOf(headers: IncomingHttpHeaders): string | undefined {
  const header = headers[HEADER];
  if (header === undefined) return undefined;
  // Node reads a header as Latin-1, and would make another key of the bytes of UTF-8.
  const key = ASCII.test(String(header)) ? unquoted(String(header)) : undefined;
  if (key === undefined || !KEY.test(key)) throw new ProblemError('IDEMPOTENCY_KEY_INVALID');
  return key;
}

/**
 * The body with the key of the header: the header and `idempotencyKey` of the body are the same thing.
 * @throws {ProblemError} when they differ.
 */
export function withIdempotencyKey(body: unknown, headers: IncomingHttpHeaders): unknown {
  const key = idempotencyKeyOf(headers);
  if (key === undefined || !isRecord(body)) return body;
  if (body['idempotencyKey'] === undefined) return { ...body, idempotencyKey: key };
  // The contract says what is wrong with a key that is no text.
  if (typeof body['idempotencyKey'] === 'string' && body['idempotencyKey'] !== key)
    throw new ProblemError('IDEMPOTENCY_KEYS_DIFFER');
  return body;
}

function unquoted(text: string): string | undefined {
  if (!text.startsWith('"')) return text;
  const inner = /^"((?:[^"\\]|\\["\\])*)"$/.exec(text)?.[1];
  return inner?.replace(/\\(["\\])/g, '$1');
}
