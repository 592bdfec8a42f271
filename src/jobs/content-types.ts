import type { z } from 'zod';
import { type ContentType, type Declaration, declarationOf } from '../content/fields/declarations.ts';
import { schemasAt, unwrapped } from '../content/fields/schema-walk.ts';
import { CATALOG, type JobKind } from './catalog.ts';

/**
 * The type of content of a field, as its contract declares it. Programs that show jobs need it.
 * Undefined for a field without content: a number, a switch, a time, one of a few words.
 *
 * @param path steps into the payload: `['attachments', 0, 'fileName']`.
 */
export function contentTypeOf(kind: JobKind, path: readonly PropertyKey[]): ContentType | undefined {
  return contentAt(CATALOG[kind].schema, path)?.type;
}

/**
 * As {@link contentTypeOf}, with the whole declaration: in a `tree`, names and numbers are content
 * as well.
 */
export function contentOf(kind: JobKind, path: readonly PropertyKey[]): Declaration | undefined {
  return contentAt(CATALOG[kind].schema, path);
}

/** The same for any schema. */
export function contentAt(schema: z.ZodType, path: readonly PropertyKey[]): Declaration | undefined {
  let schemas: z.ZodType[] = [schema];
  for (const step of path) {
    const tree = schemas.map(declared).find((declaration) => declaration?.scope === 'tree');
    if (tree) return tree;
    schemas = schemas.flatMap((held) => schemasAt(held, step));
  }
  return schemas.map(declared).find((declaration) => declaration !== undefined);
}

function declared(schema: z.ZodType): Declaration | undefined {
  return declarationOf(schema) ?? declarationOf(unwrapped(schema));
}
