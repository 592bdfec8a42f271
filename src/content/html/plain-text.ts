import { parseRich, type RichElement, type RichNode } from './rich-tree.ts';

/** These elements stand apart, with an empty line around them. */
const PARAGRAPHS = new Set('blockquote dl figure h1 h2 h3 h4 h5 h6 ol p pre table ul'.split(' '));
/** These elements begin and end a line. */
const LINES = new Set('caption dd div dt figcaption hr li tr'.split(' '));
const CELLS = new Set(['td', 'th']);

/**
 * The text that a reader sees of HTML, for channels that show plain text: its paragraphs, lists and
 * lines, and behind each link its address.
 *
 * @param html that may be sent: without comments, and with allowed tags only.
 */
export function plainTextOf(html: string): string {
  const page = createPage();
  for (const node of parseRich(html) ?? []) write(page, node);
  return page.text();
}

/** A text under way, whose white space is written when the next word comes. */
interface Page {
  /** Adds words; white space between them is shown once, as browsers do, unless it is kept. */
  add(words: string, keepsSpace?: boolean): void;
  /** At least so many line breaks come before the next word. */
  breakLine(breaks: number): void;
  /** Adds a line break; two of them leave an empty line. */
  nextLine(): void;
  text(): string;
}

function createPage(): Page {
  let text = '';
  let breaks = 0;
  let hasSpace = false;

  const begin = () => {
    if (text !== '') text += breaks > 0 ? '\n'.repeat(breaks) : hasSpace ? ' ' : '';
    breaks = 0;
    hasSpace = false;
  };
  return {
    add(words, keepsSpace = false) {
      if (keepsSpace) {
        begin();
        text += words;
        return;
      }
      const shown = words.trim().replace(/\s+/g, ' ');
      if (/^\s/.test(words)) hasSpace = true;
      if (shown === '') return;
      begin();
      text += shown;
      hasSpace = /\s$/.test(words);
    },
    breakLine(wanted) {
      breaks = Math.max(breaks, wanted);
    },
    nextLine() {
      breaks = Math.min(breaks + 1, 2);
    },
    text: () => text.trim(),
  };
}

function write(page: Page, node: RichNode, keepsSpace = false): void {
  if (typeof node === 'string') {
    page.add(node, keepsSpace);
    return;
  }
  const { name, children } = node;
  if (name === 'br') {
    page.nextLine();
    return;
  }
  const breaks = PARAGRAPHS.has(name) ? 2 : LINES.has(name) ? 1 : 0;
  page.breakLine(breaks);
  if (CELLS.has(name)) page.add(' ');
  children.forEach((child, index) => {
    if (name === 'ol' || name === 'ul') writeItem(page, node, child, index);
    else write(page, child, keepsSpace || name === 'pre');
  });
  if (name === 'a') writeAddress(page, node);
  page.breakLine(breaks);
}

/** An item of a list, behind its mark. */
function writeItem(page: Page, list: RichElement, item: RichNode, index: number): void {
  page.breakLine(1);
  const isItem = typeof item !== 'string' && item.name === 'li';
  if (!isItem) {
    write(page, item);
    return;
  }
  page.add(markOf(list, index));
  page.add(' ');
  for (const child of item.children) write(page, child);
  page.breakLine(1);
}

function markOf(list: RichElement, index: number): string {
  if (list.name === 'ul') return '-';
  const before = list.children.slice(0, index).filter((each) => typeof each !== 'string').length;
  const start = Number(attributeOf(list, 'start') ?? 1);
  return `${start + before}.`;
}

/** The address of a link, unless its label is that address. */
function writeAddress(page: Page, link: RichElement): void {
  const address = attributeOf(link, 'href');
  if (address === undefined) return;
  const label = labelOf(link).trim();
  if (label === address || `mailto:${label}` === address || `tel:${label}` === address) return;
  page.add(label === '' ? address : ` (${address})`);
}

function labelOf(node: RichNode): string {
  return typeof node === 'string' ? node : node.children.map(labelOf).join('');
}

function attributeOf({ attributes }: RichElement, wanted: string): string | undefined {
  return attributes.find(({ name }) => name === wanted)?.value;
}
