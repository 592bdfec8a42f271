import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import type { Issue } from '../core/issues.ts';
import { pathTo } from '../core/issues.ts';

const PREFIX = 'ce-';

/** The attributes of an event in headers, by their names without `ce-`. */
export interface HeaderAttributes {
  readonly attributes: ReadonlyMap<string, string>;
  readonly issues: readonly Issue[];
}

/**
 * Reads the attributes of an event in binary mode. @param headers as Node has them: names in lower
 * case, a repeated header joined.
 */
export function attributesInHeaders(headers: IncomingHttpHeaders): HeaderAttributes {
  const attributes = new Map<string, string>();
  const issues: Issue[] = [];
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith(PREFIX) || value === undefined) continue;
    const name = header.slice(PREFIX.length);
    const text = typeof value === 'string' ? decodeHeader(value) : { error: 'expected the header once' };
    if (text.error === undefined) attributes.set(name, text.value);
    else issues.push({ path: pathTo('', name), message: text.error });
  }
  return { attributes, issues };
}

/** Headers of an event that came more than once, in lower case. @param rawHeaders names and values in turn. */
export function repeatedHeaders(rawHeaders: readonly string[]): string[] {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const seen = new Set<string>();
  const repeated = names.filter((name) => {
    const isOurs = name === 'content-type' || name.startsWith(PREFIX);
    if (!isOurs || !seen.has(name)) {
      seen.add(name);
      return false;
    }
    return true;
  });
  return [...new Set(repeated)];
}

type DecodedHeader = { readonly value: string; readonly error?: never } | { readonly error: string };

/** A sender must encode all other characters. Older senders do not encode the space and the quote. */
const HEADER = /^[\x20-\x7e]*$/;
const BAD_PERCENT = /%(?![0-9a-f]{2})/i;

/**
 * The text of an attribute: quotes undone, then one round of percent-decoding (CloudEvents HTTP
 * binding, section 3.1.3.2). Bytes that are not UTF-8 are refused.
 */
export function decodeHeader(header: string): DecodedHeader {
  if (!HEADER.test(header)) return { error: 'expected ASCII, with all other characters percent-encoded' };
  const text = unquoted(header);
  if (text === undefined) return { error: 'expected each quote to be closed' };
  if (!text.includes('%')) return { value: text };
  if (BAD_PERCENT.test(text)) return { error: 'expected two hexadecimal digits after each percent sign' };
  const bytes = Buffer.from(
    text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  if (!isUtf8(bytes)) return { error: 'expected percent-encoded bytes of UTF-8, got others' };
  return { value: bytes.toString('utf8') };
}

/** Takes quotes away, and within them the backslash in front of a character; undefined for a quote left open. */
function unquoted(header: string): string | undefined {
  if (!header.includes('"')) return header;
  let text = '';
  let isQuoted = false;
  for (let at = 0; at < header.length; at++) {
    const character = header.charAt(at);
    if (character === '"') isQuoted = !isQuoted;
    // A backslash at the end leaves the quote open.
    else if (character === '\\' && isQuoted) text += header.charAt(++at);
    else text += character;
  }
  return isQuoted ? undefined : text;
}
