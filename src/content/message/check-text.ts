import { readHtml } from '../html/html.ts';
import type { ContentPolicy } from '../policy/policy.ts';
import type { Budget } from '../policy/step-budget.ts';
import { unreadableIn } from '../text/characters.ts';

/** How a text is shown: as it stands, or as HTML that formats it. */
export type TextType = 'text/plain' | 'text/html';

/** A text as it is sent, or why it may not be, without quoting it. */
export type CheckedText =
  | { readonly text: string; readonly issue?: never }
  | { readonly issue: string; readonly text?: never };

/**
 * Checks a text that people will read: its characters, its markup, and the patterns that a tenant blocks.
 *
 * @param text of a bounded length.
 * @param budget of the message that it belongs to, where that has several texts.
 */
export function checkText(policy: ContentPolicy, type: TextType, text: string, budget?: Budget): CheckedText {
  const issue = unreadableIn(text) ?? policy.violation(type, text, budget);
  return issue === undefined ? { text: textToSend(type, text) } : { issue };
}

/**
 * What is sent of a text: plain text as it is, HTML as it was understood and written anew.
 *
 * @throws {Error} for HTML that no policy lets through.
 */
export function textToSend(type: TextType, text: string): string {
  if (type === 'text/plain') return text;
  const read = readHtml(text);
  if (read.issue !== undefined) throw new Error(read.issue);
  return read.html;
}
