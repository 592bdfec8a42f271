/** What came back for one request, whatever its status. */
export interface Answer {
  readonly status: number;
  /** Whether the status is one of 2xx. */
  readonly ok: boolean;
  /** Of a header that came several times: all values, separated by commas. */
  readonly headers: AnswerHeaders;
  /** The body as text, decoded; `''` where it could not be read. */
  readonly body: string;
  /**
   * `whole`: all of the body is there. `cut`: it is longer than we read. `broken`: it broke off, came too late, or is
   * compressed in a way that cannot be undone. `foreign`: it is not UTF-8, so a success has no text, and that of a refusal
   * has signs in the place of what cannot be read.
   */
  readonly ending: 'whole' | 'cut' | 'broken' | 'foreign';
}

/** The part of a web `Headers` that is asked for. */
export type AnswerHeaders = Pick<Headers, 'get'>;

/** Headers as undici has them: names in lower case. */
export type RawHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** An answer of which at least the head came. */
export function answerOf(
  status: number,
  headers: RawHeaders,
  body: string,
  ending: Answer['ending'],
): Answer {
  return { status, ok: status >= 200 && status < 300, headers: headersOf(headers), body, ending };
}

function headersOf(headers: RawHeaders): AnswerHeaders {
  return {
    get(name) {
      const value = headers[name.toLowerCase()];
      return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
    },
  };
}
