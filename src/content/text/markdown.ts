import { SKIPPED_IN_ADDRESS } from '../../core/characters.ts';

/**
 * Markdown in a text, judged by where its links and images lead, and not by one grammar: widgets use different parsers.
 * An image is refused however its address is given, for that is loaded; a link by the scheme of its target. Each is
 * found by the few characters that no grammar can do without, in time that is linear in the text.
 */

/** Schemes that a link may have; a target without a scheme stays on the page's own host. */
const SCHEMES = /^(?:https?|mailto|tel):/i;
const ANY_SCHEME = /^[a-z][a-z0-9+.-]*:/i;
/** Characters of a target that are looked at: enough to see where it leads. */
const MAX_TARGET = 64;
/** Characters of a line that are looked at to tell a definition. */
const MAX_LINE = 256;
/** What a backslash takes the meaning from. */
const ESCAPED = /\\([!-/:-@[-`{-~])/g;

/** @param text as it reads once references and percent escapes are undone. */
export function hasForeignMarkdown(text: string): boolean {
  return hasImage(text) || targetsOf(text).some(isForeign);
}

/** `![a](…)`, `![a][b]`, `![[a]]`, and `![a]` with a definition anywhere. The label may hold anything: it is not read. */
function hasImage(text: string): boolean {
  const start = text.indexOf('![');
  if (start < 0) return false;
  return (
    text.includes('![[') || text.includes('](', start) || text.includes('][', start) || text.includes(']:')
  );
}

/** Of links `[x](…)`, definitions `[x]: …` and autolinks `<…>`. */
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

/** Behind the target of a definition stands a title or nothing: `[Anna]: Note: call me` is what a person said. */
function isDefinition(text: string, at: number): boolean {
  if (text.charAt(at - 1) === '<') return true;
  return /^\S+[^\S\n]*(?:$|[\n"'(])/.test(text.slice(at, at + MAX_LINE));
}

function isForeign(target: string): boolean {
  const read = target.replace(ESCAPED, '$1');
  if (/^[/\\]{2}/.test(target) || /^[/\\]{2}/.test(read)) return true;
  return ANY_SCHEME.test(read) && !SCHEMES.test(read);
}
