import { z } from 'zod';

/** The inner schema: without the wrappers for optional values, defaults and conversions. */
export function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodPipe) return unwrapped(schema.def.out as z.ZodType);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodCatch ||
    schema instanceof z.ZodReadonly
  ) {
    return unwrapped(schema.def.innerType as z.ZodType);
  }
  return schema;
}

/** The schemas that a step into a value may lead to: several for a union. */
export function schemasAt(schema: z.ZodType, step: PropertyKey): z.ZodType[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodUnion) return optionsOf(inner).flatMap((option) => schemasAt(option, step));
  if (inner instanceof z.ZodArray) return [inner.element as z.ZodType];
  if (inner instanceof z.ZodRecord) return [inner.valueType as z.ZodType];
  if (!(inner instanceof z.ZodObject) || !Object.hasOwn(inner.shape, step)) return [];
  return [(inner.shape as Readonly<Record<PropertyKey, z.ZodType>>)[step]].filter(
    (held) => held !== undefined,
  );
}

/** Also those of a discriminated union. */
export function optionsOf(union: z.ZodUnion): z.ZodType[] {
  return [...union.options] as z.ZodType[];
}
