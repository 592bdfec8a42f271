import { z } from 'zod';

/** A color: `#` and 3 or 6 hexadecimal digits (docs/guides.md#configuration-fields). */
export const hexColorSchema = z
  .string()
  .refine((text) => /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(text), 'a color: # and 3 or 6 hexadecimal digits');
