import type { Issue } from '../../core/issues.ts';
import { isRecord } from '../../core/json.ts';
import { readJson, type Scalar } from '../json/read-json.ts';

/** Attributes for the routing, by name (docs/guides.md#embed-payload). */
export type FlatAttributes = Readonly<Record<string, Scalar>>;

/**
 * Characters of the flattened attributes, beyond which the issue does not name the size of the
 * payload: four times the size of a full one.
 */
const MAX_FLAT = 4 * 32_768;

/**
 * Every issue of the custom attributes.
 *
 * @param attributes as they came in. The contract reports a value that is no object.
 */
export function attributeIssues(attributes: unknown): Issue[] {
  if (!isRecord(attributes)) return [];
  const { leaves, issues } = readJson(attributes, 'customAttributes', { flat: MAX_FLAT });
  const places = new Map<string, string>();
  const nameIssues = leaves.flatMap(({ names, path }) => {
    const name = nameOf(names);
    const first = places.get(name);
    places.set(name, first ?? path);
    if (names.includes('')) return [{ path, message: 'expected a name, got an empty one' }];
    if (first === undefined) return [];
    return [{ path, message: `expected names that differ once flattened, got that of ${first} again` }];
  });
  return [...issues, ...nameIssues.slice(0, 20)];
}

/**
 * The attributes as one flat list, as the routing takes them: `{customer: {tier: "gold"}}` becomes
 * `{"customer.tier": "gold"}`, and the items of a list have their index for a name.
 *
 * @param attributes without issues.
 */
export function flatten(attributes: Readonly<Record<string, unknown>>): FlatAttributes {
  const { leaves } = readJson(attributes, 'customAttributes', { flat: MAX_FLAT });
  return Object.fromEntries(leaves.map(({ names, value }) => [nameOf(names), value]));
}

function nameOf(names: readonly string[]): string {
  return names.join('.');
}
