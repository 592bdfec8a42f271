import { RE2JS } from 're2js';
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
const BLOCKED = ['<script\\b', 'malware\\.exe', 'blocked_keyword'].map(compilePattern);

/**
 * Largest pattern, and largest sum of a tenant's patterns, in instructions of the compiled program: each costs a
 * step per character in the worst case. `\bcoupon-[0-9]{6}\b` has 17.
 */
const MAX_PATTERN_SIZE = 500;
const MAX_PATTERNS_SIZE = 2000;

/**
 * Compiles the default patterns together with a tenant's own.
 *
 * @param patterns RE2 expressions; without regard to case, `.` also matches a line break.
 * @throws {Error} on a pattern that RE2 does not know, with its reason (back-references, look-around).
 */
export function createContentPolicy(patterns: readonly string[] = []): ContentPolicy {
  const all = [...BLOCKED, ...patterns.map(compilePattern)];
  return {
    violation(contentType, content) {
      const pattern = firstMatch(all, content);
      if (pattern !== undefined) return blockedBy(pattern);
      if (contentType !== 'text/html') return undefined;
      const active = activeContent(content);
      if (active !== undefined) return `not allowed in HTML: ${active}`;
      // A word that tags and entities were put into, so that only the reader sees it.
      const hidden = firstMatch(all, visibleText(content));
      return hidden === undefined || hidden.startsWith('<') ? undefined : blockedBy(hidden);
    },
  };
}

/** Why a pattern cannot be used, or undefined when it can. */
export function patternFault(pattern: string): string | undefined {
  try {
    const size = sizeOf(compilePattern(pattern));
    if (size <= MAX_PATTERN_SIZE) return undefined;
    return `expected a pattern of at most ${MAX_PATTERN_SIZE} steps, got ${size}; repeat counts multiply`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Why patterns that are good one by one cannot be used together, or undefined when they can. */
export function patternsFault(patterns: readonly string[]): string | undefined {
  if (patterns.some((pattern) => patternFault(pattern) !== undefined)) return undefined;
  const size = patterns.map(compilePattern).reduce((sum, pattern) => sum + sizeOf(pattern), 0);
  if (size <= MAX_PATTERNS_SIZE) return undefined;
  return `expected patterns of at most ${MAX_PATTERNS_SIZE} steps altogether, got ${size}`;
}

interface CompiledPattern {
  readonly source: string;
  readonly expression: RE2JS;
}

function compilePattern(source: string): CompiledPattern {
  return { source, expression: RE2JS.compile(source, RE2JS.CASE_INSENSITIVE | RE2JS.DOTALL) };
}

function sizeOf({ expression }: CompiledPattern): number {
  return expression.programSize();
}

function firstMatch(patterns: readonly CompiledPattern[], content: string): string | undefined {
  return patterns.find(({ expression }) => expression.matcher(content).find())?.source;
}

function blockedBy(pattern: string): string {
  return `blocked by the pattern ${JSON.stringify(pattern)}`;
}
