import { isRecord } from '../../core/json.ts';
import { mergeTrees, type Tree } from '../json/tree.ts';

/**
 * Configurations of messengers, as the dialect `platform` has them (docs/platform.md#rollouts). They
 * are whole objects: a worker reads one, changes some fields, and writes all of it.
 */

/** The least that a configuration has which a rollout creates: the messenger is on. */
const NEW: Tree = {
  messenger: { enabled: true, apps: { conversations: { enabled: true } } },
};
const NEW_LANGUAGE = 'en-us';

/**
 * Parts with ids of one organization: knowledge bases, the integration for authenticated guests, and
 * profiles of supported content. Another organization has others, so a copy has none of them.
 */
const OF_ONE_ORGANIZATION: readonly (readonly string[])[] = [
  ['messenger', 'apps', 'knowledge'],
  ['supportCenter'],
  ['authenticationSettings'],
  ['supportedContent'],
];

/** A configuration that does not exist yet, with these settings. */
export function newMessenger(name: string, settings: Tree): Tree {
  const language =
    typeof settings['defaultLanguage'] === 'string' ? settings['defaultLanguage'] : NEW_LANGUAGE;
  return withMessenger({ ...NEW, name, languages: [language], defaultLanguage: language }, settings);
}

/**
 * A configuration with the settings of a rollout. All other fields stay. Languages are added, and
 * labels are replaced by language and key.
 */
export function withMessenger(current: Tree, settings: Tree): Tree {
  const merged = mergeTrees(current, settings);
  const { languages, customI18nLabels } = settings;
  return {
    ...merged,
    ...(Array.isArray(languages) && { languages: union(current['languages'], languages) }),
    ...(Array.isArray(customI18nLabels) && {
      customI18nLabels: withLabels(current['customI18nLabels'], customI18nLabels),
    }),
  };
}

/** A copy for another organization, and the parts that it does not have. */
export function copyOf(configuration: Tree): { readonly copy: Tree; readonly stripped: readonly string[] } {
  const present = OF_ONE_ORGANIZATION.filter((path) => valueAt(configuration, path) !== undefined);
  const copy = present.reduce((tree, path) => without(tree, path), configuration);
  return { copy, stripped: present.map((path) => path.join('.')) };
}

/** The copy in place of a configuration, which keeps its own name and its own foreign parts. */
export function copyOnto(current: Tree, copy: Tree): Tree {
  const named: Tree = { ...copy, name: current['name'] ?? copy['name'] ?? '' };
  return OF_ONE_ORGANIZATION.reduce((tree, path) => {
    const own = valueAt(current, path);
    return own === undefined ? tree : mergeTrees(tree, nested(path, own));
  }, named);
}

type Value = Tree[string];

function union(current: Value | undefined, more: readonly Value[]): Value[] {
  return [...new Set([...(Array.isArray(current) ? current : []), ...more])];
}

/** Labels by language, and those of a language by key. */
function withLabels(current: Value | undefined, changes: readonly Value[]): Value[] {
  const all: Value[] = Array.isArray(current) ? [...current] : [];
  for (const change of changes) {
    if (!isTreeValue(change)) continue;
    const index = all.findIndex((each) => isTreeValue(each) && each['language'] === change['language']);
    const found = all[index];
    const held: Tree = isTreeValue(found) ? found : {};
    const localizedLabels = withKeys(held['localizedLabels'], change['localizedLabels']);
    const language = { ...held, ...change, localizedLabels };
    if (index < 0) all.push(language);
    else all[index] = language;
  }
  return all;
}

function withKeys(current: Value | undefined, changes: Value | undefined): Value[] {
  const own = Array.isArray(changes) ? changes : [];
  const keys = new Set(own.map((label) => (isTreeValue(label) ? label['key'] : undefined)));
  const others = (Array.isArray(current) ? current : []).filter(
    (label) => !(isTreeValue(label) && keys.has(label['key'])),
  );
  return [...others, ...own];
}

function isTreeValue(value: Value | undefined): value is Tree {
  return isRecord(value);
}

function valueAt(tree: Tree, path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>((held, key) => (isTreeValue(held) ? held[key] : undefined), tree);
}

function without(tree: Tree, [key = '', ...rest]: readonly string[]): Tree {
  const { [key]: held, ...others } = tree;
  return rest.length === 0 || !isTreeValue(held) ? others : { ...others, [key]: without(held, rest) };
}

function nested(path: readonly string[], value: Value): Tree {
  return path.reduceRight<Value>((held, key) => ({ [key]: held }), value) as Tree;
}
