import { sanitizeText } from '../html/sanitize.ts';
import type { JsonNode } from '../json/json-node.ts';
import { type ContentPolicy, shownLinkIssue } from '../policy/policy.ts';
import type { Budget } from '../policy/step-budget.ts';
import { unreadableIn } from '../text/characters.ts';
import { dangerIn } from '../text/dangerous.ts';
import { leadsAstray, linkIssue, WEB_SCHEMES } from '../text/link.ts';
import { readingOf } from '../text/reading.ts';
import { visibleText, withoutMarkdown } from '../text/visible-text.ts';
import { roleOf } from './card-vocabulary.ts';

/** A name has no character that separates, quotes or addresses something. */
const NAME = /^[\p{L}\p{N}_#][\p{L}\p{M}\p{N}_ #%.,-]{0,63}$/u;

/** Why a text may not be sent; undefined when it may. The reason does not quote it. */
export function cardTextIssue(
  node: JsonNode,
  text: string,
  policy: ContentPolicy,
  budget?: Budget,
): string | undefined {
  const unreadable = unreadableIn(text);
  if (unreadable !== undefined) return unreadable;
  switch (roleOf(node)) {
    case 'name':
      return nameIssue(text) ?? policy.violation('text/plain', text, budget);
    case 'link':
      return linkIssue(text) ?? shownLinkIssue(text, policy, budget);
    case 'image':
      return linkIssue(text, WEB_SCHEMES) ?? shownLinkIssue(text, policy, budget);
    case 'value':
      return valueIssue(text) ?? textIssue(text, policy, budget);
    case 'text':
      return textIssue(text, policy, budget);
  }
}

/** The text as it is sent. @param text checked by {@link cardTextIssue}. */
export function cleanCardText(node: JsonNode, text: string): string {
  const role = roleOf(node);
  return role === 'text' || role === 'value' ? sanitizeText(text) : text;
}

function nameIssue(text: string): string | undefined {
  if (NAME.test(text)) return undefined;
  return 'expected a name of at most 64 letters, digits, "_", "-" and spaces, such as primary; CSS is not taken';
}

function textIssue(text: string, policy: ContentPolicy, budget: Budget | undefined): string | undefined {
  const sanitized = sanitizeText(text);
  if (text !== '' && visibleText(sanitized).trim() === '') {
    return 'expected a text that is more than white space and tags that are taken out';
  }
  return dangerIn(sanitized) ?? blockedIn(sanitized, policy, budget);
}

/**
 * Searches the text as written, as Markdown shows it, and with the percent escapes of its links
 * undone.
 */
function blockedIn(text: string, policy: ContentPolicy, budget: Budget | undefined): string | undefined {
  const blocked = policy.violation('text/plain', text, budget);
  if (blocked !== undefined || !/[\\*~`[%]/.test(text)) return blocked;
  const readings = [withoutMarkdown(text), ...(text.includes('%') ? [readingOf(text)?.text ?? ''] : [])];
  for (const reading of readings) {
    const issue = reading === text ? undefined : policy.violation('text/plain', reading, budget);
    if (issue !== undefined) return issue;
  }
  return undefined;
}

function valueIssue(text: string): string | undefined {
  const reading = readingOf(text);
  if (!reading || !leadsAstray(reading)) return undefined;
  return 'expected a value that is no address, or one that begins with https:; it must not begin with //, data: or another scheme that runs';
}
