import { RE2JS, RE2Set } from 're2js';

/**
 * The patterns of a tenant as two machines. One finds all mere words (`malware\.exe`, `\bfree
 * money\b`) at once, in one step for each character. The other needs, in the worst case, a step for
 * each instruction of its programs. So the cost of a text is known before the search, and does not
 * depend on its words.
 */
export interface PatternSet {
  /** Steps for each character of a text, at most. */
  readonly stepsPerCharacter: number;
  /** The patterns that match the text, in their order. */
  matchesIn(text: string): readonly string[];
}

const FLAGS = RE2JS.CASE_INSENSITIVE | RE2JS.DOTALL;

/**
 * Largest size of the patterns of a tenant, in instructions: `\bcoupon-[0-9]{6}\b` has 17, a word
 * has one for each letter.
 */
const MAX_PATTERNS_SIZE = 400;
const MAX_WORDS_SIZE = 4000;
/**
 * Memory for the states of a machine before it builds them anew: all states of the words, the
 * states in use of the others.
 */
const WORDS_BYTES = 8 * 1024 * 1024;
const PATTERNS_BYTES = 128 * 1024;

/** Literal characters, and word boundaries at the ends. */
const WORD = /^(?:\\b)?(?:[\p{L}\p{N} _@#&%,:;'"!~`<>=/-]|\\[^\p{L}\p{N}])+(?:\\b)?$/u;

/**
 * @throws {Error} on a pattern that RE2 does not know, with its reason (back-references,
 *   look-around).
 */
export function compilePatterns(sources: readonly string[]): PatternSet {
  const words = machineOf(sources.filter(isWord), WORDS_BYTES);
  const others = machineOf(
    sources.filter((source) => !isWord(source)),
    PATTERNS_BYTES,
  );
  const size = sources.filter((source) => !isWord(source)).reduce((sum, source) => sum + sizeOf(source), 0);
  return {
    stepsPerCharacter: 1 + size,
    matchesIn(text) {
      const matched = [...words(text), ...others(text)];
      return matched.length < 2 ? matched : sources.filter((source) => matched.includes(source));
    },
  };
}

/** Why a pattern cannot be used, or undefined when it can. */
export function patternIssue(pattern: string): string | undefined {
  try {
    const size = sizeOf(pattern);
    const most = isWord(pattern) ? MAX_WORDS_SIZE : MAX_PATTERNS_SIZE;
    if (size <= most) return undefined;
    return `expected a pattern of at most ${most} steps for each character, got ${size}; repeat counts multiply`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Why patterns that are good one by one cannot be used together, or undefined when they can. */
export function patternsIssue(patterns: readonly string[]): string | undefined {
  if (patterns.some((pattern) => patternIssue(pattern) !== undefined)) return undefined;
  const words = sumOf(patterns.filter(isWord));
  if (words > MAX_WORDS_SIZE) {
    return `expected words of at most ${MAX_WORDS_SIZE} characters altogether, got ${words}`;
  }
  const size = sumOf(patterns.filter((pattern) => !isWord(pattern)));
  if (size <= MAX_PATTERNS_SIZE) return undefined;
  const wanted = `patterns of at most ${MAX_PATTERNS_SIZE} steps for each character altogether`;
  return `expected ${wanted}, got ${size}; words without special characters are not counted`;
}

function machineOf(sources: readonly string[], bytes: number): (text: string) => string[] {
  if (sources.length === 0) return () => [];
  const set = new RE2Set(RE2Set.UNANCHORED, FLAGS, bytes);
  for (const source of sources) set.add(source);
  set.compile();
  return (text) => set.match(text).flatMap((index) => sources[index] ?? []);
}

function isWord(source: string): boolean {
  return WORD.test(source);
}

function sumOf(patterns: readonly string[]): number {
  return patterns.reduce((sum, pattern) => sum + sizeOf(pattern), 0);
}

function sizeOf(source: string): number {
  return RE2JS.compile(source, FLAGS).programSize();
}
