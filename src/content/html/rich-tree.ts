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

/** Elements within each other. Chromium stops at 512, those of the page counted. */
export const MAX_DEPTH = 64;

/** Elements that hold nothing and have no end tag. */
const VOID = new Set(['br', 'hr']);

/**
 * What a browser makes of a text that a page puts into one of its elements; undefined where elements stand within each
 * other more than {@link MAX_DEPTH} deep. Comments and elements of other namespaces are not there: see `html.ts`.
 */
export function parseRich(text: string): RichNode[] | undefined {
  const context = defaultTreeAdapter.createElement('div', html.NS.HTML, []);
  return convert(parseFragment(context, text, { sourceCodeLocationInfo: false }).childNodes, 1);
}

/** Rich text in the one way in which it is sent: each tag closed, each value quoted, whatever could be markup escaped. */
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

/** Whether both are the same to a browser. */
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

/** A `&#13;` would be read as another line end once it was written. */
export function withLineEnds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
