import { digitsOf, isExactNumber } from '../../core/exact-json.ts';
import type { Json } from '../../core/json.ts';
import { isRecord } from '../../core/json.ts';
import { readJson } from './read-json.ts';

/**
 * A JSON object, such as a configuration. Merge and comparison go field by field. A list is one
 * value.
 */
export interface Tree {
  readonly [key: string]: Json;
}

/** One field that differs between two trees. A side is absent where its tree has no such field. */
export type Change = {
  /** Keys from the root, at least one. */
  readonly path: readonly string[];
  readonly from?: Json;
  readonly to?: Json;
};

/**
 * `readJson` takes 16 levels, so that no tree has so many. The functions below recurse. They throw
 * on a deeper value, which skipped `readJson`.
 */
const MAX_LEVELS = 64;

/**
 * Whether a value from outside is a tree: JSON, within the limits of `readJson`, and without a
 * field `__proto__`.
 */
export function isTree(value: unknown): value is Tree {
  return isRecord(value) && readJson(value, '').issues.length === 0;
}

/**
 * Both trees in one: objects are merged by key. Of any other value, lists too, `over` wins.
 * @throws {RangeError} beyond 64 levels, as all functions here.
 */
export function mergeTrees(base: Tree, over: Tree): Tree {
  return merge(base, over, 1);
}

/** The changes that turn one tree into the other, in the order of the keys. */
export function changesBetween(from: Tree, to: Tree): Change[] {
  return differences(from, to, []);
}

/**
 * The tree with the `to` of each change in its place. A change without `to` removes its field. A
 * value that is in the way, such as a text instead of an object, is replaced. A field to be removed
 * may be missing. Of a removed object, only the fields of `from` go: the fields that another writer
 * added stay.
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

/** Whether both have the same values. The order of keys does not matter. */
export function equalTrees(a: Tree, b: Tree): boolean {
  return equal(a, b, 1);
}

/**
 * The paths of the first list that the second touches: the same field, a field within it, or its
 * holder.
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
  // This makes `__proto__` a field of its own as well.
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

/** The rest of a value without another one; undefined: nothing is left. */
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

/** An own field of the tree: `constructor` counts only where the input has it. */
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
