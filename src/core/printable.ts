import { UNSEEN, UNSEEN_BUT_LINES } from './characters.ts';

/** Most lines have only these characters: one quick test is enough for them. */
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * A text on one line, with each character of {@link UNSEEN} as JSON writes it, `\u001b`. JSON stays
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
