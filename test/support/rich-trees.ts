import type { RichNode } from '../../src/content/html/rich-tree.ts';
import { richString, seeded } from './rich-strings.ts';

/** Two texts that meet are one. */
export function joined(one: readonly RichNode[], other: readonly RichNode[]): RichNode[] {
  const [last, first] = [one.at(-1), other[0]];
  if (typeof last !== 'string' || typeof first !== 'string') return [...one, ...other];
  return [...one.slice(0, -1), last + first, ...other.slice(1)];
}

/** The names of all elements, from the outside in. */
export function tagsOf(nodes: readonly RichNode[]): string[] {
  return nodes.flatMap((node) => (typeof node === 'string' ? [] : [node.name, ...tagsOf(node.children)]));
}

/** As many strings from this seed. */
export function stringsOf(seed: number, count: number): string[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => richString(random));
}
