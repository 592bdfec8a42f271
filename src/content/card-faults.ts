import type { Fault } from '../core/faults.ts';
import { componentsFaults, fieldsFaults } from './card-shape.ts';
import { cardTextFault } from './card-text.ts';
import { jsonBytes, readTree, type Tree, type TreeNode } from './json-tree.ts';
import type { ContentPolicy } from './policy.ts';
import { type Budget, openBudget } from './step-budget.ts';

/** Fields and components together, bytes of UTF-8 as JSON. Our own limit, far below the 512,000 of a request. */
const MAX_CARD_BYTES = 65_536;
/** Lists and objects within each other; four components with their buttons have ten. */
const MAX_NESTING = 16;

/** Faults of texts that are told. */
const MAX_TEXT_FAULTS = 50;

const LIMITS = { depth: MAX_NESTING, bytes: MAX_CARD_BYTES };

/** What a card is made of, as it came in: anything at all. */
export interface RawCard {
  readonly fields?: unknown;
  readonly components?: unknown;
  /** Surplus buttons are left out, rather than a fault. */
  readonly truncate?: unknown;
}

/**
 * Every fault of what a card holds: size, nesting, shape, texts. Takes deep and cyclic input; nothing that recurses may
 * see it before.
 */
export function cardFaults({ fields, components, truncate }: RawCard, policy: ContentPolicy): Fault[] {
  if (fields === undefined && components === undefined) {
    return [{ path: 'fields', message: 'expected the fields to make a card of, or else its components' }];
  }
  const trees = {
    fields: readPart(fields, 'fields'),
    components: readPart(components, 'components'),
  };
  const all = [trees.fields, trees.components];
  const isTruncated = truncate === true;
  const size = all.every((tree) => tree.faults.length === 0) ? sizeFaults(fields, components) : [];
  return [
    ...all.flatMap((tree) => tree.faults),
    ...size,
    ...fieldsFaults(trees.fields.nodes, isTruncated),
    ...componentsFaults(trees.components.nodes, isTruncated),
    // The texts of a card that is too large are not searched.
    ...(size.length === 0 ? textFaults(all, policy) : []),
  ];
}

function readPart(part: unknown, path: string): Tree {
  return part === undefined ? { nodes: [], faults: [] } : readTree(part, path, LIMITS);
}

function sizeFaults(fields: unknown, components: unknown): Fault[] {
  const bytes = jsonBytes(fields) + jsonBytes(components);
  if (bytes <= MAX_CARD_BYTES) return [];
  const path = fields === undefined ? 'components' : 'fields';
  const both = fields !== undefined && components !== undefined ? ' together with the components' : '';
  return [{ path, message: `expected at most ${MAX_CARD_BYTES} bytes as JSON${both}, got ${bytes}` }];
}

/** The first faults of the texts and of the names of fields; what a template shows may be either. */
function textFaults(trees: readonly Tree[], policy: ContentPolicy): Fault[] {
  const budget = openBudget();
  const faults: Fault[] = [];
  const names = new Set<string>();
  for (const node of trees.flatMap(({ nodes }) => nodes)) {
    if (faults.length >= MAX_TEXT_FAULTS) return faults;
    const message = nameFault(node, names, policy, budget) ?? valueFault(node, policy, budget);
    if (message !== undefined) faults.push({ path: node.path, message });
  }
  return faults;
}

/** Each name is looked at once. */
function nameFault(
  { step, parent }: TreeNode,
  names: Set<string>,
  policy: ContentPolicy,
  budget: Budget,
): string | undefined {
  if (parent === undefined || typeof step !== 'string' || names.has(step)) return undefined;
  names.add(step);
  const message = policy.violation('text/plain', step, budget);
  return message && `the name of the field: ${message}`;
}

/** A number is shown as its digits. */
function valueFault(node: TreeNode, policy: ContentPolicy, budget: Budget): string | undefined {
  const { value } = node;
  if (typeof value === 'string') return cardTextFault(node, value, policy, budget);
  return typeof value === 'number' ? policy.violation('text/plain', String(value), budget) : undefined;
}
