import { z } from 'zod';
import { type Issue, issuesOf, pathTo } from './issues.ts';

export type Checked<Data> =
  | { readonly ok: true; readonly data: Data }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/**
 * Checks anything at all by a schema, and never throws: what a schema stumbles over is an issue of the field where it
 * happened. Our schemas do not throw on JSON; this is for what nobody foresaw, and for objects that are no JSON.
 */
export function checked<Schema extends z.ZodType>(schema: Schema, input: unknown): Checked<z.output<Schema>> {
  try {
    const parsed = schema.safeParse(input, { reportInput: true });
    return parsed.success ? { ok: true, data: parsed.data } : { ok: false, issues: issuesOf(parsed.error) };
  } catch {
    return { ok: false, issues: [{ path: stumble(schema, input, ''), message: UNREADABLE }] };
  }
}

/** What a check by other means than a schema says; an issue of the input where it throws. */
export function issuesFrom(check: () => readonly Issue[]): readonly Issue[] {
  try {
    return check();
  } catch {
    return [{ path: '', message: UNREADABLE }];
  }
}

const UNREADABLE = 'expected values of JSON that can be read, got one that broke the check';

/** The path of the first field that its own schema throws on; that of the whole where no field does. */
function stumble(schema: z.ZodType, input: unknown, path: string): string {
  if (!(schema instanceof z.ZodObject)) return path;
  for (const [name, field] of Object.entries<z.ZodType>(schema.shape)) {
    let held: unknown;
    try {
      held = (input as Readonly<Record<string, unknown>>)[name];
      field.safeParse(held);
    } catch {
      return stumble(field, held, pathTo(path, name));
    }
  }
  return path;
}
