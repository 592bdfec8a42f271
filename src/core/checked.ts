import { z } from 'zod';
import { type Issue, issuesOf, pathTo } from './issues.ts';

/** The data that a schema reads from a value, or the issues of the value. */
export type Checked<Data> =
  | { readonly ok: true; readonly data: Data }
  | { readonly ok: false; readonly data?: undefined; readonly issues: readonly Issue[] };

/**
 * Checks the input of a producer or the answer of a server by a schema, and never throws. An error
 * of the schema becomes an issue of the field where it happened. zod throws where it compares the
 * `length` of an object that cannot be compared. A getter of an object that is no JSON may throw.
 */
export function checked<Schema extends z.ZodType>(schema: Schema, input: unknown): Checked<z.output<Schema>> {
  try {
    const parsed = schema.safeParse(input, { reportInput: true });
    return parsed.success ? { ok: true, data: parsed.data } : { ok: false, issues: issuesOf(parsed.error) };
  } catch {
    return { ok: false, issues: [{ path: throwingPath(schema, input, ''), message: UNREADABLE }] };
  }
}

/** The issues of a check that is no schema. An error of it becomes an issue of the input. */
export function issuesFrom(check: () => readonly Issue[]): readonly Issue[] {
  try {
    return check();
  } catch {
    return [{ path: '', message: UNREADABLE }];
  }
}

const UNREADABLE = 'expected values of JSON that can be read, got one that broke the check';

/** The path of the first field whose own schema throws; that of the whole where no field does. */
function throwingPath(schema: z.ZodType, input: unknown, path: string): string {
  if (!(schema instanceof z.ZodObject)) return path;
  for (const [name, field] of Object.entries<z.ZodType>(schema.shape)) {
    let held: unknown;
    try {
      held = (input as Readonly<Record<string, unknown>>)[name];
      field.safeParse(held);
    } catch {
      return throwingPath(field, held, pathTo(path, name));
    }
  }
  return path;
}
