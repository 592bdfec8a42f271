import { z } from 'zod';
import { type ContentType, declarationOf } from '../../src/content/fields/declarations.ts';
import { optionsOf, unwrapped } from '../../src/content/fields/schema-walk.ts';

const CANARY = 'jkqxzjkqxz';
/** Types of content with text of people, or with a link to it. They are never shown unchanged. */
const NEVER_SHOWN: ReadonlySet<ContentType> = new Set(['plain-text', 'rich-text', 'link', 'file-name']);
/** Values of such a field. The first one looks like a word of a contract. */
const PROBES = [CANARY, `https://h.example/${CANARY}?${CANARY}`, [CANARY], { [CANARY]: CANARY }];

/**
 * Compares a schema with the masked form of its values.
 *
 * @param show masks a whole value.
 * @returns the paths of fields that the masking does not know, and of content that it shows.
 */
export function maskingIssues(schema: z.ZodType, show: (value: unknown) => unknown): string[] {
  return [...new Set(issuesAt(schema, [], show))];
}

type Path = readonly (string | 0)[];

function issuesAt(schema: z.ZodType, path: Path, show: (value: unknown) => unknown): string[] {
  const inner = unwrapped(schema);
  const declaration = declarationOf(schema) ?? declarationOf(inner);
  if (declaration) {
    const isShown = NEVER_SHOWN.has(declaration.type) && PROBES.some((probe) => shows(path, probe, show));
    return isShown ? [`${path.join('.')}: ${declaration.type} is shown`] : [];
  }
  if (inner instanceof z.ZodUnion) return optionsOf(inner).flatMap((option) => issuesAt(option, path, show));
  if (inner instanceof z.ZodArray) return issuesAt(inner.element as z.ZodType, [...path, 0], show);
  if (inner instanceof z.ZodRecord) {
    return shows(path, { [CANARY]: CANARY }, show) ? [`${path.join('.')}: names are shown`] : [];
  }
  if (!(inner instanceof z.ZodObject)) return [];
  const fields = Object.entries<z.ZodType>(inner.shape);
  const known = new Set(knownAt(path, Object.keys(inner.shape), show));
  // An object that is masked as a whole has no names.
  if (known.size === 0 && path.length > 0) return [];
  return fields.flatMap(([name, field]) =>
    known.has(name) ? issuesAt(field, [...path, name], show) : [`${[...path, name].join('.')}: unknown`],
  );
}

/** The names that the masking leaves unchanged. */
function knownAt(path: Path, names: readonly string[], show: (value: unknown) => unknown): string[] {
  const held = Object.fromEntries(names.map((name) => [name, true]));
  const shown = path.reduce<unknown>(
    (value, step) => (value as Readonly<Record<string | 0, unknown>> | undefined)?.[step],
    show(valueAt(path, held)),
  );
  return Object.keys(shown ?? {}).filter((name) => names.includes(name));
}

function shows(path: Path, value: unknown, show: (value: unknown) => unknown): boolean {
  return JSON.stringify(show(valueAt(path, value))).includes(CANARY);
}

/** A value with another one at a path, and nothing else. */
function valueAt(path: Path, value: unknown): unknown {
  return path.reduceRight<unknown>((held, step) => (step === 0 ? [held] : { [step]: held }), value);
}
