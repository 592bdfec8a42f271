import type { Allowance } from '../core/allowance.ts';
import type { AnswerHeaders } from '../outbound/answer.ts';

/**
 * What the headers of an answer say about the rate limit: `X-RateLimit-Remaining`
 * (docs/guides.md#rate-limits), or the three headers of the platform (docs/platform.md#rate).
 */
export function readAllowance(headers: AnswerHeaders): Allowance | undefined {
  const direct = numberIn(headers, 'x-ratelimit-remaining');
  if (direct !== undefined) return { remaining: direct };
  const [requests, allowed] = [
    numberIn(headers, 'inin-ratelimit-count'),
    numberIn(headers, 'inin-ratelimit-allowed'),
  ];
  if (requests === undefined || allowed === undefined) return undefined;
  const remaining = Math.max(0, allowed - requests);
  const resetSeconds = numberIn(headers, 'inin-ratelimit-reset');
  if (resetSeconds === undefined || allowed === 0) return { remaining };
  return { remaining, count: { requests, allowed, resetMs: resetSeconds * 1000 } };
}

/** A header of digits alone. */
function numberIn(headers: AnswerHeaders, name: string): number | undefined {
  const text = headers.get(name);
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
