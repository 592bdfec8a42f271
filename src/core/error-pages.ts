import { ERRORS, isErrorCode } from './errors.ts';
import { HTTP_ERRORS, isHttpErrorCode, JOB_ERRORS_OVER_HTTP } from './http-errors.ts';

/** What docs/errors.md says about a code; undefined for an unknown code. */
export interface ErrorText {
  readonly code: string;
  readonly title: string;
  readonly hint: string;
  /** Of the answer, for errors of the HTTP API. */
  readonly status: number | null;
}

export function errorTextOf(code: string): ErrorText | undefined {
  if (isHttpErrorCode(code)) return { code, ...HTTP_ERRORS[code] };
  if (!isErrorCode(code)) return undefined;
  const overHttp = Object.hasOwn(JOB_ERRORS_OVER_HTTP, code)
    ? JOB_ERRORS_OVER_HTTP[code as keyof typeof JOB_ERRORS_OVER_HTTP]
    : undefined;
  const title = overHttp?.title ?? 'A job failed';
  return { code, title, hint: ERRORS[code].hint, status: overHttp?.status ?? null };
}

export function allErrorTexts(): ErrorText[] {
  return [...Object.keys(HTTP_ERRORS), ...Object.keys(ERRORS)].flatMap((code) => errorTextOf(code) ?? []);
}
