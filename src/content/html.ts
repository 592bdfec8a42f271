import { Parser } from 'htmlparser2';

/** Tags that format a text, and nothing else. What is not here can run, load, frame or restyle something. */
const FORMATTING = new Set(
  (
    'a abbr b blockquote br caption cite code dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd ' +
    'li mark ol p pre q s small span strong sub sup table tbody td tfoot th thead time tr u ul'
  ).split(' '),
);

/** Attributes that hold a page or a place to send data to. */
const ACTIVE_ATTRIBUTES = new Set(['srcdoc', 'action', 'formaction', 'background', 'ping']);

// Browsers take these out of a scheme before they read it: "java\nscript:" runs.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Z}]/gu;
const RUNNING_SCHEME = /^(javascript|vbscript|data):/i;
const RUNNING_STYLE = /url\(|expression\(|@import|behavior:|-moz-binding|javascript:/i;

/**
 * Why an HTML text may not be sent; undefined when it only formats. Read by a tokenizer, as a browser would, and
 * not by patterns: `<img alt=">" onerror=…>` is one tag. Comments and declarations are refused as a whole,
 * because browsers disagree on where they end.
 */
export function activeContent(html: string): string | undefined {
  if (/<[!?]/.test(html)) return 'a comment or declaration';
  // A tag left open at the end would be closed by whatever the page puts behind it.
  for (const end of ['', '>', '">', "'>"]) {
    const found = firstActive(html + end);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a reader sees of an HTML text: without its tags and invisible characters, its entities decoded. */
export function visibleText(html: string): string {
  const parts: string[] = [];
  const parser = new Parser({ ontext: (part) => parts.push(part) });
  parser.end(html);
  return parts.join('').replace(/[\p{Cc}\p{Cf}]/gu, '');
}

function firstActive(html: string): string | undefined {
  let found: string | undefined;
  const parser = new Parser({
    onopentag(name, attributes) {
      found ??= activeTag(name) ?? activeAttribute(attributes);
    },
  });
  parser.end(html);
  return found;
}

function activeTag(name: string): string | undefined {
  return FORMATTING.has(name) ? undefined : `the tag ${printable(name)}`;
}

function activeAttribute(attributes: Readonly<Record<string, string>>): string | undefined {
  for (const [name, value] of Object.entries(attributes)) {
    const read = value.replace(INVISIBLE, '');
    const isActive =
      /^on/i.test(name) ||
      ACTIVE_ATTRIBUTES.has(name) ||
      RUNNING_SCHEME.test(read) ||
      (name === 'style' && RUNNING_STYLE.test(read.replaceAll('\\', '')));
    if (isActive) return `the attribute ${printable(name)}`;
  }
  return undefined;
}

// The name comes from the text: bounded, and nothing but what a name is made of.
function printable(name: string): string {
  return name.replace(/[^a-z0-9:_-]/gi, '?').slice(0, 20);
}
