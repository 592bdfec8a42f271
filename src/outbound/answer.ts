/** The answer to one request, with any status. */
export interface Answer {
  readonly status: number;
  /** Whether the status is one of 2xx. */
  readonly ok: boolean;
  /** The headers. The values of a repeated header are joined with commas. */
  readonly headers: AnswerHeaders;
  /** The decoded body; `''` if it cannot be read. */
  readonly body: string;
  /**
   * `whole`: the body is complete. `cut`: the body is longer than the limit. `broken`: the body is
   * incomplete, came too late, or cannot be decompressed. `foreign`: the body is not UTF-8. Then
   * the body of a success is `''`; that of a refusal has replacement characters.
   */
  readonly ending: 'whole' | 'cut' | 'broken' | 'foreign';
  /** The decoded body of a request with `bytesUpTo`; its `body` is `''`. */
  readonly bytes?: Uint8Array;
}

/** The part of a web `Headers` that callers use. */
export type AnswerHeaders = Pick<Headers, 'get'>;

/** Headers as undici has them, with names in lower case. */
export type RawHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Makes an answer whose head was received. */
export function answerOf(
  status: number,
  headers: RawHeaders,
  body: string,
  ending: Answer['ending'],
): Answer {
  return { status, ok: status >= 200 && status < 300, headers: headersOf(headers), body, ending };
}

/** Headers with names in any case. */
export function headersOf(headers: RawHeaders): AnswerHeaders {
  return {
    get(name) {
      const value = headers[name.toLowerCase()];
      return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
    },
  };
}
