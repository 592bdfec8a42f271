import { readHtml } from '../html/html.ts';
import type { ContentPolicy } from '../policy/policy.ts';
import type { Budget } from '../policy/step-budget.ts';
import { unreadableIn } from '../text/characters.ts';

/** A text is shown as it is, or as HTML that formats it. */
export type TextType = 'text/plain' | 'text/html';

/** A text to be sent, or why it may not be sent. The reason does not quote it. */
export type CheckedText =
  | { readonly text: string; readonly issue?: never }
  | { readonly issue: string; readonly text?: never };

/**
 * Checks a text that people will read: its characters, its markup, and the patterns that a tenant
 * blocks.
 *
 * @param text of a bounded length.
 * @param budget of its message, where the message has several texts.
 */
export function checkText(policy: ContentPolicy, type: TextType, text: string, budget?: Budget): CheckedText {
  const issue = unreadableIn(text) ?? policy.violation(type, text, budget);
  return issue === undefined ? { text: textToSend(type, text) } : { issue };
}

/**
 * The text to send: plain text as it is, HTML as it was parsed and written anew.
 *
 * @throws {Error} for HTML that every policy refuses.
 */
export function textToSend(type: TextType, text: string): string {
  if (type === 'text/plain') return text;
  const read = readHtml(text);
  if (read.issue !== undefined) throw new Error(read.issue);
  return read.html;
}
