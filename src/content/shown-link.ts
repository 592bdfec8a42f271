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
  return (
    hiddenFault(address) ??
    policy.violation('text/plain', address, budget) ??
    policy.violation('text/plain', readingOf(address)?.text ?? '', budget)
  );
}

/** What is wrong with a link once its escapes are undone. @param address without a {@link linkFault}. */
export function hiddenFault(address: string): string | undefined {
  const reading = readingOf(address);
  if (!reading) return 'expected an address that is not encoded over and over';
  return BREAKING.test(reading.text) ? dangerIn(address) : undefined;
}
