import type { Tree } from '../../../content/json/tree.ts';

/**
 * The fields of an entity that a client may write, for a PUT of the whole. A field without a value
 * counts as absent.
 *
 * @param readOnly names of the fields that the platform sets.
 */
export function writableFields(entity: Tree, readOnly: ReadonlySet<string>): Tree {
  const kept = Object.entries(entity).filter(([name, value]) => !readOnly.has(name) && value !== null);
  return Object.fromEntries(kept);
}
