import { z } from 'zod';
import { tenantId } from './fields.ts';

/**
 * What a queue holds for one job: what the runtime needs to find its way, and the payload, which only the
 * job's own contract understands.
 */
export const envelope = z.strictObject({
  tenantId,
  payload: z.looseObject({}),
});

export type Envelope = z.output<typeof envelope>;
