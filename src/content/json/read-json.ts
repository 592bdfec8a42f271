import { type Issue, preview } from '../../core/issues.ts';
import { isRecord } from '../../core/json.ts';
import { JsonNode } from './json-node.ts';

/** A value of JSON that holds no others. */
export type Scalar = string | number | boolean | null;

/** A node that holds no others. */
export type Leaf = JsonNode & { readonly value: Scalar };

export interface JsonReading {
  /** Every value that JSON can hold, a holder before its children, in the order of JSON. */
  readonly nodes: readonly JsonNode[];
  /** The scalars among the nodes. */
  readonly leaves: readonly Leaf[];
  readonly issues: readonly Issue[];
  /** The cost: one step for each value, and one for each character of a text and of a name. */
  readonly steps: number;
}

/** How far a value is read. */
export interface JsonLimits {
  /** Lists and objects within each other, the root included. */
  readonly levels?: number;
  /** Values altogether. */
  readonly values?: number;
  /** Steps of the reading. */
  readonly steps?: number;
  /** Bytes of JSON. The reader counts the smallest size that the value can have. */
  readonly bytes?: number;
  /** Characters of all scalars and of their names, each name with those of its holders. */
  readonly flat?: number;
  /** The reading stops after this number of issues. Then it has not seen all nodes. */
  readonly issues?: number;
  /** Why an object may not have a field of this name; undefined: it may. */
  readonly nameIssue?: (name: string) => string | undefined;
}

const DEFAULTS = {
  levels: 16,
  /** The largest payload of an embed code has this number of bytes. */
  values: 32_768,
  /** The largest request to Genesys Cloud has this number of bytes. */
  steps: 512_000,
  bytes: Number.POSITIVE_INFINITY,
  flat: Number.POSITIVE_INFINITY,
  issues: 20,
  nameIssue: prototypeIssue,
} as const satisfies JsonLimits;

/**
 * Reads a value from outside before a recursive function touches it. zod, `JSON.stringify` and
 * `structuredClone` recurse. A deep value, or one that contains itself, would end the process. This
 * function keeps a list of the values that it must still read, and stops at its limits. Its cost is
 * linear in the part that it reads. An issue names a value that JSON does not have, or that JSON
 * would write as another value.
 *
 * @param path the path of the root in the input.
 * @returns no nodes if the value exceeds a limit. So no caller takes a part of it for the whole.
 */
export function readJson(root: unknown, path: string, limits: JsonLimits = {}): JsonReading {
  const { issues: mostIssues, nameIssue, ...most } = { ...DEFAULTS, ...limits };
  const nodes: JsonNode[] = [];
  const leaves: Leaf[] = [];
  const issues: Issue[] = [];
  const ahead: JsonNode[] = [new JsonNode(path, root)];
  let [values, steps, flat] = [0, 0, 0];
  for (let node = ahead.pop(); node && issues.length < mostIssues; node = ahead.pop()) {
    values += 1;
    steps += 1 + charactersOf(node.value);
    if (isLeaf(node)) flat += node.nameLength + (typeof node.value === 'string' ? node.value.length : 1);
    const unseen = ahead.length + sizeOf(node.value);
    const excess =
      above(steps + unseen, most.bytes, 'bytes as JSON') ??
      above(values + unseen, most.values, 'values') ??
      above(steps, most.steps, 'characters') ??
      above(flat, most.flat, 'characters in its values, with the full name of each');
    if (excess !== undefined) return { nodes: [], leaves: [], issues: [{ path, message: excess }], steps };
    const message = issueOf(node, most.levels);
    if (message !== undefined) {
      issues.push({ path: node.path, message });
      continue;
    }
    nodes.push(node);
    if (isLeaf(node)) leaves.push(node);
    else for (const child of childrenOf(node, nameIssue, issues)) ahead.push(child);
  }
  return { nodes, leaves, issues, steps };
}

/** An object with such a field could get another prototype. */
function prototypeIssue(name: string): string | undefined {
  return name === '__proto__' ? 'expected no field of the name "__proto__"' : undefined;
}

function above(count: number, most: number, what: string): string | undefined {
  return count > most ? `expected at most ${most} ${what}, got more` : undefined;
}

/** How many values it holds. */
function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return isRecord(value) ? Object.keys(value).length : 0;
}

/** The number of characters of a text, or of the names in an object. */
function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return isRecord(value) ? Object.keys(value).reduce((sum, key) => sum + key.length, 0) : 0;
}

function issueOf(node: JsonNode, mostLevels: number): string | undefined {
  if (isLeaf(node)) return undefined;
  if (!isPlain(node.value)) return `expected a value of JSON, got ${kindOf(node.value)}`;
  return node.depth > mostLevels ? `expected at most ${mostLevels} levels of nesting, got more` : undefined;
}

function isLeaf(node: JsonNode): node is Leaf {
  const { value } = node;
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}

/**
 * JSON writes such a list or object as it is. It writes an object with `toJSON` as another value.
 */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return false;
  return Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]';
}

function kindOf(value: unknown): string {
  return typeof value === 'object' ? 'an object of a class' : preview(value);
}

/** The children in reverse order, because the caller takes the last one first. */
function childrenOf(
  node: JsonNode,
  nameIssue: (name: string) => string | undefined,
  issues: Issue[],
): JsonNode[] {
  const { value } = node;
  if (Array.isArray(value)) {
    return Array.from(value, (held, index) => new JsonNode(index, held, node)).reverse();
  }
  return Object.entries(value as object)
    .flatMap(([name, held]) => {
      // JSON does not write this field.
      if (held === undefined) return [];
      const message = nameIssue(name);
      if (message === undefined) return [new JsonNode(name, held, node)];
      issues.push({ path: node.path, message });
      return [];
    })
    .reverse();
}
