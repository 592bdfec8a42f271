import { z } from 'zod';
import { API_SCHEMAS } from '../openapi-schemas.ts';

/** Schemas of answers that several routes share. */

export const links = z
  .object({
    self: z.string(),
    events: z.string(),
    cancel: z.string().describe('DELETE cancels the job.'),
    retry: z.string().describe('POST sends a dead letter again.'),
  })
  .register(API_SCHEMAS, { id: 'JobLinks' });

/** A callback, and a job that is damaged, cannot be cancelled. */
export const linksOfAny = z
  .object({ ...links.shape, cancel: links.shape.cancel.optional() })
  .register(API_SCHEMAS, { id: 'AnyJobLinks' });

export const accepted = z
  .object({
    id: z.string().describe('Id of the job; of the first one when a text was split.'),
    ids: z.array(z.string()).describe('All ids: several when a text was split.'),
    status: z.literal('accepted'),
    links,
  })
  .register(API_SCHEMAS, { id: 'AcceptedJob' });
