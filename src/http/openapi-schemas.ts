import { z } from 'zod';

/**
 * Schemas with a name of their own in the API document. It is the registry of zod, which also has the
 * descriptions of all other schemas.
 */
export const API_SCHEMAS = z.globalRegistry;
