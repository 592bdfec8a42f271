import { isRecord } from '../../core/json.ts';
import type { JsonNode } from '../json/json-node.ts';
import { type JsonLimits, readJson } from '../json/read-json.ts';
import { MAX_BUTTONS } from './card-shape.ts';
import { cleanCardText } from './card-text.ts';

/** How the widget renders a card: `templateMatrix` (docs/guides.md#send-a-card). */
export interface CardTemplate {
  readonly id: string;
  readonly version: string;
  readonly layoutEngine: string;
  readonly fallbackBehavior: string;
}

/** The effect of a button; `type` is `postback` by default. */
export interface CardAction {
  readonly label: string;
  readonly type?: string | undefined;
  /** The flow gets it back; for a `url` or `link` it is the address. */
  readonly value?: string | undefined;
}

/** The values of a template. It gets any further field as well. */
export interface CardFields {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly actions?: readonly CardAction[] | undefined;
  readonly [field: string]: unknown;
}

/** One part of a card: a header, a text, a group of buttons, or a holder of other parts. */
export interface CardComponent {
  readonly type: string;
  readonly text?: string | null;
  readonly buttons?: readonly Readonly<Record<string, unknown>>[] | null;
  readonly components?: readonly CardComponent[] | null;
  readonly [field: string]: unknown;
}

/** The content of a card. */
export interface CardContent {
  readonly template: CardTemplate;
  readonly fields?: CardFields | undefined;
  /** Components that replace those made from the fields. */
  readonly components?: readonly CardComponent[] | undefined;
  /** Leaves surplus buttons out. */
  readonly truncate: boolean;
}

/** A card as Genesys Cloud takes it (docs/guides.md#send-a-card). */
export interface Card {
  readonly messageId: string;
  readonly templateMatrix: {
    readonly templateId: string;
    readonly layoutEngine: string;
    readonly version: string;
    readonly fallbackBehavior: string;
  };
  readonly dynamicFields: CardFields;
  readonly components: readonly CardComponent[];
}

/**
 * Builds a card, and sanitizes every text in it.
 *
 * @param content without issues, see `cardIssues`.
 * @param messageId the same on every attempt.
 */
export function buildCard(
  { template, fields = {}, components, truncate }: CardContent,
  messageId: string,
): Card {
  const dynamicFields = clean(fields, 'fields');
  const own = components && clean(components, 'components');
  return {
    messageId,
    templateMatrix: {
      templateId: template.id,
      layoutEngine: template.layoutEngine,
      version: template.version,
      fallbackBehavior: template.fallbackBehavior,
    },
    dynamicFields,
    components: own ? (truncate ? own.map(withFewerButtons) : own) : componentsOf(dynamicFields),
  };
}

/** Header, body and buttons, with defaults for what is missing (docs/guides.md#card-components). */
function componentsOf({ title, description, actions = [] }: CardFields): CardComponent[] {
  const buttons = actions.slice(0, MAX_BUTTONS).map(({ label, type = 'postback', value = '' }) => ({
    label,
    action: type,
    payload: value,
    style: 'primary',
  }));
  return [
    { type: 'header', text: title ?? 'System Notification', style: 'bold' },
    { type: 'body', text: description ?? 'Card content placeholder', markdown: true },
    ...(buttons.length > 0 ? [{ type: 'buttonGroup', buttons }] : []),
  ];
}

function withFewerButtons(component: CardComponent): CardComponent {
  const { buttons, components } = component;
  return {
    ...component,
    ...(buttons && { buttons: buttons.slice(0, MAX_BUTTONS) }),
    ...(components && { components: components.map(withFewerButtons) }),
  };
}

/** `cardIssues` has read the content. A second limit could only leave a part of it out. */
const NO_LIMITS: JsonLimits = {
  levels: Number.POSITIVE_INFINITY,
  values: Number.POSITIVE_INFINITY,
  steps: Number.POSITIVE_INFINITY,
};

/** The content in new objects, its texts sanitized. */
function clean<Content>(content: Content, path: string): Content {
  const { nodes } = readJson(content, path, NO_LIMITS);
  const copies = new Map<JsonNode | undefined, unknown>();
  for (const node of nodes) {
    const copy = copyOf(node);
    copies.set(node, copy);
    const holder = copies.get(node.parent);
    if (Array.isArray(holder)) holder.push(copy);
    else if (isRecord(holder)) holder[node.step] = copy;
  }
  return copies.get(nodes[0]) as Content;
}

function copyOf(node: JsonNode): unknown {
  if (Array.isArray(node.value)) return [];
  if (isRecord(node.value)) return {};
  return typeof node.value === 'string' ? cleanCardText(node, node.value) : node.value;
}
