import { INVISIBLE, OVERRIDDEN } from '../../core/characters.ts';
import { type RichToken, textOf, tokenize } from '../html/rich-tokens.ts';
import { skeletonOf } from './confusables.ts';
import { readingOf } from './reading.ts';

/** These elements begin or end a line. */
const BREAKING = new Set(
  (
    'blockquote br caption dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody td tfoot th thead ' +
    'tr ul'
  ).split(' '),
);

/**
 * A text as a reader sees its letters: full-width, stylized and composed forms become one letter,
 * and invisible characters go.
 */
export function seenText(text: string): string {
  if (/^[\t\n\r -~]*$/.test(text)) return text;
  // Two characters may become one when no invisible character is between them any more.
  return text.normalize('NFKC').replace(INVISIBLE, '').normalize('NFKC');
}

/**
 * The text that a reader sees of an HTML text: without tags and invisible characters, its
 * references decoded.
 */
export function visibleText(html: string): string {
  return seenText(textOf(tokenize(html).tokens));
}

/**
 * All readings of a text: its letters as seen, in one line; and with its turned parts in the order
 * that a reader sees.
 */
export function seenTexts(text: string): string[] {
  return [inOneLine(seenText(text)), ...turnedTexts(text)];
}

/**
 * All readings of a text that may be markup: as if its tags were not there, and with their line
 * breaks, white space shown once as browsers do; and the values of its attributes, with the escapes
 * of addresses undone.
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

/**
 * Each search costs steps, so that no line is searched apart. The written text, which has the
 * lines, is searched as well.
 */
function inOneLine(text: string): string {
  // Most texts have single spaces and no other white space.
  if (!/[^\S ]| {2}/.test(text)) return text;
  return text.replace(/\s+/g, ' ');
}

function turnedTexts(text: string): string[] {
  const turned = text.replace(OVERRIDDEN, (_all, run: string) => [...run].reverse().join(''));
  return turned === text ? [] : [seenText(turned)];
}

/** All attributes in one text, since each search costs steps. */
function heldIn(tokens: readonly RichToken[]): string[] {
  const values = tokens.flatMap((token) =>
    token.kind === 'start' ? token.attributes.map(({ value }) => value) : [],
  );
  if (values.length === 0) return [];
  const held = values.join('\n');
  return [...seenTexts(held), readingOf(held)?.text ?? held];
}

/**
 * A text without the marks of Markdown, in one line: a link leaves its label, and a backslash keeps
 * the mark behind it.
 */
export function withoutMarkdown(text: string): string {
  return inOneLine(text)
    .replace(/\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/\\([!-/:-@[-`{-~])|[*~`]/g, (_mark, kept: string | undefined) => kept ?? '');
}

/** Texts with each lookalike replaced by the letter that it resembles. */
export function lookalikesOf(texts: readonly string[]): string[] {
  return texts.map((text) => skeletonOf(text));
}

function brokenText(token: RichToken): string {
  if (token.kind === 'text') return token.text;
  return token.kind !== 'comment' && BREAKING.has(token.name) ? '\n' : '';
}
