import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { decodeUtf8 } from '../../core/utf8.ts';
import { readJson } from './json.ts';

/** The longest body that the sandbox reads to its end. A setting says what it accepts of that. */
export const MAX_READ_BYTES = 16 * 1024 * 1024;

/** The longest body of a control interface: a test can set more than a client can write. */
const MAX_CONTROL_BYTES = 8 * 1024 * 1024;

/** The longest form that the token operation accepts, in bytes. */
export const MAX_FORM_BYTES = 16 * 1024;

/** The deepest nesting of lists and objects in a body. The real limit is not documented. */
const MAX_NESTING = 1000;

/**
 * A body that could not be read. It is a value and no error, because the endpoint checks the token
 * and the rate limit before the body.
 */
export class UnreadableBody {
  readonly status: 400 | 413 | 415;
  readonly reason: string;

  constructor(status: 400 | 413 | 415, reason: string) {
    this.status = status;
    this.reason = reason;
  }
}

/** Makes a scope read JSON bodies only. @param maxBytes gives the longest body that it accepts now */
export function readJsonBodies(scope: FastifyInstance, maxBytes: () => number): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, bytes, done) => {
    done(null, bytes.length > maxBytes() ? tooLong() : parseJson(bytes as Buffer));
  });
}

/**
 * Makes the scope of a control interface read every body as JSON and ignore its type. curl declares a
 * form by default.
 */
export function readAnyBodyAsJson(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: MAX_CONTROL_BYTES },
    (_request, bytes, done) => {
      done(null, parseJson(bytes as Buffer));
    },
  );
}

/** Makes a scope read form bodies only. */
export function readFormBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer', bodyLimit: MAX_FORM_BYTES },
    (_request, bytes, done) => {
      const text = decodeUtf8(bytes as Buffer);
      done(null, text === undefined ? notUtf8() : new URLSearchParams(text));
    },
  );
}

/** The unreadable body behind an error of the HTTP server. Undefined for any other error. */
export function unreadableBodyOf(error: FastifyError): UnreadableBody | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return tooLong();
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new UnreadableBody(415, 'this operation does not accept the content type of the body');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new UnreadableBody(400, 'the length of the body is not the length in its header');
    default:
      return undefined;
  }
}

/**
 * Reads the rest of a refused body, up to a bound. Without this the operating system would reset
 * the connection while the caller still sends, and the caller might never see the answer.
 */
export async function drain(request: FastifyRequest): Promise<void> {
  let drainedBytes = 0;
  try {
    for await (const chunk of request.raw.iterator({ destroyOnReturn: false })) {
      drainedBytes += (chunk as Buffer).length;
      if (drainedBytes > MAX_READ_BYTES) return;
    }
  } catch {
    // The caller closed the connection, so no answer is possible.
  }
}

function tooLong(): UnreadableBody {
  return new UnreadableBody(413, 'the body is longer than this operation accepts');
}

function notUtf8(): UnreadableBody {
  return new UnreadableBody(400, 'the body is not UTF-8');
}

function parseJson(bytes: Buffer): unknown {
  const text = decodeUtf8(bytes);
  if (text === undefined) return notUtf8();
  if (text === '') return undefined;
  try {
    const body = readJson(text);
    // Each level needs two brackets, so a short text cannot be too deep.
    const mayBeDeep = text.length > 2 * MAX_NESTING;
    return mayBeDeep && isTooDeep(body) ? new UnreadableBody(400, 'the body is nested too deep') : body;
  } catch {
    return new UnreadableBody(400, 'the body is not JSON');
  }
}

/** Code that logs or compares a body is recursive: deeper nesting would exhaust its stack. */
export function isTooDeep(body: unknown): boolean {
  let level = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_NESTING) return true;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}
