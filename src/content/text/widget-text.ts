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

/** The address of a person: a parser takes it for a tag that does nothing. */
const ADDRESSEE = /<[\w.+-]{1,64}@[\w.-]{1,255}>/g;
/**
 * The beginning of a tag, as a browser reads it; `<3` and `5 < 6` do not begin one. A "<" at the
 * end would begin a tag with the text behind it.
 */
const TAG = /<(?:[a-z/!?]|$)/i;

/**
 * Why a widget may not show a text, such as a greeting, to customers; undefined when it may. Markup
 * is refused and not taken out: the operator who wrote the text can write it without.
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
 * Whether a text changes the order of characters against its language, on its own or for the text
 * behind it on a page: by an override, or by an embedding or isolate that is open at the end of its
 * line.
 */
function turnsAround(text: string): boolean {
  if (text.search(OVERRIDES) >= 0) return true;
  const open: string[] = [];
  for (const [step] of text.matchAll(DIRECTION_STEPS)) {
    if (step === '\n') {
      if (open.length > 0) return true;
    } else if (step === POP_EMBEDDING || step === POP_ISOLATE) {
      if (open.pop() !== step) return true;
    } else {
      open.push(step >= FIRST_ISOLATE ? POP_ISOLATE : POP_EMBEDDING);
    }
  }
  return open.length > 0;
}
