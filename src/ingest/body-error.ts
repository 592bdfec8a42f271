/**
 * Why the body of a request is refused as a whole, with the HTTP status of the answer. A problem of
 * one line or of one event is an issue of that line or event, and the others go on.
 */
const STATUS = {
  /** More bytes than allowed, before or after decompression. */
  BODY_TOO_LARGE: 413,
  /** More events than allowed in one body. */
  BATCH_TOO_LARGE: 413,
  /** The compressed data is broken, or ends too early. */
  BODY_DAMAGED: 400,
  /** No UTF-8, or no JSON. */
  BODY_UNREADABLE: 400,
  /** A `Content-Encoding` other than gzip, zstd or identity. */
  ENCODING_UNSUPPORTED: 415,
  /** A `Content-Type` that the route does not read. */
  MEDIA_TYPE_UNSUPPORTED: 415,
} as const;

export type BodyErrorCode = keyof typeof STATUS;

/** A body that cannot be read. The message is safe for the answer: it quotes nothing of the body. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
  readonly code: BodyErrorCode;
  readonly status: (typeof STATUS)[BodyErrorCode];

  constructor(code: BodyErrorCode, message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.code = code;
    this.status = STATUS[code];
  }
}

/** @param maxBytes the limit that the body exceeds. */
export function tooLarge(maxBytes: number): BodyError {
  return new BodyError('BODY_TOO_LARGE', `expected a body of at most ${maxBytes} bytes, got more`);
}
