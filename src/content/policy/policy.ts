import { readHtml } from '../html/html.ts';
import { hiddenIssue } from '../text/link.ts';
import { readingOf } from '../text/reading.ts';
import { lookalikesOf, seenTexts, visibleTexts } from '../text/visible-text.ts';
import { compilePatterns, type PatternSet } from './patterns.ts';
import { type Budget, openBudget } from './step-budget.ts';

/**
 * Decides which texts may be sent. Patterns run on RE2, whose time is linear in the text, and each
 * message has a bounded number of steps. So no pattern of a tenant can block the process.
 */
export interface ContentPolicy {
  /**
   * Why the text may not be sent, without quoting it; undefined when it may.
   * @param budget shared by all texts of one message; one of its own by default.
   */
  violation(contentType: string, content: string, budget?: Budget): string | undefined;
}

export interface PolicyOptions {
  /** Takes a lookalike, such as a Cyrillic "а", for the letter as well. */
  readonly matchLookalikes?: boolean | undefined;
}

/** Blocked in every message (docs/guides.md#blocked-texts). */
const BLOCKED = ['<script\\b', 'malware\\.exe', 'blocked_keyword'];

/** Most tenants have no patterns of their own. They share one set, which the first text makes. */
let defaults: PatternSet | undefined;

function defaultPatterns(): PatternSet {
  defaults ??= compilePatterns(BLOCKED);
  return defaults;
}

/**
 * Compiles the default patterns together with a tenant's own.
 *
 * @param patterns RE2 expressions; without regard to case, `.` also matches a line break.
 * @throws {Error} on a pattern that RE2 does not know, with its reason (back-references,
 *   look-around).
 */
export function createContentPolicy(
  patterns: readonly string[] = [],
  { matchLookalikes = false }: PolicyOptions = {},
): ContentPolicy {
  const own = patterns.length > 0 ? compilePatterns([...BLOCKED, ...patterns]) : undefined;
  const withLookalikes = (texts: readonly string[]) =>
    matchLookalikes ? [...texts, ...lookalikesOf(texts)] : texts;
  return {
    violation(contentType, content, budget = openBudget()) {
      const search = searchOf(own ?? defaultPatterns(), budget);
      // The written text comes first: it needs no parser, and its steps bound what is parsed.
      const written = search([content]);
      if (written !== undefined) return written;
      const read = contentType === 'text/html' ? readHtml(content) : undefined;
      if (read?.issue !== undefined) return read.issue;
      const texts = [content, ...seenTexts(read?.html ?? content)];
      const shown = isMarkup(content) ? visibleTexts(content) : [];
      return search(withLookalikes(texts)) ?? search(withLookalikes(shown), { isShown: true });
    },
  };
}

/**
 * Why a link may not be shown to people: its escapes hide something, or it has a blocked pattern,
 * as written or as read.
 *
 * @param address without a `linkIssue`.
 */
export function shownLinkIssue(address: string, policy: ContentPolicy, budget?: Budget): string | undefined {
  return (
    hiddenIssue(address) ??
    policy.violation('text/plain', address, budget) ??
    policy.violation('text/plain', readingOf(address)?.text ?? '', budget)
  );
}

/** A page may show any text as HTML. Then these characters make a difference. */
function isMarkup(text: string): boolean {
  return /<[a-z/!?]|&[#a-z]/i.test(text);
}

type Search = (texts: readonly string[], how?: { readonly isShown: boolean }) => string | undefined;

/** Searches each text once, however often it is given. */
function searchOf(blocked: PatternSet, budget: Budget): Search {
  const known = new Set<string>();
  return (texts, { isShown } = { isShown: false }) => {
    for (const text of texts) {
      if (known.has(text)) continue;
      known.add(text);
      const exceeded = budget.spend(text.length * blocked.stepsPerCharacter);
      if (exceeded !== undefined) return exceeded;
      // A shown "<" is a text and begins no tag.
      const pattern = blocked.matchesIn(text).find((source) => !(isShown && source.startsWith('<')));
      if (pattern !== undefined) return blockedBy(pattern);
    }
    return undefined;
  };
}

function blockedBy(pattern: string): string {
  return `blocked by the pattern ${JSON.stringify(pattern)}`;
}
