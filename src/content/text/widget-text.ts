import {
  DIRECTION_STEPS,
  FIRST_ISOLATE,
  OVERRIDES,
  POP_EMBEDDING,
  POP_ISOLATE,
} from '../../core/characters.ts';
import type { ContentPolicy } from '../policy/policy.ts';
import type { Budget } from '../policy/step-budget.ts';
import { unreadableIn } from './characters.ts';
import { dangerIn } from './dangerous.ts';
import { readingOf } from './reading.ts';

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

/**
 * Whether a text shows its characters in another order than that of its language, or has what stands behind it on a page
 * do so: an override, or an embedding or isolate that is not closed on its line. The marks U+061C, U+200E and U+200F, which
 * Arabic and Hebrew need beside digits, brackets and Latin letters, do neither.
 */
function turnsAround(text: string): boolean {
  if (text.search(OVERRIDES) >= 0) return true;
  const open: string[] = [];
  for (const [step] of text.matchAll(DIRECTION_STEPS)) {
    if (step === '\n' ? open.length > 0 : isMismatch(open, step)) return true;
  }
  return open.length > 0;
}

/** Opens or closes; whether there is nothing of its kind to close. */
function isMismatch(open: string[], step: string): boolean {
  if (step === POP_EMBEDDING || step === POP_ISOLATE) return open.pop() !== step;
  open.push(step < POP_ISOLATE && step >= FIRST_ISOLATE ? POP_ISOLATE : POP_EMBEDDING);
  return false;
}
