import { type Issue, pathTo, preview, quotedKey } from '../../core/issues.ts';
import { isRecord } from '../../core/json.ts';
import { isEventHandler } from '../text/event-handlers.ts';

/**
 * Reads a value from outside before anything recursive touches it. zod, `JSON.stringify` and `structuredClone` all
 * recurse, so that a deep value or one that holds itself ends the process; this goes with a list of its own, and no
 * further than the limits.
 */

/** One value of a tree, with the way to it. */
export interface TreeNode {
  /** As in issues: `components[0].text`. */
  readonly path: string;
  /** Its place in what holds it: a key, or an index. */
  readonly step: string | number;
  /** The key that it stands under; what stands in a list has that of the list. */
  readonly key: string;
  readonly value: unknown;
  /** 1 for the root. */
  readonly depth: number;
  readonly parent: TreeNode | undefined;
}

/** Every value that is within the limits and means the same as JSON, what holds others in front of them. */
export interface Tree {
  readonly nodes: readonly TreeNode[];
  readonly issues: readonly Issue[];
}

interface TreeLimits {
  /** Lists and objects within each other. */
  readonly depth: number;
  /** Bytes of UTF-8, as JSON. */
  readonly bytes: number;
}

/** @param path that of the root in the input. */
export function readTree(root: unknown, path: string, limits: TreeLimits): Tree {
  const nodes: TreeNode[] = [];
  const issues: Issue[] = [];
  const ahead: TreeNode[] = [{ path, step: path, key: path, value: root, depth: 1, parent: undefined }];
  let bytes = 0;
  for (let node = ahead.pop(); node !== undefined; node = ahead.pop()) {
    bytes += leastBytes(node);
    // What is too large is not looked at any further, or somebody could make us look for long.
    if (bytes > limits.bytes) {
      const message = `expected at most ${limits.bytes} bytes as JSON, got more`;
      return { nodes: [], issues: [{ path, message }] };
    }
    const message = issueOf(node, limits);
    if (message !== undefined) {
      issues.push({ path: node.path, message });
      continue;
    }
    nodes.push(node);
    ahead.push(...childrenOf(node, issues).reverse());
  }
  return { nodes, issues };
}

/** The tree once more, made of new objects, each of its texts as `text` gives it. */
export function rebuild(
  nodes: readonly TreeNode[],
  text: (node: TreeNode, value: string) => string,
): unknown {
  const copies = new Map<TreeNode | undefined, unknown>();
  for (const node of nodes) {
    const copy = copyOf(node, text);
    copies.set(node, copy);
    const holder = copies.get(node.parent);
    if (Array.isArray(holder)) holder.push(copy);
    else if (isRecord(holder)) holder[node.step] = copy;
  }
  return copies.get(nodes[0]);
}

function copyOf(node: TreeNode, text: (node: TreeNode, value: string) => string): unknown {
  if (Array.isArray(node.value)) return [];
  if (isRecord(node.value)) return {};
  return typeof node.value === 'string' ? text(node, node.value) : node.value;
}

function issueOf({ value, depth }: TreeNode, limits: TreeLimits): string | undefined {
  if (!isJson(value)) return `expected a value of JSON, got ${kindOf(value)}`;
  const isDeep = depth > limits.depth && typeof value === 'object' && value !== null;
  return isDeep ? `expected at most ${limits.depth} levels of nesting, got more` : undefined;
}

/** Whether JSON has such a value, and writes it as it stands: what brings a `toJSON` would be written as another. */
function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) {
    return value === null || typeof value === 'string' || typeof value === 'boolean';
  }
  const isPlain = Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]';
  return isPlain && typeof (value as { toJSON?: unknown }).toJSON !== 'function';
}

function kindOf(value: unknown): string {
  return typeof value === 'object' ? 'an object that is no plain one' : preview(value);
}

function childrenOf(node: TreeNode, issues: Issue[]): TreeNode[] {
  const { value } = node;
  const child = (step: string | number, held: unknown): TreeNode => ({
    path: pathTo(node.path, step),
    step,
    key: typeof step === 'string' ? step : node.key,
    value: held,
    depth: node.depth + 1,
    parent: node,
  });
  if (Array.isArray(value)) return Array.from(value, (held, index) => child(index, held));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, held]) => {
    // JSON leaves it out.
    if (held === undefined) return [];
    const message = keyIssue(key);
    if (message === undefined) return [child(key, held)];
    issues.push({ path: node.path, message });
    return [];
  });
}

const NAME = /^\p{L}[\p{L}\p{N}._-]{0,63}$/u;

/** A key may become the name of an attribute or of a property wherever the tree is read. */
function keyIssue(key: string): string | undefined {
  if (!NAME.test(key)) {
    return `expected names of fields of at most 64 letters, digits, ".", "_" and "-", a letter first, got ${quotedKey(key)}`;
  }
  if (isEventHandler(key)) return `the field ${quotedKey(key)} has the name of an event handler; rename it`;
  if (!(key in Object.prototype) && key !== 'prototype' && key !== 'toJSON') return undefined;
  return `the field ${quotedKey(key)} has a name that objects have a use for; rename it`;
}

/** What it takes as JSON at the least, without what it holds; cheap, so that no more than the limit is looked at. */
function leastBytes({ value }: TreeNode): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return isRecord(value) ? Object.keys(value).reduce((sum, key) => sum + key.length, 0) : 1;
}
