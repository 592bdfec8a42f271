import { plainTextOf } from '../html/plain-text.ts';
import { decodeReferences } from '../html/rich-tokens.ts';
import { buildCard, type CardComponent, type CardContent, type CardFields } from './card.ts';
import { MAX_BUTTONS } from './card-shape.ts';
import { opensLink } from './card-vocabulary.ts';

/** Fields of a component that a reader sees, in the order of a card. */
const SHOWN = ['title', 'subtitle', 'text', 'caption'] as const;

/**
 * A card as the plain text of a channel without cards: a line for each title, text and button. A
 * button that opens a link has its address. The placeholders of an empty card are left out.
 *
 * @param content without issues, see `cardIssues`.
 * @returns `''` for a card without texts and buttons.
 */
export function cardAsText(content: CardContent): string {
  const { components, dynamicFields } = buildCard(content, '');
  const lines = content.components ? components.flatMap(linesOf) : linesOfFields(dynamicFields);
  return lines.filter((line) => line.trim() !== '').join('\n');
}

function linesOfFields({ title = '', description = '', actions = [] }: CardFields): string[] {
  const buttons = actions.slice(0, MAX_BUTTONS).map((action) => buttonLine({ ...action }));
  return [plain(title), plain(description), ...buttons];
}

function linesOf(component: CardComponent): string[] {
  const { label, value, alt, url, imageUrl, buttons, components } = component;
  return [
    ...SHOWN.map((name) => plain(component[name])),
    joined(plain(label), plain(value)),
    joined(plain(alt), plain(url ?? imageUrl)),
    ...(buttons ?? []).map(buttonLine),
    ...(components ?? []).flatMap(linesOf),
  ];
}

/** The data of a button that opens no link is for the flow, and no reader sees it. */
function buttonLine(button: Readonly<Record<string, unknown>>): string {
  const { label, url, payload, value } = button;
  const address = url ?? (opensLink(button) ? (payload ?? value) : undefined);
  return joined(plain(label), plain(address));
}

function joined(words: string, address: string): string {
  return [words, address].filter((part) => part !== '').join(': ');
}

/** A sanitized text, as a page shows it. */
function plain(text: unknown): string {
  if (typeof text !== 'string') return '';
  return /<[a-z/]/i.test(text) ? plainTextOf(text) : decodeReferences(text);
}
