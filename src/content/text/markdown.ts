import { SKIPPED_IN_ADDRESS } from '../../core/characters.ts';

/**
 * Finds Markdown with a forbidden link or image in a text. Widgets use different parsers, so these
 * functions do not follow one grammar. They find an image in every form, because a widget loads it.
 * They find a link by the scheme of its target. Each search looks for the few characters that every
 * grammar needs, in time that is linear in the text.
 */

/** Schemes that a link may have; a target without a scheme stays on the page's own host. */
const SCHEMES = /^(?:https?|mailto|tel):/i;
const ANY_SCHEME = /^[a-z][a-z0-9+.-]*:/i;
/** The characters of a target that the check reads. They show where it leads. */
const MAX_TARGET = 64;
/** The characters of a line that the check reads. They show whether it is a definition. */
const MAX_LINE = 256;
/** A backslash turns these characters into plain text. */
const ESCAPED = /\\([!-/:-@[-`{-~])/g;

/** @param text with decoded references and percent escapes. */
export function hasForeignMarkdown(text: string): boolean {
  return hasImage(text) || targetsOf(text).some(isForeign);
}

/**
 * `![a](…)`, `![a][b]`, `![[a]]`, and `![a]` with a definition anywhere. The label may hold
 * anything, because the check does not read it.
 */
function hasImage(text: string): boolean {
  const start = text.indexOf('![');
  if (start < 0) return false;
  return (
    text.includes('![[') || text.includes('](', start) || text.includes('][', start) || text.includes(']:')
  );
}

/** The targets of links `[x](…)`, definitions `[x]: …` and autolinks `<…>`. */
function targetsOf(text: string): string[] {
  const ends = (pattern: RegExp) =>
    [...text.matchAll(pattern)].map(({ 0: { length }, index }) => index + length);
  return [
    ...ends(/\]\(\s*<?/g),
    ...ends(/\]:\s*<?/g).filter((at) => isDefinition(text, at)),
    ...ends(/<(?=[a-z][a-z0-9+.-]{1,31}:[^\s<>])/gi),
  ].map((at) => targetAt(text, at));
}

function targetAt(text: string, from: number): string {
  let target = '';
  for (let at = from; at < text.length && target.length < MAX_TARGET; at++) {
    const character = text.charAt(at);
    if (character === ' ' || character === ')' || character === '>') break;
    if (!SKIPPED_IN_ADDRESS.test(character)) target += character;
  }
  return target;
}

/**
 * A definition has a title or nothing after its target. So `[Anna]: Note: call me` is not one.
 */
function isDefinition(text: string, at: number): boolean {
  if (text.charAt(at - 1) === '<') return true;
  return /^\S+[^\S\n]*(?:$|[\n"'(])/.test(text.slice(at, at + MAX_LINE));
}

function isForeign(target: string): boolean {
  const read = target.replace(ESCAPED, '$1');
  if (/^[/\\]{2}/.test(target) || /^[/\\]{2}/.test(read)) return true;
  return ANY_SCHEME.test(read) && !SCHEMES.test(read);
}
