import { dangerIn } from './dangerous.ts';
import { type Reading, readingOf } from './reading.ts';

/** Schemes of the links of a card. */
const CARD_SCHEMES = ['https', 'http', 'mailto', 'tel'] as const;
/** Schemes of an address that a program calls or loads, or that opens as a page. */
export const WEB_SCHEMES = ['http', 'https'] as const;
/** Schemes that encrypt the request and the answer. */
export const SECURE_SCHEMES = ['https'] as const;

/** These characters end an attribute, or make browsers and servers disagree about the address. */
const UNSAFE = /[\s\p{C}<>"'`\\{}|^]/u;

/** Longest address that browsers and proxies agree on. */
const MAX_CHARACTERS = 2048;

/**
 * Returns why a text is not an allowed address; undefined when it is one. The reason does not quote
 * the text. An address that browsers would repair is not allowed, so that all browsers read the
 * same address.
 */
export function linkIssue(address: string, schemes: readonly string[] = CARD_SCHEMES): string | undefined {
  const spelling = spellingIssue(address);
  if (spelling !== undefined) return spelling;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase();
  if (scheme === undefined || !schemes.includes(scheme)) {
    return `expected an address that begins with ${schemes.map((name) => `${name}:`).join(', ')}`;
  }
  return scheme.startsWith('http') ? webIssue(address) : undefined;
}

/** What is wrong with the characters of an address of any scheme. */
export function spellingIssue(address: string): string | undefined {
  if (address.length > MAX_CHARACTERS) {
    return `expected an address of at most ${MAX_CHARACTERS} characters, got ${address.length}`;
  }
  if (!UNSAFE.test(address)) return undefined;
  return 'expected an address without white space, quotes, brackets and backslashes; write them as %20, %22, …';
}

function webIssue(address: string): string | undefined {
  const url = /^https?:\/\/[^/]/i.test(address) ? URL.parse(address) : null;
  if (url?.hostname && url.username === '' && url.password === '') return undefined;
  return 'expected https:// or http://, a host, and neither a user name nor a password';
}

/**
 * Schemes that run, load or open something on the machine of the reader. The value of a button may
 * begin with any other scheme, as in `track:12345`: the flow behind the button takes it as data,
 * but some widgets follow it as a link.
 */
const ACTIVE_SCHEMES =
  /^(?:(?:x-)?javascript|jscript|livescript|mocha|vbs(?:cript)?|feed|jar|view-source|blob|filesystem|mhtml|search-ms|ms-[a-z-]+):|^(?:file|intent):\/\//i;
/** A browser shows such an address as a page only with a media type: `Data: 5 GB` is a text. */
const DATA = /^data:(?:$|[;,]|[\w.+-]+\/)/i;
const CLOSE_DATA = /^\s*data:\S/i;

/** Whether a value leads to an address that no link of a card may have. */
export function leadsAstray({ text, joined }: Reading): boolean {
  if (ACTIVE_SCHEMES.test(joined) || /^[/\\]{2}/.test(joined)) return true;
  return DATA.test(joined) || CLOSE_DATA.test(text.replace(/[\t\n\r]/g, ''));
}

/** These characters end an attribute after a program has decoded the escapes. */
const BREAKING = /[<>"'`]/;

/**
 * Returns what is wrong with the decoded link: a part of it is an attribute or a tag.
 *
 * @param address without a `linkIssue`.
 */
export function hiddenIssue(address: string): string | undefined {
  const reading = readingOf(address);
  if (!reading) return 'expected an address that is not encoded too many times';
  return BREAKING.test(reading.text) ? dangerIn(address) : undefined;
}
