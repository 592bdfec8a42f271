import { type Issue, pathTo, preview, quotedKey } from '../../core/issues.ts';
import { isRecord } from '../../core/json.ts';
import type { JsonNode } from '../json/json-node.ts';
import {
  ACTION,
  componentTypes,
  type FieldKind,
  type FieldKinds,
  fieldsOfButton,
  fieldsOfComponent,
  isComponentType,
} from './card-vocabulary.ts';

/** Levels of components, the outermost included (docs/guides.md#card-limits). */
const MAX_COMPONENT_DEPTH = 4;
/** Components of a card, those inside others included (docs/guides.md#card-limits). */
const MAX_COMPONENTS = 20;
/** Buttons of a group (docs/guides.md#card-limits). */
export const MAX_BUTTONS = 5;
/** Actions that a card may have where the surplus is left out. */
const MAX_ACTIONS = 100;
/** So many unknown fields of one component are named. */
const MAX_UNKNOWN = 5;

/**
 * Issues of the fields of a card, except those of their texts. @param nodes those of `fields`, the
 * root first
 */
export function fieldsIssues(nodes: readonly JsonNode[], isTruncated: boolean): Issue[] {
  const [root] = nodes;
  if (!root) return [];
  if (!isRecord(root.value)) return [wrong(root, 'an object', root.value)];
  const { actions } = root.value;
  const issues = ['title', 'description'].flatMap((key) => optionalTextIssues(root, key));
  if (actions === undefined) return issues;
  const path = pathTo(root.path, 'actions');
  if (!Array.isArray(actions)) return [...issues, { path, message: `expected a list, ${came(actions)}` }];
  return [
    ...issues,
    ...countIssues(path, actions, isTruncated ? MAX_ACTIONS : MAX_BUTTONS),
    ...nodes.filter((node) => node.parent?.path === path).flatMap(actionIssues),
  ];
}

/**
 * Issues of the components, except those of their texts. @param nodes those of `components`, the
 * root first
 */
export function componentsIssues(nodes: readonly JsonNode[], isTruncated: boolean): Issue[] {
  const components = nodes.filter((node) => standsIn(node, 'components'));
  const issues = [
    ...nodes.flatMap((node) => listIssues(node, isTruncated)),
    ...components.flatMap(componentIssues),
    ...nodes.filter((node) => standsIn(node, 'buttons')).flatMap(buttonIssues),
  ];
  if (components.length <= MAX_COMPONENTS) return issues;
  const message = `expected at most ${MAX_COMPONENTS} components, those inside others counted, got ${components.length}`;
  return [...issues, { path: 'components', message }];
}

/** `components` and `buttons` are lists, at every level. */
function listIssues(node: JsonNode, isTruncated: boolean): Issue[] {
  const { path, step, value, parent } = node;
  if (step !== 'components' && step !== 'buttons') return [];
  if (value === null && parent) return [];
  if (!Array.isArray(value)) return [wrong(node, 'a list', value)];
  if (step === 'buttons') return isTruncated ? [] : countIssues(path, value, MAX_BUTTONS);
  if (value.length === 0 && !parent) return [{ path, message: 'expected at least one component' }];
  if (levelOf(node) !== MAX_COMPONENT_DEPTH + 1) return [];
  return [
    { path, message: `expected at most ${MAX_COMPONENT_DEPTH} components within each other, got more` },
  ];
}

function countIssues(path: string, buttons: readonly unknown[], most: number): Issue[] {
  if (buttons.length <= most) return [];
  const remedy = most === MAX_BUTTONS ? `; set truncate to send the first ${most}` : '';
  return [{ path, message: `expected at most ${most} buttons, got ${buttons.length}${remedy}` }];
}

function componentIssues(node: JsonNode): Issue[] {
  if (!isRecord(node.value)) return [wrong(node, 'a component', node.value)];
  const { type } = node.value;
  const path = pathTo(node.path, 'type');
  if (typeof type !== 'string') {
    return [
      { path, message: `expected a name such as header, ${came(type)}` },
      ...heldIssues(node, fieldsOfComponent(type)),
    ];
  }
  if (!isComponentType(type)) {
    return [{ path, message: `expected one of the components ${componentTypes()}; ${came(type)}` }];
  }
  return heldIssues(node, fieldsOfComponent(type));
}

/** A button of a component. */
function buttonIssues(node: JsonNode): Issue[] {
  return [...labelIssues(node), ...heldIssues(node, fieldsOfButton())];
}

/** Issues of fields that a component or button may not have, or not with this value. */
function heldIssues(node: JsonNode, kinds: FieldKinds): Issue[] {
  if (!isRecord(node.value)) return [];
  const held = Object.entries(node.value);
  const unknown = held.map(([name]) => name).filter((name) => !Object.hasOwn(kinds, name));
  return [
    ...held.flatMap(([name, value]) => {
      const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
      const wanted = kind && wantedInstead(kind, value);
      return wanted ? [{ path: pathTo(node.path, name), message: `expected ${wanted}, ${came(value)}` }] : [];
    }),
    ...unknown.slice(0, MAX_UNKNOWN).map((name) => ({
      path: node.path,
      message: `unknown field ${quotedKey(name)}; the fields are ${Object.keys(kinds).join(', ')}`,
    })),
  ];
}

/** The words for a value of this kind, when the field has another one. null counts as no value. */
function wantedInstead(kind: FieldKind, value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  switch (kind) {
    case 'components':
    case 'buttons':
      // `listIssues` checks the list itself.
      return undefined;
    case 'switch':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'style':
      return typeof value === 'string' || isRecord(value) ? undefined : 'a name, or an object of names';
    default:
      return typeof value === 'string' ? undefined : 'a text';
  }
}

function labelIssues(node: JsonNode): Issue[] {
  if (!isRecord(node.value)) return [wrong(node, 'a button', node.value)];
  const { label } = node.value;
  // `heldIssues` reports another type.
  if (label !== undefined && label !== null && typeof label !== 'string') return [];
  if (typeof label === 'string' && /\S/.test(label)) return [];
  const path = pathTo(node.path, 'label');
  return [{ path, message: `expected a text that is not blank, ${came(label)}` }];
}

function actionIssues(node: JsonNode): Issue[] {
  const issues = labelIssues(node);
  if (!isRecord(node.value)) return issues;
  return [...issues, ...heldIssues(node, ACTION)];
}

function optionalTextIssues(node: JsonNode, key: string): Issue[] {
  const held = (node.value as Record<string, unknown>)[key];
  if (held === undefined || typeof held === 'string') return [];
  return [{ path: pathTo(node.path, key), message: `expected a text, ${came(held)}` }];
}

function standsIn({ parent }: JsonNode, list: string): boolean {
  return parent?.step === list && Array.isArray(parent.value);
}

/** Lists of components from the outermost to this one. */
function levelOf(node: JsonNode | undefined): number {
  if (node === undefined) return 0;
  return levelOf(node.parent) + (node.step === 'components' ? 1 : 0);
}

function wrong({ path }: JsonNode, wanted: string, got: unknown): Issue {
  return { path, message: `expected ${wanted}, ${came(got)}` };
}

function came(value: unknown): string {
  return value === undefined ? 'but it is missing' : `got ${preview(value)}`;
}
