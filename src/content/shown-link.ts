import { dangerIn } from './dangerous.ts';
import type { ContentPolicy } from './policy.ts';
import { readingOf } from './reading.ts';
import type { Budget } from './step-budget.ts';

/** What ends an attribute, once escapes are undone. */
const BREAKING = /[<>"'`]/;

/**
 * Why people may not be shown a link: an attribute or a tag that comes out of it once its escapes are undone, or a blocked
 * pattern, in it or in what it reads as.
 *
 * @param address without a {@link linkFault}.
 */
export function shownLinkFault(address: string, policy: ContentPolicy, budget?: Budget): string | undefined {
  const reading = readingOf(address);
  if (!reading) return 'expected an address that is not encoded over and over';
  const danger = BREAKING.test(reading.text) ? dangerIn(address) : undefined;
  return (
    danger ??
    policy.violation('text/plain', address, budget) ??
    policy.violation('text/plain', reading.text, budget)
  );
}
