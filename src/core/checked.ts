import { z } from 'zod';
import { type Fault, faultsOf, pathTo } from './faults.ts';

export type Checked<Data> =
  | { readonly ok: true; readonly data: Data }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * Checks anything at all by a schema, and never throws: what a schema stumbles over is a fault of the field where it
 * happened. Our schemas do not throw on JSON; this is for what nobody foresaw, and for objects that are no JSON.
 */
export function checked<Schema extends z.ZodType>(schema: Schema, input: unknown): Checked<z.output<Schema>> {
  try {
    const parsed = schema.safeParse(input, { reportInput: true });
    return parsed.success ? { ok: true, data: parsed.data } : { ok: false, faults: faultsOf(parsed.error) };
  } catch {
    return { ok: false, faults: [{ path: stumble(schema, input, ''), message: UNREADABLE }] };
  }
}

/** What a check by other means than a schema says; a fault of the input where it throws. */
export function faultsFrom(check: () => readonly Fault[]): readonly Fault[] {
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
