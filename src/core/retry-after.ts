/**
 * `Retry-After` as RFC 9110 §10.2.3 has it: whole seconds, or an HTTP date.
 *
 * @param nowMs the present, milliseconds since the epoch: dates are relative to it.
 * @param maxMs the longest wait that is believed; a longer one is cut to it.
 * @returns milliseconds to wait, or undefined when the header is missing, malformed, negative or
 *   past.
 */
export function parseRetryAfter(
  header: string | null | undefined,
  nowMs: number,
  maxMs = 3_600_000,
): number | undefined {
  const value = header?.trim();
  if (!value) return undefined;
  const waitMs = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : parseHttpDate(value) - nowMs;
  if (!(waitMs >= 0)) return undefined;
  return Math.min(Math.ceil(waitMs), maxMs);
}

// The three forms of RFC 9110 §5.6.7. Date.parse alone would also take "-5", and read the last form
// as local time.
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;
const RFC_850_DATE = /^(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT$/;
const ASCTIME_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

function parseHttpDate(value: string): number {
  if (HTTP_DATE.test(value) || RFC_850_DATE.test(value)) return Date.parse(value);
  return ASCTIME_DATE.test(value) ? Date.parse(`${value} GMT`) : Number.NaN;
}
