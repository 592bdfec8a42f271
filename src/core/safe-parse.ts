import type { z } from 'zod';
import { type Issue, issuesOf } from './issues.ts';

/** The data that a schema reads from an answer, or its issues. */
export type SafelyParsed<Data> =
  | { readonly success: true; readonly data: Data }
  | { readonly success: false; readonly data: undefined; readonly issues: readonly Issue[] };

/**
 * Reads any answer, and never throws. zod throws on some answers: its check of a length compares
 * the `length` of any value, and an object there cannot be compared.
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
