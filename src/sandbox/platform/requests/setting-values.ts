import { z } from 'zod';

const MAX_WAIT_MS = 24 * 60 * 60 * 1000;

/** A time in milliseconds, from 0 to a day. */
export const waitMs = z.int().min(0).max(MAX_WAIT_MS);

/** A number that bounds something. Null: no bound. */
export const bound = z.int().min(0).nullable();
