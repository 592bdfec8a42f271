import type { z } from 'zod';
import { type Issue, issuesOf } from './issues.ts';

/** What a schema makes of an answer, or what is wrong with it. */
export type SafelyParsed<Data> =
  | { readonly success: true; readonly data: Data }
  | { readonly success: false; readonly data: undefined; readonly issues: readonly Issue[] };

/**
 * Reads an answer that may be anything, and never throws. zod does, at some of it: its check of a length compares the
 * `length` of whatever came, and that may be an object which cannot be compared.
 */
export function safeParse<Schema extends z.ZodType>(
  schema: Schema,
  answer: unknown,
): SafelyParsed<z.output<Schema>> {
  try {
    const parsed = schema.safeParse(answer, { reportInput: true });
    if (parsed.success) return { success: true, data: parsed.data };
    return { success: false, data: undefined, issues: issuesOf(parsed.error) };
  } catch {
    const issues = [{ path: '', message: 'a field has another type than expected' }];
    return { success: false, data: undefined, issues };
  }
}
