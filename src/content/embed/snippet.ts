import { type Issue, pathTo } from '../../core/issues.ts';

/**
 * The snippet of a deployment: the HTML that shows the messenger on a page. A person puts it into a
 * page without reading it, so it is checked character by character. It may have the known inline
 * function, in any layout, with three values of its own, and nothing else.
 */

/** The values of a snippet. */
export interface Snippet {
  /** The address of the script that it loads. */
  readonly src: string;
  /** Name of the region, such as `prod-euc1`. */
  readonly environment: string;
  readonly deploymentId: string;
}

/** What a snippet must match. */
export interface SnippetWanted {
  readonly deploymentId: string;
  /** Whether the script may come from this host. */
  readonly isHost: (hostname: string) => boolean;
}

/** Longest snippet, bytes of UTF-8. The known one has about 700. */
export const MAX_SNIPPET_BYTES = 4096;

const SCRIPT_PATH = '/genesys-bootstrap/genesys.min.js';
const ENVIRONMENT = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** One script element. Its text has no `<`, so no other element can begin within it. */
const ELEMENT = /^<script((?:\s+[^\s<>]+)*)\s*>([^<]*)<\/script>$/i;
const ATTRIBUTES: ReadonlySet<string> = new Set([
  'type="text/javascript"',
  'charset="utf-8"',
  'async',
  'defer',
]);

/** A text in quotes, without escapes. */
const TEXT = /'([^'"\\\r\n]*)'|"([^'"\\\r\n]*)"/g;

/** The known function, without white space. Each `{}` is a text in quotes. */
const FUNCTION =
  '(function(g,e,n,es,ys){g[{}]=e;g[e]=g[e]||function(){(g[e].q=g[e].q||[]).push(arguments)};' +
  'g[e].t=1*newDate();g[e].c=es;ys=document.createElement({});ys.async=1;ys.src=n;ys.charset={};' +
  'document.head.appendChild(ys);})(window,{},{},{environment:{},deploymentId:{}});';
const FIXED = ['_genesysJs', 'script', 'utf-8', 'Genesys'];

/**
 * Reads and checks a snippet.
 * @param html as Genesys Cloud gave it.
 * @returns its values, or what is wrong with it. The issues quote nothing of the snippet.
 */
export function readSnippet(
  html: string,
  { deploymentId, isHost }: SnippetWanted,
): { readonly snippet: Snippet; readonly issues?: never } | { readonly issues: readonly Issue[] } {
  const bytes = Buffer.byteLength(html);
  if (bytes > MAX_SNIPPET_BYTES)
    return refused('', `expected at most ${MAX_SNIPPET_BYTES} bytes, got ${bytes}`);
  const [, attributes = '', code = ''] = ELEMENT.exec(html.trim()) ?? [];
  if (code === '') return refused('', 'expected one script element with its code, and nothing else');
  if (!attributes.split(/\s+/).every((name) => name === '' || ATTRIBUTES.has(name.toLowerCase()))) {
    return refused('', 'expected a script element without attributes, but for type and charset');
  }
  const texts = [...code.matchAll(TEXT)].map(([, single, double]) => single ?? double ?? '');
  const [first, element, charset, name, src = '', environment = '', id = ''] = texts;
  const isKnown = code.replace(TEXT, '{}').replace(/\s+/g, '') === FUNCTION;
  if (!isKnown || FIXED.some((text, at) => text !== [first, element, charset, name][at])) {
    return refused('', 'expected the known function that loads the messenger, and no other code');
  }
  const issues: Issue[] = [];
  if (!isScript(src, isHost)) {
    issues.push(
      at('src', `expected ${SCRIPT_PATH} on the https:// host of apps in the region of the tenant`),
    );
  }
  if (!ENVIRONMENT.test(environment)) issues.push(at('environment', 'expected the name of a region'));
  if (id.toLowerCase() !== deploymentId.toLowerCase()) {
    issues.push(at('deploymentId', 'expected the id of the deployment itself'));
  }
  return issues.length > 0 ? { issues } : { snippet: { src, environment, deploymentId: id } };
}

function isScript(src: string, isHost: (hostname: string) => boolean): boolean {
  const url = URL.parse(src);
  // The text must be the address itself: a parser drops some characters.
  return url !== null && url.href === src && src === `https://${url.host}${SCRIPT_PATH}` && isHost(url.host);
}

function refused(path: string, message: string): { readonly issues: readonly Issue[] } {
  return { issues: [path === '' ? { path: 'snippet', message } : at(path, message)] };
}

function at(field: string, message: string): Issue {
  return { path: pathTo('snippet', field), message };
}
