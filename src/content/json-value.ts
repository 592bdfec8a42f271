import { type Fault, preview, quotedKey } from '../core/faults.ts';
import { isRecord } from './json-tree.ts';

/** A value of JSON that holds no others. */
export type Scalar = string | number | boolean | null;

/** One scalar within a value, with the way to it. */
export interface Leaf {
  /** Keys and indices, from the root. */
  readonly names: readonly string[];
  /** As in faults: `theme.colors[0]`. */
  readonly path: string;
  readonly value: Scalar;
}

export interface JsonReading {
  /** In the order in which JSON would write them. */
  readonly leaves: readonly Leaf[];
  readonly faults: readonly Fault[];
}

interface Visit {
  readonly names: readonly string[];
  readonly path: string;
  readonly value: unknown;
}

/** Lists and objects within each other, the root included. */
const MAX_NESTING = 16;
/** Values altogether: no more than a payload may have bytes. */
const MAX_VALUES = 32_768;
/** Whoever sends a flood of faults learns the first of them. */
const MAX_FAULTS = 20;

/**
 * Reads a value from outside before anything recursive touches it: with a list of what is still ahead, and no further
 * than its limits. Faults name what JSON does not have, or would write as something else.
 *
 * @param path that of the root in the input.
 */
export function readJson(root: object, path: string): JsonReading {
  const leaves: Leaf[] = [];
  const faults: Fault[] = [];
  const ahead: Visit[] = [{ names: [], path, value: root }];
  let seen = 0;
  for (let visit = ahead.pop(); visit && faults.length < MAX_FAULTS; visit = ahead.pop()) {
    const { value } = visit;
    const size = sizeOf(value);
    seen += 1;
    if (seen + size > MAX_VALUES) {
      faults.push({ path, message: `expected at most ${MAX_VALUES} values, got more` });
      break;
    }
    const message = faultOf(visit);
    if (message !== undefined) faults.push({ path: visit.path, message });
    else if (isScalar(value)) leaves.push({ ...visit, value });
    else ahead.push(...childrenOf(visit).reverse());
  }
  return { leaves, faults };
}

/** One field further into an input whose fields may have any name: `theme.color`, `theme["a\\nb"]`. */
export function fieldOf(path: string, key: string): string {
  if (/^[\p{L}_][\p{L}\p{N}_-]{0,59}$/u.test(key)) return `${path}.${key}`;
  return `${path}[${quotedKey(key)}]`;
}

function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return isRecord(value) ? Object.keys(value).length : 0;
}

function faultOf({ names, value }: Visit): string | undefined {
  if (isScalar(value)) return undefined;
  if (!isPlain(value)) return `expected a value of JSON, got ${kindOf(value)}`;
  if (names.length >= MAX_NESTING) return `expected at most ${MAX_NESTING} levels of nesting, got more`;
  // Whoever reads it into an object of his own may set its prototype.
  return Object.hasOwn(value, '__proto__') ? 'expected no field of the name "__proto__"' : undefined;
}

function isScalar(value: unknown): value is Scalar {
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}

/** A list or an object that JSON writes as it stands: what brings a `toJSON` would be written as another. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return false;
  return Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]';
}

function kindOf(value: unknown): string {
  return typeof value === 'object' ? 'an object of a class' : preview(value);
}

function childrenOf({ names, path, value }: Visit): Visit[] {
  if (Array.isArray(value)) {
    return Array.from(value, (held, index) => ({
      names: [...names, String(index)],
      path: `${path}[${index}]`,
      value: held,
    }));
  }
  return Object.entries(value as object).flatMap(([key, held]) =>
    // JSON leaves it out.
    held === undefined ? [] : [{ names: [...names, key], path: fieldOf(path, key), value: held }],
  );
}
