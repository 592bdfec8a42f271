import { readJson } from '../content/json/read-json.ts';
import { isExactNumber, parseExact } from '../core/exact-json.ts';
import type { Issue } from '../core/issues.ts';
import { decodeUtf8, firstBadByte } from '../core/utf8.ts';

/** The value of bytes from outside, or why they are no JSON. */
export type JsonBytes =
  | {
      readonly value: unknown;
      /** Whether a number has more digits than a JavaScript number holds. */
      readonly hasLongNumbers: boolean;
      readonly error?: never;
    }
  | { readonly error: string; readonly value?: never };

/** Reads bytes as JSON. The parser's own message quotes the text, so that it is not passed on. */
export function parseBytes(bytes: Uint8Array): JsonBytes {
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    return { error: `expected UTF-8, got another encoding from byte ${firstBadByte(bytes)} on` };
  }
  return parseText(text);
}

/** The same for a text. */
export function parseText(text: string): JsonBytes {
  let hasLongNumbers = false;
  try {
    const value = parseExact(text, () => {
      hasLongNumbers = true;
    });
    return { value, hasLongNumbers };
  } catch {
    return { error: 'expected JSON, got another text' };
  }
}

/** Levels of an entry, itself included. No contract takes more: a configuration has 16. */
const MAX_LEVELS = 32;
/** Values of an entry. No contract takes more. */
const MAX_VALUES = 40_000;

/**
 * What no job may have, whatever its kind: more levels or values than any contract takes, a field
 * `__proto__`, a number that would lose digits. All later checks may recurse.
 */
export function shapeIssues(value: unknown, hasLongNumbers: boolean): readonly Issue[] {
  // Nearly every entry is ordinary, and this look at it is ten times as fast.
  if (!hasLongNumbers && valuesLeft(value, MAX_LEVELS, MAX_VALUES) >= 0) return [];
  const limits = { levels: MAX_LEVELS, values: MAX_VALUES, steps: Number.POSITIVE_INFINITY };
  const { nodes, issues } = readJson(value, '', limits);
  if (issues.length > 0 || !hasLongNumbers) return issues;
  const long = nodes.find((node) => isExactNumber(node.value));
  return long === undefined ? [] : [{ path: long.path, message: LONG_NUMBER }];
}

const LONG_NUMBER =
  'expected a number that keeps its digits (about 15 of them), or a text in quotes, got a longer number';

/**
 * How many more values an entry may have behind this one; negative where it has too many, too many
 * levels or a field `__proto__`. Calls itself no deeper than `levels`.
 */
function valuesLeft(value: unknown, levels: number, most: number): number {
  let left = most - 1;
  if (typeof value !== 'object' || value === null) return left;
  if (levels === 0) return -1;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && left >= 0; index++) {
      left = valuesLeft(value[index], levels - 1, left);
    }
    return left;
  }
  for (const name in value) {
    if (left < 0 || name === '__proto__') return -1;
    left = valuesLeft((value as Readonly<Record<string, unknown>>)[name], levels - 1, left);
  }
  return left;
}
