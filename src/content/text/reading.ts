import { INVISIBLE } from '../../core/characters.ts';
import { decodeReferences } from '../html/rich-tokens.ts';

/**
 * A text as the last program in a chain may read it: references and escapes undone, invisible
 * characters gone.
 */
export interface Reading {
  readonly text: string;
  /** Without white space: browsers skip it in the scheme of an address, as in `java\nscript:`. */
  readonly joined: string;
}

/**
 * Each round undoes one more encoding. A text with more encodings has no honest reason for them.
 */
const MAX_ROUNDS = 5;

/** @returns undefined when it is still encoded after five rounds. */
export function readingOf(text: string): Reading | undefined {
  let current = text;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    // A program that normalizes text turns full-width and other forms into ASCII letters.
    const decoded = decodePercent(decodeReferences(current)).normalize('NFKC').replace(INVISIBLE, '');
    if (decoded === current) return { text: current, joined: current.replace(/\s/g, '') };
    current = decoded;
  }
  return undefined;
}

/**
 * Undoes the escapes of addresses, those of controls and of letters beyond ASCII too, and those of
 * the older `escape`.
 */
function decodePercent(text: string): string {
  return text
    .replace(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
      Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
    )
    .replace(/%u([0-9a-f]{4})/gi, (_escape, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
