import { INVISIBLE } from '../../core/characters.ts';
import { decodeReferences } from '../html/rich-tokens.ts';

/** A text as whatever reads it last may see it: references and escapes undone, nothing invisible left in it. */
export interface Reading {
  readonly text: string;
  /** Without any white space, which browsers skip in the scheme of an address: `java\nscript:`. */
  readonly joined: string;
}

/** Each round undoes one more encoding; what is encoded more often has no honest reason to be. */
const MAX_ROUNDS = 5;

/** @returns undefined when it is still encoded after five rounds. */
export function readingOf(text: string): Reading | undefined {
  let current = text;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    // Full-width and other forms of the ASCII letters are those letters for whoever normalizes.
    const decoded = decodePercent(decodeReferences(current)).normalize('NFKC').replace(INVISIBLE, '');
    if (decoded === current) return { text: current, joined: current.replace(/\s/g, '') };
    current = decoded;
  }
  return undefined;
}

/** As addresses are decoded, control characters and letters beyond ASCII included; and as the older `escape` writes them. */
function decodePercent(text: string): string {
  return text
    .replace(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
      Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
    )
    .replace(/%u([0-9a-f]{4})/gi, (_escape, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
