/**
 * `Retry-After` as RFC 9110 §10.2.3 has it: whole seconds, or an HTTP date.
 *
 * @param nowMs the present, milliseconds since the epoch: dates are relative to it.
 * @param maxMs the longest wait that is believed; a longer one is cut to it.
 * @returns milliseconds to wait, or undefined when the header is missing, malformed, negative or past.
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

// The three forms of RFC 9110 all begin with the name of a day; Date.parse alone would also take "-5".
function parseHttpDate(value: string): number {
  return /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(value) ? Date.parse(value) : Number.NaN;
}
