import { ERRORS, REFUSALS } from './errors.ts';
import { HTTP_ERRORS, isHttpErrorCode, JOB_ERRORS_OVER_HTTP } from './http-errors.ts';

/** What docs/errors.md says about a code; undefined for an unknown code. */
export interface ErrorText {
  readonly code: string;
  readonly title: string;
  readonly hint: string;
  /** Of the answer, for errors of the HTTP API. */
  readonly status: number | null;
}

const OF_JOBS: ReadonlyMap<string, string> = new Map(
  Object.entries({ ...ERRORS, ...REFUSALS }).map(([code, { hint }]) => [code, hint]),
);
const OVER_HTTP = new Map(Object.entries(JOB_ERRORS_OVER_HTTP));

export function errorTextOf(code: string): ErrorText | undefined {
  if (isHttpErrorCode(code)) return { code, ...HTTP_ERRORS[code] };
  const hint = OF_JOBS.get(code);
  if (hint === undefined) return undefined;
  const { title = 'A job failed', status = null } = OVER_HTTP.get(code) ?? {};
  return { code, title, hint, status };
}

export function allErrorTexts(): ErrorText[] {
  return [...Object.keys(HTTP_ERRORS), ...OF_JOBS.keys()].flatMap((code) => errorTextOf(code) ?? []);
}
