import { UNSEEN, UNSEEN_BUT_LINES } from './characters.ts';

/** Most lines are of these alone: the quick way past the two above. */
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * A text on one line that shows all it holds: what is in {@link UNSEEN} is written as JSON writes it, `\u001b`. So JSON stays
 * the same JSON.
 */
export function printable(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNSEEN, escaped);
}

/** The same for a text of several lines. */
export function printableLines(text: string): string {
  return text.replace(UNSEEN_BUT_LINES, escaped);
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
