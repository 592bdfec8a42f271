import { z } from 'zod';

/**
 * Texts and lists of a bounded length. The `min` and `max` of zod itself run on everything that has
 * a `length`, also on an object of the wrong type: `{"length": {"toString": 0, "valueOf": 0}}` then
 * throws where the length is compared. These check the type first. A test keeps the others out of
 * the schemas that read what comes from outside.
 */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
  /** Instead of the message of zod. */
  readonly error?: z.core.$ZodErrorMap<never> | undefined;
}

/** A text of at least `min` and at most `max` characters. */
export function textOf(bounds: Bounds): z.ZodString {
  return z.string().check(...checksOf(bounds, ({ value }) => typeof value === 'string'));
}

/** A list of at least `min` and at most `max` items. */
export function listOf<Item extends z.ZodType>(item: Item, bounds: Bounds): z.ZodArray<Item> {
  return z.array(item).check(...checksOf(bounds, ({ value }) => Array.isArray(value)));
}

type When = (payload: z.core.ParsePayload) => boolean;

function checksOf({ min, max, error }: Bounds, when: When): z.core.$ZodCheck<z.core.util.HasLength>[] {
  const shared = { when, ...(error && { error }) };
  return [
    ...(min === undefined ? [] : [least(min, shared)]),
    ...(max === undefined ? [] : [most(max, shared)]),
  ];
}

type Shared = Pick<z.core.$ZodCheckDef, 'when' | 'error'>;

function least(minimum: number, shared: Shared): z.core.$ZodCheckMinLength<z.core.util.HasLength> {
  return new z.core.$ZodCheckMinLength({ check: 'min_length', minimum, ...shared });
}

function most(maximum: number, shared: Shared): z.core.$ZodCheckMaxLength<z.core.util.HasLength> {
  return new z.core.$ZodCheckMaxLength({ check: 'max_length', maximum, ...shared });
}
