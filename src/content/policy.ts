import { decodeHTML } from 'entities';
import { RE2JS } from 're2js';

/**
 * Which texts may not be sent. Patterns run on RE2, whose time is linear in the text: whatever pattern
 * a tenant brings, it cannot hang the process, as a backtracking expression can.
 */
export interface ContentPolicy {
  /** The first pattern that the text violates, as it was written; undefined when it may be sent. */
  violation(contentType: string, content: string): string | undefined;
}

/** Blocked in every message (guide 003: scripts, a named file, a named keyword). */
const BLOCKED_EVERYWHERE = ['<script\\b', 'malware\\.exe', 'blocked_keyword'];

/**
 * Blocked where the content is read as HTML: what runs a script or frames another page. Looked for in
 * the text with its entities decoded, with and without its invisible characters, as a browser may read it.
 */
const BLOCKED_IN_HTML = [
  '<(?:iframe|frame|object|embed|applet|base|meta|link|style|svg|math|form)\\b',
  '<[^>]*[\\s/"\']on[a-z]+\\s*=',
  '(?:javascript|vbscript)\\s*:',
  '=\\s*["\']?\\s*data\\s*:',
];

// Removed by browsers inside a scheme or a tag name, and so used to hide it.
const INVISIBLE = /[\p{Cc}\p{Cf}]/gu;

const everywhere = BLOCKED_EVERYWHERE.map(compilePattern);
const inHtml = BLOCKED_IN_HTML.map(compilePattern);

/**
 * Compiles the default patterns together with a tenant's own.
 *
 * @param patterns RE2 expressions; without regard to case, `.` also matches a line break.
 * @throws {Error} on a pattern that RE2 does not know, with its reason (back-references, look-around).
 */
export function createContentPolicy(patterns: readonly string[] = []): ContentPolicy {
  const own = patterns.map(compilePattern);
  return {
    violation(contentType, content) {
      const asWritten = firstMatch([...everywhere, ...own], content);
      if (asWritten !== undefined || contentType !== 'text/html') return asWritten;
      const decoded = decodeHTML(content);
      const html = [...everywhere, ...own, ...inHtml];
      // Both: a line break may hide a scheme ("java\nscript:") as well as set off an attribute.
      return firstMatch(html, decoded) ?? firstMatch(html, decoded.replace(INVISIBLE, ''));
    },
  };
}

/** Why a pattern cannot be used, or undefined when it can. */
export function patternFault(pattern: string): string | undefined {
  try {
    compilePattern(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

interface CompiledPattern {
  readonly source: string;
  readonly expression: RE2JS;
}

function compilePattern(source: string): CompiledPattern {
  return { source, expression: RE2JS.compile(source, RE2JS.CASE_INSENSITIVE | RE2JS.DOTALL) };
}

function firstMatch(patterns: readonly CompiledPattern[], content: string): string | undefined {
  return patterns.find(({ expression }) => expression.matcher(content).find())?.source;
}
