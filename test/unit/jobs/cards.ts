import { buildCard, type Card } from '../../../src/content/card/card.ts';
import { type ContentPolicy, createContentPolicy } from '../../../src/content/policy/policy.ts';
import { describeIssue } from '../../../src/core/issues.ts';
import { cardDelivery } from '../../../src/jobs/card-delivery.ts';
import { parseJob } from '../../../src/jobs/define.ts';
import { card } from '../../support/guides/card.ts';

export const defaultPolicy: ContentPolicy = createContentPolicy();

/** The input of a producer: the sample card with these fields replaced. */
export function cardOf(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return card(fields);
}

/** A card of these components only. */
export function componentsCard(...components: unknown[]): Record<string, unknown> {
  return cardOf({ fields: undefined, components });
}

/** All issues of the input, formatted. Empty for valid input. */
export function issuesOf(input: unknown, policy: ContentPolicy = defaultPolicy): string[] {
  const parsed = parseJob(cardDelivery, input, policy);
  return parsed.ok ? [] : parsed.issues.map(describeIssue);
}

/** The card as the worker sends it. Throws if the input has issues. */
export function sent(input: unknown, messageId = 'message-1'): Card {
  const parsed = parseJob(cardDelivery, input, defaultPolicy);
  if (parsed.ok) return buildCard(parsed.data, messageId);
  throw new Error(parsed.issues.map(describeIssue).join('; '));
}
