import type { Fault } from '../core/faults.ts';
import { componentsFaults, fieldsFaults } from './card-shape.ts';
import { cardTextFault } from './card-text.ts';
import { jsonBytes, readTree, type Tree } from './json-tree.ts';
import type { ContentPolicy } from './policy.ts';
import { type Budget, openBudget } from './step-budget.ts';

/** Fields and components together, bytes of UTF-8 as JSON. Our own limit, far below the 512,000 of a request. */
const MAX_CARD_BYTES = 65_536;
/** Lists and objects within each other; four components with their buttons have ten. */
const MAX_NESTING = 16;

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
  const budget = openBudget();
  return [
    ...all.flatMap((tree) => tree.faults),
    ...(all.every((tree) => tree.faults.length === 0) ? sizeFaults(fields, components) : []),
    ...fieldsFaults(trees.fields.nodes, isTruncated),
    ...componentsFaults(trees.components.nodes, isTruncated),
    ...all.flatMap((tree) => textFaults(tree, policy, budget)),
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

function textFaults({ nodes }: Tree, policy: ContentPolicy, budget: Budget): Fault[] {
  return nodes.flatMap((node) => {
    if (typeof node.value !== 'string') return [];
    const message = cardTextFault(node, node.value, policy, budget);
    return message === undefined ? [] : [{ path: node.path, message }];
  });
}
