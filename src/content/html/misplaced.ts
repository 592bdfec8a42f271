import type { RichToken } from './rich-tokens.ts';
import { type RichAttribute, type RichNode, withLineEnds } from './rich-tree.ts';

/** The parser adds these elements where a table lacks them. They change nothing for a reader. */
const IMPLIED = ['tbody', 'tr'];

/** The tags and texts in their order, for comparison. A tag stands between two marks. */
interface Outline {
  readonly pieces: string[];
  /** How often each of {@link IMPLIED} stands there. */
  readonly implied: Map<string, number>;
}

/** No text has this character, see `characters.ts`. */
const MARK = '\0';

const STRAY = 'an end tag without its start tag';
const MOVED =
  'tags or text where they may not stand, or tags that are not closed in the order in which they were opened';

/**
 * Why a text differs from what a browser makes of it: the browser drops, moves, adds or repeats a
 * part. Undefined when the tree has the tags and texts as they were written.
 */
export function misplacedIn(tokens: readonly RichToken[], tree: readonly RichNode[]): string | undefined {
  if (hasStrayEnd(tokens)) return STRAY;
  const written = outlineOf(tokens);
  const found: Outline = newOutline();
  for (const node of tree) addNode(found, node);
  if (written.pieces.join('') !== found.pieces.join('')) return MOVED;
  const isDropped = IMPLIED.some((name) => (found.implied.get(name) ?? 0) < (written.implied.get(name) ?? 0));
  return isDropped ? MOVED : undefined;
}

function hasStrayEnd(tokens: readonly RichToken[]): boolean {
  const open = new Map<string, number>();
  for (const token of tokens) {
    if (token.kind !== 'start' && token.kind !== 'end') continue;
    const count = (open.get(token.name) ?? 0) + (token.kind === 'start' ? 1 : -1);
    if (count < 0) return true;
    open.set(token.name, count);
  }
  return false;
}

function newOutline(): Outline {
  return { pieces: [], implied: new Map() };
}

function outlineOf(tokens: readonly RichToken[]): Outline {
  const outline = newOutline();
  let isFirstOfPre = false;
  for (const token of tokens) {
    if (token.kind === 'start') addTag(outline, token.name, token.attributes);
    // Browsers leave out a line end that a "pre" begins with.
    if (token.kind === 'text')
      outline.pieces.push(withLineEnds(isFirstOfPre ? token.text.replace(/^\n/, '') : token.text));
    isFirstOfPre = token.kind === 'start' && token.name === 'pre';
  }
  return outline;
}

function addNode(outline: Outline, node: RichNode): void {
  if (typeof node === 'string') {
    outline.pieces.push(node);
    return;
  }
  addTag(outline, node.name, node.attributes);
  for (const child of node.children) addNode(outline, child);
}

function addTag({ pieces, implied }: Outline, name: string, attributes: readonly RichAttribute[]): void {
  if (IMPLIED.includes(name) && attributes.length === 0) {
    implied.set(name, (implied.get(name) ?? 0) + 1);
    return;
  }
  const held = attributes.map((each) => `${each.name}=${withLineEnds(each.value)}`);
  pieces.push([MARK, name, ...held, MARK].join(MARK));
}
