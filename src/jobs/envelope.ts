import { z } from 'zod';
import { tenantId } from './fields.ts';

/**
 * What a queue holds for one job: what the runtime needs to find its way, and the payload, which only the
 * job's own contract understands.
 */
export const envelope = z.strictObject({
  tenantId,
  /** Ticket in the job's lane, from 1: the order in which jobs of a conversation were accepted. */
  sequence: z.number().int().positive(),
  payload: z.looseObject({}),
});

export type Envelope = z.output<typeof envelope>;
