import { isRecord } from '../../core/json.ts';
import type { Tree } from '../json/tree.ts';
import type { FlatAttributes } from './custom-attributes.ts';
import { asciiJson } from './embed-code.ts';
import { canonicalTag, type LocaleMatrix } from './locales.ts';

/**
 * What the platform has in place of the payload of an embed code: switches and languages of the
 * configuration, and commands on the page (docs/platform.md#embed-codes).
 */

/**
 * The required features that a configuration lacks, by its switches. Custom attributes need no
 * switch: each page may set them.
 *
 * @param fields of the version that the deployment is pinned to.
 */
export function missingSwitches(fields: Tree): string[] {
  const { messenger, defaultLanguage } = fields;
  const isOn = isRecord(messenger) && messenger['enabled'] === true;
  const apps = isRecord(messenger) ? messenger['apps'] : undefined;
  const conversations = isRecord(apps) ? apps['conversations'] : undefined;
  const isOff = isRecord(conversations) && conversations['enabled'] === false;
  return [
    ...(isOn && !isOff ? [] : ['webMessagingV2']),
    ...(typeof defaultLanguage === 'string' ? [] : ['localeFallback']),
  ];
}

/**
 * The languages of a page for which the configuration has no texts, also not by their fallbacks. The
 * messenger shows them its default language.
 */
export function missingLanguages(locales: LocaleMatrix, { languages }: Tree): string[] {
  const all: readonly unknown[] = Array.isArray(languages) ? languages : [];
  const known = new Set(all.flatMap((tag) => (typeof tag === 'string' ? spellingsOf(tag) : [])));
  const fallbackOf = new Map(
    Object.entries(locales).map(([tag, fallback]) => [canonicalTag(tag), canonicalTag(fallback)]),
  );
  return Object.keys(locales).filter((start) => {
    const seen = new Set<string>();
    let tag = canonicalTag(start);
    while (tag !== undefined && !seen.has(tag)) {
      if (spellingsOf(tag).some((spelling) => known.has(spelling))) return false;
      seen.add(tag);
      tag = fallbackOf.get(tag);
    }
    return true;
  });
}

/** The tag that gives the messenger the attributes for the routing, with its `Database` plugin. */
export function attributesTag(customAttributes: FlatAttributes): string {
  const data = asciiJson({ messaging: { customAttributes } }).replace(/</g, '\\u003c');
  return `<script>Genesys("subscribe","Database.ready",function(){Genesys("command","Database.set",${data})});</script>`;
}

/** `de-AT` is served by texts for `de-at`, and by those for `de`. */
function spellingsOf(tag: string): string[] {
  const lower = tag.toLowerCase();
  const [language = lower] = lower.split('-');
  return [...new Set([lower, language])];
}
