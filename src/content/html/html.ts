import { unreadableIn } from '../text/characters.ts';
import { attributeIssue, tagIssue } from './html-rules.ts';
import { misplacedIn } from './misplaced.ts';
import { type RichToken, type RichTokens, tokenize } from './rich-tokens.ts';
import { isSameRich, MAX_DEPTH, parseRich, type RichNode, withLineEnds, writeRich } from './rich-tree.ts';

/**
 * An HTML text, written anew from the tree that a browser makes of it; or the reason why it may not
 * be sent.
 */
export type ReadHtml =
  | { readonly html: string; readonly tree: readonly RichNode[]; readonly issue?: never }
  | { readonly issue: string };

const UNREADABLE = 'a reference to a character that cannot be read';

/**
 * Browsers mend these errors, so that they show another text than the author meant. The keys are
 * the names of the standard.
 */
const BROKEN = new Map<string, string>([
  ['eof-in-tag', 'a tag without its ">"'],
  ['missing-end-tag-name', 'an end tag without a name'],
  ['end-tag-with-attributes', 'an end tag with attributes'],
  ['duplicate-attribute', 'an attribute that stands twice in a tag'],
  ['unexpected-null-character', 'a character that cannot be read'],
  ['null-character-reference', UNREADABLE],
  ['surrogate-character-reference', UNREADABLE],
  ['character-reference-outside-unicode-range', UNREADABLE],
]);

/**
 * Browsers open these elements again in each paragraph that follows: many of them, in many
 * paragraphs, are a flood.
 */
const REOPENED = new Set(['a', 'b', 'code', 'em', 'i', 's', 'small', 'strong', 'u']);

/**
 * Reads an HTML text by the standard of the browsers, and writes it anew: the message has only what
 * was understood, and no bytes of the caller. It refuses markup that does more than format, and
 * markup that a browser would drop, move or mend. A page may put any text in front of the result or
 * behind it: the result reads the same.
 */
export function readHtml(text: string): ReadHtml {
  const read = tokenize(text);
  const issue = tokensIssue(read);
  if (issue !== undefined) return refused(issue);
  const tree = parseRich(text);
  if (tree === undefined) return refused(`more than ${MAX_DEPTH} elements within each other`);
  const misplaced = misplacedIn(read.tokens, tree);
  if (misplaced !== undefined) return refused(misplaced);
  const html = writeRich(tree);
  const again = parseRich(html);
  // A browser must read the written HTML as the same tree.
  if (again === undefined || !isSameRich(tree, again)) return refused('tags that stand where they may not');
  return { html, tree };
}

function refused(what: string): ReadHtml {
  return { issue: `not allowed in HTML: ${what}` };
}

function tokensIssue({ tokens, errors }: RichTokens): string | undefined {
  for (const token of tokens) {
    const issue = tokenIssue(token);
    if (issue !== undefined) return issue;
  }
  for (const error of errors) {
    const broken = BROKEN.get(error);
    if (broken !== undefined) return broken;
  }
  return openFormats(tokens) > MAX_DEPTH ? `more than ${MAX_DEPTH} tags that are left open` : undefined;
}

function tokenIssue(token: RichToken): string | undefined {
  if (token.kind === 'comment') return 'a comment or declaration';
  if (token.kind === 'text') return unreadableIn(token.text) && UNREADABLE;
  const issue = tagIssue(token.name);
  if (issue !== undefined || token.kind === 'end') return issue;
  for (const { name, value } of token.attributes) {
    const wrong =
      attributeIssue(token.name, name, withLineEnds(value)) ?? (unreadableIn(value) && UNREADABLE);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function openFormats(tokens: readonly RichToken[]): number {
  let [open, most] = [0, 0];
  for (const token of tokens) {
    if (token.kind === 'text' || token.kind === 'comment' || !REOPENED.has(token.name)) continue;
    open = Math.max(0, open + (token.kind === 'start' ? 1 : -1));
    most = Math.max(most, open);
  }
  return most;
}
