import { z } from 'zod';
import { tenantId } from './fields.ts';

/**
 * What a queue holds for one job: what the runtime needs to find its way, and the payload, which only the
 * job's own contract understands.
 */
export const envelope = z.strictObject({
  tenantId,
  payload: z.looseObject({}),
  /** What a job of several steps has written down, for whichever worker goes on with it. */
  saved: z
    .looseObject({
      /** It has begun what it brings to its end, however old it is. */
      begun: z.boolean().optional(),
      /** Somebody wants it to begin nothing more. */
      cancelled: z.boolean().optional(),
    })
    .optional(),
});

export type Envelope = z.output<typeof envelope>;

/** What a job of several steps writes down. */
export type Saved = NonNullable<Envelope['saved']>;
