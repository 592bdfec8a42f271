import { decodeHTML } from 'entities';
import sanitizeHtml from 'sanitize-html';

/**
 * The tags of guide 002. The guide also lets `span` and `div` have a `style`; that one is left out: a style can fetch an
 * address, cover the page with a link of its own and hide what is said, and no test of its text would be a safe one.
 */
export const ALLOWED_TAGS = ['p', 'br', 'strong', 'em', 'u', 'span', 'div'];

const OPTIONS: sanitizeHtml.IOptions = {
  allowedTags: ALLOWED_TAGS,
  allowedAttributes: {},
  disallowedTagsMode: 'discard',
  // What stands between these is no text for a reader.
  nonTextTags: [
    'script',
    'style',
    'textarea',
    'option',
    'xmp',
    'noscript',
    'noembed',
    'noframes',
    'template',
    'title',
  ],
};

const MAX_ROUNDS = 4;

/** Characters that nobody can read, and that some readers take out: `<scr\0ipt>`. And those that turn a text around. */
const UNREADABLE = /(?![\t\n\r])\p{Cc}|\p{Noncharacter_Code_Point}|[\u202d\u202e]/gu;
/** A "<" that a browser, or whatever comes behind it, could take for the beginning of a tag. */
const MARKUP = /<(?![ \t\r\n\d=-])/;
/** A tag without attributes, or one with a value among them: `<b then c>` is none, though a parser takes it for one. */
const TAG = /<(?:\/?[a-z][a-z0-9-]*(?:\s*\/?>|[\s/][^<>]*=)|[!?])/iy;

/**
 * A text of a card as HTML that only formats. A text without markup comes back as it is, so that whoever shows it as
 * plain text shows the same: `Tom & Jerry`, `5 < 6`, `I love C++ <3`. Tags other than the guide's are taken out, and all
 * attributes; what a parser would take for a tag and is none, as in `<anna@example.com>`, is kept as text. Sanitizing twice
 * changes nothing.
 */
export function sanitizeText(text: string): string {
  const readable = text.toWellFormed().replace(UNREADABLE, '');
  if (!MARKUP.test(readable)) return readable;
  const html = settled(readable);
  if (html.includes('<')) return html;
  // No markup is left: then it need not be written as HTML either.
  const plain = decodeHTML(html);
  return MARKUP.test(plain) || decodeHTML(plain) !== plain ? html : plain;
}

/**
 * A tag that is taken out may let a parser read the others differently: `<p><math><p>`. What a browser reads must be
 * what was checked, so it is done again until nothing changes, and without any tag where that takes too long.
 */
function settled(text: string): string {
  let html = text;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = sanitizeHtml(escapeLoneBrackets(html), OPTIONS);
    if (next === html) return html;
    html = next;
  }
  return sanitizeHtml(html, { ...OPTIONS, allowedTags: [] });
}

/** A "<" that begins no tag would have the parser swallow what follows. */
function escapeLoneBrackets(text: string): string {
  const lastEnd = text.lastIndexOf('>');
  return text.replaceAll('<', (bracket, at: number) => {
    TAG.lastIndex = at;
    return at < lastEnd && TAG.test(text) ? bracket : '&lt;';
  });
}
