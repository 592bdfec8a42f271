/** What a link of a card may lead to. */
const SCHEMES = ['https', 'http', 'mailto', 'tel'];

/** Ends or breaks an attribute, or makes browsers and servers disagree on where the address leads. */
const UNSAFE = /[\s\p{C}<>"'`\\{}|^]/u;

/** Longest address that browsers and proxies agree on. */
const MAX_CHARACTERS = 2048;

/** Why a text is no address that a card may link to, without quoting it; undefined when it is one. */
export function linkFault(address: string): string | undefined {
  if (address.length > MAX_CHARACTERS) {
    return `expected an address of at most ${MAX_CHARACTERS} characters, got ${address.length}`;
  }
  if (UNSAFE.test(address)) {
    return 'expected an address without white space, quotes, brackets and backslashes; write them as %20, %22, …';
  }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase();
  if (scheme === undefined || !SCHEMES.includes(scheme)) {
    return `expected an address that begins with ${SCHEMES.map((name) => `${name}:`).join(', ')}`;
  }
  return scheme.startsWith('http') ? webFault(address) : undefined;
}

function webFault(address: string): string | undefined {
  const url = /^https?:\/\/[^/]/i.test(address) ? URL.parse(address) : null;
  if (url?.hostname && url.username === '' && url.password === '') return undefined;
  return 'expected https:// or http://, a host, and neither a user name nor a password';
}

/**
 * Schemes that run, load or open something on the reader's machine. The value of a button may begin with any other, as
 * in `track:12345`: it is data for the flow behind the button, but some widgets follow it as a link.
 */
const ACTIVE_SCHEMES =
  /^(?:(?:x-)?javascript|jscript|livescript|mocha|vbs(?:cript)?|data|feed|jar|view-source|blob|filesystem|mhtml|search-ms|ms-[a-z-]+):|^(?:file|intent):\/\//i;

/** Whether a value would lead where no link of a card may. @param joined see `Reading`. */
export function leadsAstray(joined: string): boolean {
  return ACTIVE_SCHEMES.test(joined) || /^[/\\]{2}/.test(joined);
}
