import { hiddenIssue } from './link-reading.ts';
import type { ContentPolicy } from './policy.ts';
import { readingOf } from './reading.ts';
import type { Budget } from './step-budget.ts';

/**
 * Why people may not be shown a link: what its escapes hide, or a blocked pattern, in it or in what it reads as.
 *
 * @param address without a `linkIssue`.
 */
export function shownLinkIssue(address: string, policy: ContentPolicy, budget?: Budget): string | undefined {
  return (
    hiddenIssue(address) ??
    policy.violation('text/plain', address, budget) ??
    policy.violation('text/plain', readingOf(address)?.text ?? '', budget)
  );
}
