import { dangerIn } from './dangerous.ts';
import type { ContentPolicy } from './policy.ts';
import { readingOf } from './reading.ts';
import type { Budget } from './step-budget.ts';

/** What ends a line is fine in a longer text; whatever else controls, or turns a text around, is not. */
const UNREADABLE = /(?!\n)\p{Cc}|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** As a browser reads it; `<3` and `5 < 6` begin no tag. */
const TAG = /<[a-z/!?]/i;

/**
 * Why a widget may not show a text, such as a greeting, to customers; undefined when it may. Markup is refused rather
 * than taken out: the text belongs to an operator, who can write it without.
 *
 * @param text of a bounded length.
 */
export function widgetTextFault(text: string, policy: ContentPolicy, budget?: Budget): string | undefined {
  if (text.trim() === '') return 'expected a text that is not blank';
  if (UNREADABLE.test(text)) return 'expected a text without control characters and changes of direction';
  const danger = dangerIn(text);
  if (danger !== undefined) return danger;
  if (TAG.test(readingOf(text)?.text ?? '')) return 'expected a text without markup';
  return policy.violation('text/plain', text, budget);
}

/** Whether a text has at most so many characters, as the guides count them: an emoji is one, and not two. */
export function hasAtMost(characters: number, text: string): boolean {
  return text.length <= characters || (text.length <= 2 * characters && [...text].length <= characters);
}
