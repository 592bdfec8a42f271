import { quotedKey } from '../../core/issues.ts';
import { isRecord } from '../../core/json.ts';
import type { JsonNode } from '../json/json-node.ts';
import { isEventHandler } from '../text/event-handlers.ts';

/**
 * The purpose of a text of a card:
 *
 *   text   a guest reads it; it may be formatted
 *   value  it comes back when a guest presses a button; it is data, yet some widgets follow it as a
 *   link
 *   link   it leads somewhere
 *   image  a widget loads it, as an image
 *   name   it chooses between things that the widget knows
 */
export type CardRole = 'text' | 'value' | 'link' | 'image' | 'name';

/** The value of a field of a component or a button. `style` is a name, or an object of names. */
export type FieldKind = CardRole | 'style' | 'switch' | 'components' | 'buttons';

export type FieldKinds = Readonly<Record<string, FieldKind>>;

/**
 * The components of docs/guides.md#card-components, and others for the layout. No component runs,
 * frames or loads anything, except an image.
 */
const COMPONENT_TYPES: ReadonlySet<string> = new Set([
  ...['header', 'body', 'buttonGroup', 'text', 'footer', 'image', 'divider', 'list', 'listItem', 'item'],
  ...['table', 'row', 'column', 'columns', 'cell', 'section', 'container', 'group', 'carousel', 'card'],
]);

const ANY_COMPONENT: FieldKinds = {
  type: 'name',
  text: 'text',
  title: 'text',
  subtitle: 'text',
  caption: 'text',
  label: 'text',
  value: 'value',
  markdown: 'switch',
  style: 'style',
  align: 'name',
  components: 'components',
  buttons: 'buttons',
};

/** Only an image loads something. */
const IMAGE: FieldKinds = { ...ANY_COMPONENT, url: 'image', imageUrl: 'image', alt: 'text' };

const BUTTON: FieldKinds = {
  label: 'text',
  type: 'name',
  action: 'name',
  payload: 'value',
  value: 'value',
  url: 'link',
  style: 'style',
};

/** The fields of an action. It becomes a button. */
export const ACTION: FieldKinds = { label: 'text', type: 'name', value: 'value' };

export function isComponentType(type: string): boolean {
  return COMPONENT_TYPES.has(type);
}

export function componentTypes(): string {
  return [...COMPONENT_TYPES].join(', ');
}

/** The fields that a component of this type may have. */
export function fieldsOfComponent(type: unknown): FieldKinds {
  return type === 'image' ? IMAGE : ANY_COMPONENT;
}

export function fieldsOfButton(): FieldKinds {
  return BUTTON;
}

const LINK_KEY = /(?:ur[li]|href|src|link|poster|formaction)s?$/i;
const STYLE_KEY = /^(?:style|css)|[._-](?:style|css)|(?:Styles?|Css|CSS)$/;
/**
 * A browser loads the value of these attributes. In a template they may only have a name, and no
 * address is one.
 */
const LOADING_KEY = /^(?:(?:image)?srcset|srcdoc|background(?:image)?|ping|lowsrc|dynsrc|codebase|rel)$/i;
const LINK_ACTION = /ur[li]|link|href|^web$/i;

/** The purpose of the text of a node. @param node of `fields` or of `components` */
export function roleOf(node: JsonNode): CardRole {
  if (isStyled(node)) return 'name';
  return rootOf(node).step === 'components' ? roleInComponent(node) : roleInFields(node);
}

function roleInComponent(node: JsonNode): CardRole {
  const { key, parent } = node;
  const isButton = parent?.parent?.step === 'buttons';
  const kinds = isButton ? BUTTON : fieldsOfComponent(fieldOf(parent?.value, 'type'));
  const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
  switch (kind) {
    case 'name':
    case 'image':
    case 'link':
      return kind;
    case 'value':
      return opensLink(parent?.value) ? 'link' : 'value';
    default:
      return 'text';
  }
}

/** The author of a template names its fields. */
function roleInFields(node: JsonNode): CardRole {
  const { key, parent } = node;
  const isAction = parent?.parent?.path === 'fields.actions';
  if (isAction && (key === 'type' || key === 'action')) return 'name';
  if (LOADING_KEY.test(key)) return 'name';
  if (LINK_KEY.test(key)) return 'link';
  if (key !== 'value' && key !== 'payload') return 'text';
  return opensLink(parent?.value) ? 'link' : 'value';
}

/** Every text within a `style` is a name, as in `style: {color: 'red'}`. */
function isStyled({ key, parent }: JsonNode): boolean {
  return STYLE_KEY.test(key) || (parent !== undefined && isStyled(parent));
}

/** At most sixteen levels are above it. */
function rootOf(node: JsonNode): JsonNode {
  return node.parent ? rootOf(node.parent) : node;
}

/** Whether a button leads somewhere, by its action or type. */
export function opensLink(button: unknown): boolean {
  return [fieldOf(button, 'action'), fieldOf(button, 'type')].some(
    (kind) => typeof kind === 'string' && LINK_ACTION.test(kind),
  );
}

function fieldOf(holder: unknown, name: string): unknown {
  return isRecord(holder) && Object.hasOwn(holder, name) ? holder[name] : undefined;
}

const NAME = /^\p{L}[\p{L}\p{N}._-]{0,63}$/u;

/**
 * Why a card may not have a field of this name; undefined when it may. A widget may use a name as
 * that of an attribute or of a property.
 */
export function fieldNameIssue(name: string): string | undefined {
  if (!NAME.test(name)) {
    return `expected names of fields of at most 64 letters, digits, ".", "_" and "-", a letter first, got ${quotedKey(name)}`;
  }
  if (isEventHandler(name)) return `the field ${quotedKey(name)} has the name of an event handler; rename it`;
  if (!(name in Object.prototype) && name !== 'prototype' && name !== 'toJSON') return undefined;
  return `the field ${quotedKey(name)} has a name that objects have a use for; rename it`;
}
