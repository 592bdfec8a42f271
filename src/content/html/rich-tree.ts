import { type DefaultTreeAdapterTypes, defaultTreeAdapter, html, parseFragment } from 'parse5';

/** Rich text as a browser has it once parsed, reduced to what may be in it: elements and texts. */
export type RichNode = string | RichElement;

export interface RichElement {
  readonly name: string;
  readonly attributes: readonly RichAttribute[];
  readonly children: readonly RichNode[];
}

export interface RichAttribute {
  readonly name: string;
  readonly value: string;
}

/** Elements within each other. Chromium stops at 512, with those of the page. */
export const MAX_DEPTH = 64;

/** These elements are empty and have no end tag. */
const VOID = new Set(['br', 'hr']);

/**
 * The tree that a browser makes of a text which a page puts into one of its elements. Undefined
 * where elements stand within each other more than {@link MAX_DEPTH} deep. The tree has no comments
 * and no elements of other namespaces: see `html.ts`.
 */
export function parseRich(text: string): RichNode[] | undefined {
  const context = defaultTreeAdapter.createElement('div', html.NS.HTML, []);
  return convert(parseFragment(context, text, { sourceCodeLocationInfo: false }).childNodes, 1);
}

/**
 * HTML of a tree: each tag is closed, each value is quoted, and each sign of markup in a text is
 * escaped.
 */
export function writeRich(nodes: readonly RichNode[]): string {
  return nodes.map((node) => (typeof node === 'string' ? escapeMarkup(node) : writeElement(node))).join('');
}

/** A text as HTML that reads as this text, between tags and in a quoted attribute. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&${ESCAPES[character]};`);
}

export function escapeAttribute(value: string): string {
  return escapeMarkup(value).replaceAll('"', '&quot;').replaceAll("'", '&#39;').replaceAll('\r', '&#13;');
}

/** Whether a browser shows both alike. */
export function isSameRich(one: readonly RichNode[], other: readonly RichNode[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

const ESCAPES: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt' };

function writeElement({ name, attributes, children }: RichElement): string {
  const written = attributes.map((each) => ` ${each.name}="${escapeAttribute(each.value)}"`).join('');
  if (VOID.has(name)) return `<${name}${written}>`;
  const [first] = children;
  // Browsers leave out a line end that a "pre" begins with.
  const gap = name === 'pre' && typeof first === 'string' && first.startsWith('\n') ? '\n' : '';
  return `<${name}${written}>${gap}${writeRich(children)}</${name}>`;
}

function convert(nodes: readonly DefaultTreeAdapterTypes.ChildNode[], depth: number): RichNode[] | undefined {
  const converted: RichNode[] = [];
  for (const node of nodes) {
    if (defaultTreeAdapter.isTextNode(node)) converted.push(withLineEnds(node.value));
    if (!defaultTreeAdapter.isElementNode(node)) continue;
    const children = depth > MAX_DEPTH ? undefined : convert(node.childNodes, depth + 1);
    if (children === undefined) return undefined;
    const attributes = node.attrs.map(({ name, value }) => ({ name, value: withLineEnds(value) }));
    converted.push({ name: node.tagName, attributes, children });
  }
  return converted;
}

/** A parser reads a written `&#13;` as another line end. */
export function withLineEnds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
