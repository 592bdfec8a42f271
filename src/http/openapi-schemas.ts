import { z } from 'zod';

/** Schemas with a name of their own in the API document. */
export const API_SCHEMAS = z.registry<{ id?: string; description?: string }>();
