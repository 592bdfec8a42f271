import { OVERRIDES } from '../../core/characters.ts';
import { decodeReferences, type RichToken, tokenize } from './rich-tokens.ts';
import { escapeMarkup, isSameRich, parseRich, writeRich } from './rich-tree.ts';

/**
 * The tags of docs/guides.md#card-texts. The attribute `style` is left out: a style can fetch an
 * address, cover the page with a link and hide a text. No test of its text would be safe.
 */
export const ALLOWED_TAGS = ['p', 'br', 'strong', 'em', 'u', 'span', 'div'];

const ALLOWED = new Set(ALLOWED_TAGS);
/** Elements within each other. Deeper tags are taken out, and their texts stay. */
const MAX_OPEN = 32;

/** A reader does not see the text within these elements. */
const NO_TEXT = new Set(
  'script style textarea option xmp noscript noembed noframes iframe template title plaintext'.split(' '),
);

/** A browser, or a program behind it, may take such a "<" for the beginning of a tag. */
const MARKUP = /<(?![ \t\r\n\d=-])/;
/**
 * A tag without attributes, or with a value among them. A parser takes `<b then c>` for a tag, and
 * its author means a text.
 */
const TAG = /<(?:\/?[a-z][a-z0-9-]*(?:\s*\/?>|[\s/][^<>]*=)|[!?])/iy;

/**
 * A text of a card as HTML that only formats. A text without markup stays as it is, so that a page
 * can show it as plain text: `Tom & Jerry`, `5 < 6`, `I love C++ <3`. The function takes out all
 * attributes, and all tags but `ALLOWED_TAGS`. It keeps `<anna@example.com>` as text, though a
 * parser takes it for a tag. A second call changes nothing.
 */
export function sanitizeText(text: string): string {
  const readable = text.replace(OVERRIDES, '');
  if (!MARKUP.test(readable)) return readable;
  const html = formatted(tokenize(escapeLoneBrackets(readable)).tokens);
  if (html.includes('<')) return html;
  // No markup is left, so that the text needs no escapes.
  const plain = decodeReferences(html);
  return MARKUP.test(plain) || decodeReferences(plain) !== plain ? html : plain;
}

/**
 * The allowed tags and the text, as a browser has them. A browser reads the result as the same
 * tree.
 */
function formatted(tokens: readonly RichToken[]): string {
  const tree = parseRich(markupOf(tokens)) ?? [];
  const html = writeRich(tree);
  const again = parseRich(html) ?? [];
  return isSameRich(tree, again) ? html : writeRich([textOnly(tokens)]);
}

/**
 * The allowed tags without attributes, each end tag behind its start tag, and the text, escaped.
 */
function markupOf(tokens: readonly RichToken[]): string {
  const open: string[] = [];
  return shownOf(tokens)
    .map((token) => {
      if (token.kind === 'text') return escapeMarkup(token.text);
      if (token.kind === 'comment' || !ALLOWED.has(token.name)) return '';
      if (token.name === 'br') return token.kind === 'start' ? '<br>' : '';
      return token.kind === 'start' ? opened(open, token.name) : closed(open, token.name);
    })
    .join('');
}

function opened(open: string[], name: string): string {
  if (open.length >= MAX_OPEN) return '';
  open.push(name);
  return `<${name}>`;
}

function closed(open: string[], name: string): string {
  const at = open.lastIndexOf(name);
  if (at < 0) return '';
  // An element that is still open within it ends with it.
  return open
    .splice(at)
    .reverse()
    .map((each) => `</${each}>`)
    .join('');
}

function textOnly(tokens: readonly RichToken[]): string {
  return shownOf(tokens)
    .map((token) => (token.kind === 'text' ? token.text : ''))
    .join('');
}

/** The tokens outside elements that hold no text for a reader. */
function shownOf(tokens: readonly RichToken[]): RichToken[] {
  let hidden: string | undefined;
  return tokens.filter((token) => {
    if (hidden === undefined) {
      if (token.kind === 'start' && NO_TEXT.has(token.name)) hidden = token.name;
      return hidden === undefined;
    }
    if (token.kind === 'end' && token.name === hidden) hidden = undefined;
    return false;
  });
}

/** At a "<" that begins no tag, the parser would drop the text behind it. */
function escapeLoneBrackets(text: string): string {
  const lastEnd = text.lastIndexOf('>');
  return text.replaceAll('<', (bracket, at: number) => {
    TAG.lastIndex = at;
    return at < lastEnd && TAG.test(text) ? bracket : '&lt;';
  });
}
