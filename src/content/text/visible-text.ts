import { INVISIBLE, OVERRIDDEN } from '../../core/characters.ts';
import { type RichToken, textOf, tokenize } from '../html/rich-tokens.ts';
import { skeletonOf } from './confusables.ts';
import { readingOf } from './reading.ts';

/** Elements that begin on a line of their own, or end one. */
const BREAKING = new Set(
  (
    'blockquote br caption dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody td tfoot th thead ' +
    'tr ul'
  ).split(' '),
);

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

/** Every way in which a text reads: as its letters are seen in one line, and where its direction is turned around. */
export function seenTexts(text: string): string[] {
  return [inOneLine(seenText(text)), ...turnedTexts(text)];
}

/**
 * Every way in which a text that may be markup reads: as if its tags were not there, and with its lines broken, white
 * space shown once as browsers do; and what its attributes hold, with the escapes of addresses undone.
 */
export function visibleTexts(html: string): string[] {
  const { tokens } = tokenize(html);
  const shown = [textOf(tokens), tokens.map(brokenText).join('')];
  return [
    ...shown.map((text) => inOneLine(seenText(text))),
    ...shown.flatMap(turnedTexts),
    ...heldIn(tokens),
  ];
}

/** Each search costs, so that lines are not looked at apart: the text as it was written has them. */
function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function turnedTexts(text: string): string[] {
  const turned = text.replace(OVERRIDDEN, (_all, run: string) => [...run].reverse().join(''));
  return turned === text ? [] : [seenText(turned)];
}

/** Texts of attributes in one, since each search costs. */
function heldIn(tokens: readonly RichToken[]): string[] {
  const values = tokens.flatMap((token) =>
    token.kind === 'start' ? token.attributes.map(({ value }) => value) : [],
  );
  if (values.length === 0) return [];
  const held = values.join('\n');
  return [...seenTexts(held), readingOf(held)?.text ?? held];
}

/** Links in Markdown with their text alone, and none of the marks that format but what a backslash keeps; in one line. */
export function withoutMarkdown(text: string): string {
  return inOneLine(text)
    .replace(/\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/\\([!-/:-@[-`{-~])|[*~`]/g, (_mark, kept: string | undefined) => kept ?? '');
}

/** Texts as they read to somebody who takes letters that look alike for the same. */
export function lookalikesOf(texts: readonly string[]): string[] {
  return texts.map((text) => skeletonOf(text));
}

function brokenText(token: RichToken): string {
  if (token.kind === 'text') return token.text;
  return token.kind !== 'comment' && BREAKING.has(token.name) ? '\n' : '';
}
