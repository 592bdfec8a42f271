import { OVERRIDES } from '../../core/characters.ts';
import { decodeReferences, type RichToken, tokenize } from './rich-tokens.ts';
import { escapeMarkup, isSameRich, parseRich, writeRich } from './rich-tree.ts';

/**
 * The tags of docs/guides.md#card-texts. The attribute `style` is left out: a style can fetch an
 * address, cover the page with a link of its own and hide what is said, and no test of its text
 * would be a safe one.
 */
export const ALLOWED_TAGS = ['p', 'br', 'strong', 'em', 'u', 'span', 'div'];

const ALLOWED = new Set(ALLOWED_TAGS);
/** Elements of the card within each other; deeper ones are taken out, and their texts stay. */
const MAX_OPEN = 32;

/** What stands between these is no text for a reader. */
const NO_TEXT = new Set(
  'script style textarea option xmp noscript noembed noframes iframe template title plaintext'.split(' '),
);

/** A "<" that a browser, or whatever comes behind it, could take for the beginning of a tag. */
const MARKUP = /<(?![ \t\r\n\d=-])/;
/** A tag without attributes, or one with a value among them: `<b then c>` is none, though a parser takes it for one. */
const TAG = /<(?:\/?[a-z][a-z0-9-]*(?:\s*\/?>|[\s/][^<>]*=)|[!?])/iy;

/**
 * A text of a card as HTML that only formats. A text without markup comes back as it is, so that
 * whoever shows it as plain text shows the same: `Tom & Jerry`, `5 < 6`, `I love C++ <3`. Other
 * tags than `ALLOWED_TAGS` are taken out, and all attributes; what a parser would take for a tag
 * and is none, as in `<anna@example.com>`, is kept as text. Sanitizing twice changes nothing.
 */
export function sanitizeText(text: string): string {
  const readable = text.replace(OVERRIDES, '');
  if (!MARKUP.test(readable)) return readable;
  const html = formatted(tokenize(escapeLoneBrackets(readable)).tokens);
  if (html.includes('<')) return html;
  // No markup is left: then it need not be written as HTML either.
  const plain = decodeReferences(html);
  return MARKUP.test(plain) || decodeReferences(plain) !== plain ? html : plain;
}

/** The allowed tags and the text, as a browser has them, written so that it reads the same again. */
function formatted(tokens: readonly RichToken[]): string {
  const tree = parseRich(markupOf(tokens)) ?? [];
  const html = writeRich(tree);
  const again = parseRich(html) ?? [];
  return isSameRich(tree, again) ? html : writeRich([textOnly(tokens)]);
}

/** The allowed tags without attributes, each end tag behind its start tag, and the text, escaped. */
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
  // What was opened within it, and not closed, ends with it.
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

/** What is not within an element that holds no text. */
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

/** A "<" that begins no tag would have the parser swallow what follows. */
function escapeLoneBrackets(text: string): string {
  const lastEnd = text.lastIndexOf('>');
  return text.replaceAll('<', (bracket, at: number) => {
    TAG.lastIndex = at;
    return at < lastEnd && TAG.test(text) ? bracket : '&lt;';
  });
}
