import { RE2JS, RE2Set } from 're2js';
import { activeContent, visibleText } from './html.ts';

/**
 * Which texts may not be sent. Patterns run on RE2, whose time is linear in the text, and their size is bounded:
 * whatever pattern a tenant brings, it cannot hang the process, as a backtracking expression can.
 */
export interface ContentPolicy {
  /** Why the text may not be sent, without quoting it; undefined when it may. */
  violation(contentType: string, content: string): string | undefined;
}

/** Blocked in every message (guide 003: scripts, a named file, a named keyword). */
const BLOCKED = ['<script\\b', 'malware\\.exe', 'blocked_keyword'];

const FLAGS = RE2JS.CASE_INSENSITIVE | RE2JS.DOTALL;

/**
 * Largest pattern, and largest sum of a tenant's patterns, in instructions of the compiled program: each costs a
 * step per character in the worst case. `\bcoupon-[0-9]{6}\b` has 17.
 */
const MAX_PATTERN_SIZE = 500;
const MAX_PATTERNS_SIZE = 2000;
/** What the states of one tenant's machine may take before they are made anew. */
const MAX_MACHINE_BYTES = 2 * 1024 * 1024;

/**
 * Compiles the default patterns together with a tenant's own.
 *
 * @param patterns RE2 expressions; without regard to case, `.` also matches a line break.
 * @throws {Error} on a pattern that RE2 does not know, with its reason (back-references, look-around).
 */
export function createContentPolicy(patterns: readonly string[] = []): ContentPolicy {
  const blocked = compileAll([...BLOCKED, ...patterns]);
  return {
    violation(contentType, content) {
      const pattern = blocked.firstMatch(content);
      if (pattern !== undefined) return blockedBy(pattern);
      if (contentType !== 'text/html') return undefined;
      const active = activeContent(content);
      if (active !== undefined) return `not allowed in HTML: ${active}`;
      // A word that tags and entities were put into, so that only the reader sees it.
      const hidden = blocked.firstMatch(visibleText(content));
      return hidden === undefined || hidden.startsWith('<') ? undefined : blockedBy(hidden);
    },
  };
}

/** Why a pattern cannot be used, or undefined when it can. */
export function patternFault(pattern: string): string | undefined {
  try {
    const size = sizeOf(pattern);
    if (size <= MAX_PATTERN_SIZE) return undefined;
    return `expected a pattern of at most ${MAX_PATTERN_SIZE} steps, got ${size}; repeat counts multiply`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Why patterns that are good one by one cannot be used together, or undefined when they can. */
export function patternsFault(patterns: readonly string[]): string | undefined {
  if (patterns.some((pattern) => patternFault(pattern) !== undefined)) return undefined;
  const size = patterns.reduce((sum, pattern) => sum + sizeOf(pattern), 0);
  if (size <= MAX_PATTERNS_SIZE) return undefined;
  return `expected patterns of at most ${MAX_PATTERNS_SIZE} steps altogether, got ${size}`;
}

/** Patterns as one machine, which looks for all of them in one pass. */
interface PatternSet {
  firstMatch(content: string): string | undefined;
}

function compileAll(sources: readonly string[]): PatternSet {
  const set = new RE2Set(RE2Set.UNANCHORED, FLAGS, MAX_MACHINE_BYTES);
  for (const source of sources) set.add(source);
  set.compile();
  return {
    firstMatch(content) {
      const matched = set.match(content);
      return matched.length === 0 ? undefined : sources[Math.min(...matched)];
    },
  };
}

function sizeOf(source: string): number {
  return RE2JS.compile(source, FLAGS).programSize();
}

function blockedBy(pattern: string): string {
  return `blocked by the pattern ${JSON.stringify(pattern)}`;
}
