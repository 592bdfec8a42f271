import { z } from 'zod';

/**
 * What a field that a person may see is. Each has one check, see `content-checks.ts`.
 *
 *   plain-text   shown as it stands
 *   rich-text    shown as HTML or Markdown
 *   link         leads somewhere, or is loaded
 *   file-name    what a file is called when it is saved
 *   identifier   chosen from names or ids; says nothing about a customer
 */
export const CONTENT_TYPES = ['plain-text', 'rich-text', 'link', 'file-name', 'identifier'] as const;

export type ContentType = (typeof CONTENT_TYPES)[number];

/** What the schema of a field says about its content. */
export interface Declaration {
  readonly type: ContentType;
  /**
   * `tree`: all that stands under it is content of that type, the names and numbers too, since callers choose them.
   */
  readonly scope: 'field' | 'tree';
  /** Checked by its type when a job is checked; else only declared, and checked by the rules of its kind. */
  readonly isChecked: boolean;
  /** Schemes of a link without the colon. */
  readonly schemes?: readonly string[];
  /** The field beside a file name that has its media type. */
  readonly mediaTypeIn?: string;
}

const declarations = z.registry<Declaration>();

/** What a schema was declared to be; undefined: no content, such as a number, a switch or one of a few words. */
export function declarationOf(schema: z.ZodType): Declaration | undefined {
  return declarations.get(schema);
}

function declare<Schema extends z.ZodType>(schema: Schema, declaration: Declaration): Schema {
  declarations.add(schema, declaration as never);
  return schema;
}

const checked = { scope: 'field', isChecked: true } as const;
const known = { scope: 'field', isChecked: false } as const;

/**
 * Declares what a field is. Declare last: a further check makes another schema, which knows nothing of it.
 * Those of `unchecked` are only known for what they are: their kinds have rules of their own, or nobody shows them.
 */
export const seen = {
  plainText: <S extends z.ZodType>(schema: S) => declare(schema, { ...checked, type: 'plain-text' }),
  link: <S extends z.ZodType>(schema: S, schemes: readonly string[]) =>
    declare(schema, { ...checked, type: 'link', schemes }),
  /** @param mediaTypeIn the field beside it that has the media type of the file. */
  fileName: <S extends z.ZodType>(schema: S, mediaTypeIn: string) =>
    declare(schema, { ...checked, type: 'file-name', mediaTypeIn }),
  identifier: <S extends z.ZodType>(schema: S) => declare(schema, { ...checked, type: 'identifier' }),
  unchecked: <S extends z.ZodType>(type: ContentType, schema: S) => declare(schema, { ...known, type }),
  /** Anything of any depth; the kind checks what is in it. */
  tree: <S extends z.ZodType>(type: ContentType, schema: S) =>
    declare(schema, { scope: 'tree', isChecked: false, type }),
};
