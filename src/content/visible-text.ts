import { skeletonOf } from './confusables.ts';
import { type RichToken, textOf, tokenize } from './rich-tokens.ts';

/** Elements that begin on a line of their own, or end one. */
const BREAKING = new Set(
  (
    'blockquote br caption dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody td tfoot th thead ' +
    'tr ul'
  ).split(' '),
);

/** What shows nothing: soft hyphens, joiners, variation selectors, marks of direction, fillers, and all that controls. */
const INVISIBLE = /(?![\t\n\r])\p{Cc}|\p{Cf}|\p{Default_Ignorable_Code_Point}/gu;

/** A text as a reader sees its letters: full-width, stylized and composed ones are one, and nothing invisible is there. */
export function seenText(text: string): string {
  if (/^[\t\n\r -~]*$/.test(text)) return text;
  // What was invisible may have kept two characters from being one.
  return text.normalize('NFKC').replace(INVISIBLE, '').normalize('NFKC');
}

/** What a reader sees of an HTML text: without its tags and invisible characters, its references decoded. */
export function visibleText(html: string): string {
  return seenText(textOf(tokenize(html).tokens));
}

/** Every way in which a text that may be markup reads: as if its tags were not there, and with its lines broken. */
export function visibleTexts(html: string): string[] {
  const { tokens } = tokenize(html);
  return [textOf(tokens), tokens.map(brokenText).join('')].map(seenText);
}

/** Texts as they read to somebody who takes letters that look alike for the same. */
export function lookalikesOf(texts: readonly string[]): string[] {
  return texts.map((text) => skeletonOf(text));
}

function brokenText(token: RichToken): string {
  if (token.kind === 'text') return token.text;
  return token.kind !== 'comment' && BREAKING.has(token.name) ? '\n' : '';
}
