import { type Issue, pathTo, preview, shownName } from '../../core/issues.ts';
import { isRecord } from '../../core/json.ts';

/**
 * Language tags and what each falls back to, such as `{"de-AT": "de", "de": "en"}`
 * (docs/guides.md#embed-payload).
 */
export type LocaleMatrix = Readonly<Record<string, string>>;

/** The fallback of a language, and its path in the input. */
interface Link {
  readonly path: string;
  readonly fallback: string;
}

/** By tags in the spelling of the standard, so that `EN-us` and `en-US` are one. */
type Links = ReadonlyMap<string, Link>;

/** A payload has no room for more, at ten bytes each. */
const MAX_LANGUAGES = 3276;
const MAX_ISSUES = 20;
const MAX_SHOWN_STEPS = 5;
/** Characters of a language tag. BCP 47 asks readers to take 35. */
const MAX_TAG = 100;

/**
 * Every issue of a locale matrix: a name that is no tag of BCP 47, a language that occurs twice, a
 * chain of fallbacks without an end. A language that falls back to itself ends its chain.
 *
 * @param matrix as it came in. The contract reports a value that is no object.
 */
export function localeIssues(matrix: unknown): Issue[] {
  if (!isRecord(matrix)) return [];
  const entries = Object.entries(matrix);
  if (entries.length === 0) {
    return [{ path: 'locales', message: 'expected at least one language and its fallback, got none' }];
  }
  if (entries.length > MAX_LANGUAGES) {
    const message = `expected at most ${MAX_LANGUAGES} languages, got ${entries.length}`;
    return [{ path: 'locales', message }];
  }
  const links = new Map<string, Link>();
  const issues = entries.flatMap(([key, value]) => addLink(links, key, value));
  return [...issues, ...cycleIssues(links)].slice(0, MAX_ISSUES);
}

function addLink(links: Map<string, Link>, key: string, value: unknown): Issue[] {
  const path = pathTo('locales', key);
  const [tag, fallback] = [canonicalTag(key), canonicalTag(value)];
  const issues: Issue[] = [];
  if (tag === undefined) {
    issues.push({ path, message: 'expected a BCP 47 language tag such as en-US for a name, got another' });
  }
  if (fallback === undefined) {
    const message = `expected the BCP 47 tag of the language to fall back to, such as en, got ${preview(value)}`;
    issues.push({ path, message });
  }
  if (tag === undefined || fallback === undefined) return issues;
  const first = links.get(tag);
  if (first) return [{ path, message: `expected each language once, got it at ${first.path} as well` }];
  links.set(tag, { path, fallback });
  return [];
}

/** A language tag as BCP 47 writes it, such as en-US for EN-us; undefined for another text. */
export function canonicalTag(tag: unknown): string | undefined {
  if (typeof tag !== 'string' || tag.length > MAX_TAG) return undefined;
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

function cycleIssues(links: Links): Issue[] {
  const visited = new Set<string>();
  return [...links.keys()].flatMap((start) => {
    const cycle = cycleFrom(start, links, visited);
    const [first] = cycle;
    if (first === undefined) return [];
    const message = `expected a chain of fallbacks that ends, got one that comes back: ${describe(cycle)}`;
    return [{ path: links.get(first)?.path ?? '', message }];
  });
}

/**
 * The languages of the cycle that a chain enters. Empty when the chain ends, or joins a chain of an
 * earlier call.
 */
function cycleFrom(start: string, links: Links, visited: Set<string>): string[] {
  const chain = new Set<string>();
  let tag: string | undefined = start;
  while (tag !== undefined && !visited.has(tag)) {
    visited.add(tag);
    chain.add(tag);
    const fallback: string | undefined = links.get(tag)?.fallback;
    if (fallback === tag) return [];
    tag = fallback;
  }
  if (tag === undefined || !chain.has(tag)) return [];
  const steps = [...chain];
  return steps.slice(steps.indexOf(tag));
}

function describe(cycle: readonly string[]): string {
  const steps = cycle.slice(0, MAX_SHOWN_STEPS).map(shownName);
  const gap = cycle.length > MAX_SHOWN_STEPS ? ['…'] : [];
  return [...steps, ...gap, ...steps.slice(0, 1)].join(' → ');
}
