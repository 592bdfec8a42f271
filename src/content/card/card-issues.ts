import type { Issue } from '../../core/issues.ts';
import { jsonBytes } from '../../core/json-size.ts';
import type { JsonNode } from '../json/json-node.ts';
import { type JsonLimits, type JsonReading, readJson } from '../json/read-json.ts';
import type { ContentPolicy } from '../policy/policy.ts';
import { type Budget, openBudget } from '../policy/step-budget.ts';
import { componentsIssues, fieldsIssues } from './card-shape.ts';
import { cardTextIssue } from './card-text.ts';
import { fieldNameIssue } from './card-vocabulary.ts';

/**
 * Fields and components together, bytes of UTF-8 as JSON. Our own limit, far below the 512,000 of a
 * request.
 */
const MAX_CARD_BYTES = 65_536;
/** Lists and objects within each other; four components with their buttons have ten. */
const MAX_NESTING = 16;

/** The search of the texts ends with so many issues. */
const MAX_TEXT_ISSUES = 50;

/** Without a limit of issues: the shape is checked on all nodes. */
const LIMITS: JsonLimits = {
  levels: MAX_NESTING,
  bytes: MAX_CARD_BYTES,
  values: MAX_CARD_BYTES,
  issues: Number.POSITIVE_INFINITY,
  nameIssue: fieldNameIssue,
};

type Part = Pick<JsonReading, 'nodes' | 'issues'>;

/** The content of a card, as it came in: any value. */
export interface RawCard {
  readonly fields?: unknown;
  readonly components?: unknown;
  /** The worker leaves surplus buttons out; otherwise they are an issue. */
  readonly truncate?: unknown;
}

/**
 * Every issue of a card: size, nesting, shape, texts. Takes deep and cyclic input, so that it runs
 * before any recursive function.
 */
export function cardIssues({ fields, components, truncate }: RawCard, policy: ContentPolicy): Issue[] {
  if (fields === undefined && components === undefined) {
    return [{ path: 'fields', message: 'expected the fields to make a card of, or else its components' }];
  }
  const trees = {
    fields: readPart(fields, 'fields'),
    components: readPart(components, 'components'),
  };
  const all = [trees.fields, trees.components];
  const isTruncated = truncate === true;
  const size = all.every((tree) => tree.issues.length === 0) ? sizeIssues(fields, components) : [];
  return [
    ...all.flatMap((tree) => tree.issues),
    ...size,
    ...fieldsIssues(trees.fields.nodes, isTruncated),
    ...componentsIssues(trees.components.nodes, isTruncated),
    // The texts of a card that is too large are not searched.
    ...(size.length === 0 ? textIssues(all, policy) : []),
  ];
}

function readPart(part: unknown, path: string): Part {
  return part === undefined ? { nodes: [], issues: [] } : readJson(part, path, LIMITS);
}

function sizeIssues(fields: unknown, components: unknown): Issue[] {
  const bytes = jsonBytes(fields) + jsonBytes(components);
  if (bytes <= MAX_CARD_BYTES) return [];
  const path = fields === undefined ? 'components' : 'fields';
  const both = fields !== undefined && components !== undefined ? ' together with the components' : '';
  return [{ path, message: `expected at most ${MAX_CARD_BYTES} bytes as JSON${both}, got ${bytes}` }];
}

/** The first issues of the texts and of the names of fields: a template may show both. */
function textIssues(trees: readonly Part[], policy: ContentPolicy): Issue[] {
  const budget = openBudget();
  const issues: Issue[] = [];
  const names = new Set<string>();
  for (const node of trees.flatMap(({ nodes }) => nodes)) {
    if (issues.length >= MAX_TEXT_ISSUES) return issues;
    const message = nameIssue(node, names, policy, budget) ?? valueIssue(node, policy, budget);
    if (message !== undefined) issues.push({ path: node.path, message });
  }
  return issues;
}

/** Checks each name once. */
function nameIssue(
  { step, parent }: JsonNode,
  names: Set<string>,
  policy: ContentPolicy,
  budget: Budget,
): string | undefined {
  if (parent === undefined || typeof step !== 'string' || names.has(step)) return undefined;
  names.add(step);
  const message = policy.violation('text/plain', step, budget);
  return message && `the name of the field: ${message}`;
}

/** Pages show a number as its digits. */
function valueIssue(node: JsonNode, policy: ContentPolicy, budget: Budget): string | undefined {
  const { value } = node;
  if (typeof value === 'string') return cardTextIssue(node, value, policy, budget);
  return typeof value === 'number' ? policy.violation('text/plain', String(value), budget) : undefined;
}
