import { z } from 'zod';

/**
 * The content of a field that a person may see. Each type has one check, see `content-issues.ts`.
 *
 *   plain-text   shown as it is
 *   rich-text    shown as HTML or Markdown
 *   link         leads somewhere, or is loaded
 *   file-name    the name of a file when it is saved
 *   identifier   chosen from names or ids; says nothing about a customer
 */
export const CONTENT_TYPES = ['plain-text', 'rich-text', 'link', 'file-name', 'identifier'] as const;

export type ContentType = (typeof CONTENT_TYPES)[number];

/** The declaration that a schema has of its content. */
export interface Declaration {
  readonly type: ContentType;
  /**
   * `tree`: every value within the field has this type of content. So have names and numbers, since
   * callers choose them.
   */
  readonly scope: 'field' | 'tree';
  /** True: the check of its type runs with each job. False: only the rules of its kind check it. */
  readonly isChecked: boolean;
  /** Schemes of a link without the colon. */
  readonly schemes?: readonly string[];
  /** The field beside a file name that has the media type. */
  readonly mediaTypeIn?: string;
}

const declarations = z.registry<Declaration>();

/**
 * The declaration of a schema. Undefined: no content, such as a number, a switch or one of a few
 * words.
 */
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
 * Declares the content of a field. Declare last: a further check makes another schema, which has no
 * declaration. Fields of `checkedByKind` have rules of their kind, or are never shown.
 */
export const seen = {
  plainText: <S extends z.ZodType>(schema: S) => declare(schema, { ...checked, type: 'plain-text' }),
  link: <S extends z.ZodType>(schema: S, schemes: readonly string[]) =>
    declare(schema, { ...checked, type: 'link', schemes }),
  /** @param mediaTypeIn the field beside it that has the media type of the file. */
  fileName: <S extends z.ZodType>(schema: S, mediaTypeIn: string) =>
    declare(schema, { ...checked, type: 'file-name', mediaTypeIn }),
  identifier: <S extends z.ZodType>(schema: S) => declare(schema, { ...checked, type: 'identifier' }),
  checkedByKind: <S extends z.ZodType>(type: ContentType, schema: S) => declare(schema, { ...known, type }),
  /** Any value of any depth. The kind checks it. */
  tree: <S extends z.ZodType>(type: ContentType, schema: S) =>
    declare(schema, { scope: 'tree', isChecked: false, type }),
};
