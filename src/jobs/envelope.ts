import { z } from 'zod';
import { tenantId } from './fields.ts';

/**
 * The data of one job in a queue: the fields that the runtime needs, and the payload, which only
 * the contract of the job understands.
 */
export const envelope = z.strictObject({
  tenantId,
  payload: z.looseObject({}),
  /** The notes of a job of several steps, for the worker that continues it. */
  saved: z
    .looseObject({
      /** It has begun, and finishes at any age. */
      begun: z.boolean().optional(),
      /** Its next run asks Genesys Cloud whether the last request was carried out, before it sends. */
      asksFirst: z.boolean().optional(),
      /** An operator or a producer has cancelled it: it begins no further step. */
      cancelled: z.boolean().optional(),
    })
    .optional(),
});

export type Envelope = z.output<typeof envelope>;

/** The notes of a job of several steps. */
export type Saved = NonNullable<Envelope['saved']>;
