import { unreadableIn } from './characters.ts';
import { dangerIn } from './dangerous.ts';
import { turnsAround } from './direction.ts';
import type { ContentPolicy } from './policy.ts';
import { readingOf } from './reading.ts';
import type { Budget } from './step-budget.ts';

/** An address of a person, which a parser takes for a tag that does nothing. */
const ADDRESSEE = /<[\w.+-]{1,64}@[\w.-]{1,255}>/g;
/** As a browser reads it; `<3` and `5 < 6` begin no tag. One at the end would begin one with the text behind it. */
const TAG = /<(?:[a-z/!?]|$)/i;

/**
 * Why a widget may not show a text, such as a greeting, to customers; undefined when it may. Markup is refused rather
 * than taken out: the text belongs to an operator, who can write it without.
 *
 * @param text of a bounded length.
 */
export function widgetTextIssue(text: string, policy: ContentPolicy, budget?: Budget): string | undefined {
  if (text.trim() === '') return 'expected a text that is not blank';
  if (unreadableIn(text) !== undefined) return 'expected a text without control characters';
  if (turnsAround(text)) return 'expected a text without changes of direction that are forced or left open';
  const danger = dangerIn(text);
  if (danger !== undefined) return danger;
  if (TAG.test((readingOf(text)?.text ?? '').replace(ADDRESSEE, ''))) return 'expected a text without markup';
  return policy.violation('text/plain', text, budget);
}

/** Whether a text has at most so many characters. An emoji counts as one. */
export function hasAtMost(characters: number, text: string): boolean {
  return text.length <= characters || (text.length <= 2 * characters && [...text].length <= characters);
}
