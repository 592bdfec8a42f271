import { digitsOf, isExactNumber } from '../../core/exact-json.ts';
import type { Json } from '../../core/json.ts';
import { isRecord } from '../../core/json.ts';
import { readJson } from './read-json.ts';

/** A JSON object, such as a configuration: its objects are merged and compared field by field, its lists as a whole. */
export interface Tree {
  readonly [key: string]: Json;
}

/** One field that differs between two trees; a side is absent when the field was not there. */
export type Change = {
  /** Keys from the root, at least one. */
  readonly path: readonly string[];
  readonly from?: Json;
  readonly to?: Json;
};

/**
 * More levels than any tree has that was read by `readJson` (16). The functions below recurse, and rather throw than
 * follow something that nobody checked.
 */
const MAX_LEVELS = 64;

/** Whether a value from outside is a tree: JSON, within the limits of `readJson`, and without a field `__proto__`. */
export function isTree(value: unknown): value is Tree {
  return isRecord(value) && readJson(value, '').issues.length === 0;
}

/**
 * Both trees in one: objects are merged by key; of anything else that both have, lists too, that of `over` is taken.
 * @throws {RangeError} beyond 64 levels, as all functions here.
 */
export function mergeTrees(base: Tree, over: Tree): Tree {
  return merge(base, over, 1);
}

/** What must be changed in one tree to have the other, in the order of their keys. */
export function changesBetween(from: Tree, to: Tree): Change[] {
  return differences(from, to, []);
}

/**
 * The tree with each change's `to` in its place, or without the field where a change has none. What stands in the way,
 * such as a text where an object is to be, is replaced; a field to be removed may be missing. Of an object that is to be
 * removed only the fields of `from` are: what somebody else has put beside them stays.
 */
export function applyChanges(tree: Tree, changes: readonly Change[]): Tree {
  return changes.reduce((changed, { path, from, to }) => {
    const value = to === undefined ? left(fieldAt(changed, path), from) : to;
    return withField(changed, path, value);
  }, tree);
}

/** The changes that undo these. */
export function reverseChanges(changes: readonly Change[]): Change[] {
  return changes.toReversed().map((change) => changeOf(change.path, change.to, change.from));
}

/** Whether both hold the same, in whatever order their keys are. */
export function equalTrees(a: Tree, b: Tree): boolean {
  return equal(a, b, 1);
}

/**
 * The paths of the first list that the second touches as well: the same field, one within it, or one that it lies in.
 */
export function overlapping(changesA: readonly Change[], changesB: readonly Change[]): (readonly string[])[] {
  const touched = new Set(changesB.map(({ path }) => keyOf(path)));
  const above = new Set(changesB.flatMap(({ path }) => prefixesOf(path)));
  return changesA
    .map(({ path }) => path)
    .filter((path) => above.has(keyOf(path)) || prefixesOf(path).some((prefix) => touched.has(prefix)));
}

function merge(base: Tree, over: Tree, level: number): Tree {
  checkLevel(level);
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const held = merged.get(key);
    merged.set(key, isObject(held) && isObject(value) ? merge(held, value, level + 1) : value);
  }
  // Makes each key a field of its own, whatever its name.
  return Object.fromEntries(merged);
}

function differences(from: Tree, to: Tree, above: readonly string[]): Change[] {
  checkLevel(above.length + 1);
  const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...keys].flatMap((key) => {
    const [before, after] = [fieldOf(from, key), fieldOf(to, key)];
    const path = [...above, key];
    if (isObject(before) && isObject(after)) return differences(before, after, path);
    return equal(before, after, path.length + 1) ? [] : [changeOf(path, before, after)];
  });
}

function withField(tree: Tree, path: readonly string[], value: Json | undefined): Tree {
  checkLevel(path.length);
  const [key, ...rest] = path;
  if (key === undefined) return tree;
  const fields = new Map(Object.entries(tree));
  const held = fields.get(key);
  if (rest.length > 0) {
    // Where nothing is, nothing can be removed.
    if (value === undefined && !isObject(held)) return tree;
    fields.set(key, withField(isObject(held) ? held : {}, rest, value));
  } else if (value === undefined) fields.delete(key);
  else fields.set(key, value);
  return Object.fromEntries(fields);
}

/** What is left of a value when one is taken out of it; undefined: nothing. */
function left(held: Json | undefined, taken: Json | undefined): Json | undefined {
  if (!isObject(held) || !isObject(taken)) return undefined;
  const fields = Object.entries(held).flatMap(([key, value]) => {
    const rest = Object.hasOwn(taken, key) ? left(value, taken[key]) : value;
    return rest === undefined ? [] : [[key, rest] as const];
  });
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}

function fieldAt(tree: Tree, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (held, key) => (isObject(held) ? fieldOf(held, key) : undefined),
    tree,
  );
}

function changeOf(path: readonly string[], from: Json | undefined, to: Json | undefined): Change {
  return { path, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function equal(a: Json | undefined, b: Json | undefined, level: number): boolean {
  if (a === b) return true;
  checkLevel(level);
  if (isExactNumber(a) && isExactNumber(b)) return digitsOf(a) === digitsOf(b);
  if (isList(a) && isList(b)) {
    return a.length === b.length && a.every((held, index) => equal(held, b[index], level + 1));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key], level + 1));
}

/** A field of the tree itself: `constructor` is none unless somebody wrote it there. */
function fieldOf(tree: Tree, key: string): Json | undefined {
  return Object.hasOwn(tree, key) ? tree[key] : undefined;
}

function isObject(value: Json | undefined): value is Tree {
  return isRecord(value) && !isExactNumber(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** A path as one text, which no other path has. */
function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

function prefixesOf(path: readonly string[]): string[] {
  return path.map((_, index) => keyOf(path.slice(0, index + 1)));
}

function checkLevel(level: number): void {
  if (level > MAX_LEVELS) throw new RangeError(`a tree of more than ${MAX_LEVELS} levels`);
}
