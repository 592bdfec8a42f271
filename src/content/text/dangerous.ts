import { ALLOWED_TAGS } from '../html/sanitize.ts';
import { hasEventHandler } from './event-handlers.ts';
import { hasForeignMarkdown } from './markdown.ts';
import { type Reading, readingOf } from './reading.ts';

/** A pattern that no text of a card may have, in any encoding. */
interface Pattern {
  /** The words of docs/guides.md#card-texts. A pattern of our own has our words. */
  readonly name: string;
  readonly remedy: string;
  matches(reading: Reading): boolean;
}

/** These elements run, load or frame something, or change the page around them. */
const ACTIVE_TAGS =
  'applet|area|audio|base|bgsound|body|button|canvas|dialog|embed|form|frame|frameset|head|html|iframe|image|img|input|' +
  'isindex|keygen|layer|link|listing|map|marquee|math|meta|noembed|noframes|noscript|object|option|param|picture|' +
  'plaintext|portal|script|select|source|style|svg|template|textarea|title|track|video|xml|xmp';
const ACTIVE_TAG = new RegExp(`<[\\s/]*script|</?(?:${ACTIVE_TAGS})(?![\\w-])`, 'i');
const PLAIN_TAG = new RegExp(`</?(?:${ALLOWED_TAGS.join('|')})\\s*/?>`, 'gi');
/** Behind "?" and "&", it is a parameter of an address: `https://example.com/?src=web`. */
const LOADING = '(?:^|[^\\w?&-])(?:style|src|srcset|srcdoc|href|formaction|background|poster|ping)\\s*=';
const LOADING_ATTRIBUTE = new RegExp(LOADING, 'i');
const LOADED_ADDRESS = new RegExp(`${LOADING}[\\s"']*[^\\s"']{0,200}(?://|\\\\\\\\|url\\()`, 'i');

const DATA_ADDRESS =
  /data:(?:[;,]|(?:application|audio|font|image|message|model|multipart|text|video|x-\w+)\/[\w.+-]+[;,])/i;

const PATTERNS: readonly Pattern[] = [
  {
    name: 'javascript\\s*:',
    remedy: 'leave the address out, or write the word without the colon',
    matches: ({ joined }) => /(?:java|live|j)script:/i.test(joined),
  },
  {
    name: 'vbscript\\s*:',
    remedy: 'leave the address out, or write the word without the colon',
    matches: ({ joined }) => /vbscript:/i.test(joined),
  },
  {
    name: 'data\\s*:',
    remedy: 'give the https address of what it holds',
    matches: ({ joined }) => DATA_ADDRESS.test(joined),
  },
  {
    name: 'on\\w+\\s*=',
    remedy: 'leave the event handler out; a button has an action instead',
    matches: ({ text }) => hasEventHandler(text),
  },
  {
    name: 'postMessage\\s*\\(',
    remedy: 'leave the call out',
    matches: ({ text }) => /postMessage\s*\(/i.test(text),
  },
  {
    name: 'window\\.opener',
    remedy: 'leave it out',
    matches: ({ text }) => /window\s*\.\s*opener/i.test(text),
  },
  {
    name: 'target=_blank',
    remedy: 'leave it out; the widget decides how a link opens',
    matches: ({ text }) => /target\s*=[\s"']*_blank/i.test(text),
  },
  {
    name: 'an encoded tag',
    remedy: 'leave the tag out, or write its name without the brackets',
    matches: ({ text }) => ACTIVE_TAG.test(text),
  },
  {
    name: 'an attribute that loads',
    remedy: 'leave it out, or write it without the equals sign',
    matches: ({ text }) => hasLoadingAttribute(text),
  },
  {
    name: 'a Markdown image, or a link of another scheme',
    remedy: 'link to http(s), mailto or tel; an image is a component of its own',
    matches: ({ text }) => hasForeignMarkdown(text),
  },
];

/**
 * Why a sanitized text may not be sent, and what to do. The reason does not quote the text;
 * undefined when it may be sent. The patterns are those of docs/guides.md#card-texts. A few more
 * cover pages that decode a text once more, put it into an attribute or read it as Markdown.
 * docs/cards.md lists what each pattern lets pass.
 */
export function dangerIn(sanitized: string): string | undefined {
  const reading = readingOf(sanitized);
  if (!reading) return 'expected a text that is not encoded too many times; write the text without encoding';
  const pattern = PATTERNS.find(({ matches }) => matches(reading));
  return pattern && `blocked by the pattern ${JSON.stringify(pattern.name)}: ${pattern.remedy}`;
}

/**
 * An attribute that loads: with an address, or behind a quote or bracket. There it would become a
 * part of a tag if a page put the text into an attribute.
 */
function hasLoadingAttribute(text: string): boolean {
  const bare = text.replace(PLAIN_TAG, ' ');
  const opening = bare.search(/["'`<]/);
  return LOADED_ADDRESS.test(bare) || (opening >= 0 && LOADING_ATTRIBUTE.test(bare.slice(opening + 1)));
}
