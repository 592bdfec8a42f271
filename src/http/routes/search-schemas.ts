import { z } from 'zod';
import { COMPARED, FOUND_BY } from '../../queues/search.ts';
import { API_SCHEMAS } from '../openapi-schemas.ts';
import { filterFields, job } from './job-schemas.ts';

const cursor = z.string().nullable().describe('For the next page; null when there is none.');
const next = z.string().nullable().describe('The address of the next page.');
export const cursorParameter = z.string().max(1000).optional().describe('Of the page before.');

export const searchQuery = z.strictObject({
  tenant: filterFields.tenant,
  q: z
    .string()
    .min(1)
    .max(300)
    .describe(
      'The id of a job, a conversation or a guest, an idempotency key, a trace id or `traceparent`, or the id by which Genesys Cloud finds a request that failed.',
    ),
  cursor: cursorParameter,
});

export const searchPage = z
  .object({
    found: z.array(z.object({ by: z.enum(FOUND_BY).describe('What of the job `q` is.'), job })),
    forgotten: z
      .array(
        z.object({
          id: z.string(),
          kind: job.shape.kind,
          ending: z.string().describe('How it ended: `sent`, `failed`, `expired`, `cancelled` or `removed`.'),
        }),
      )
      .describe('Jobs that have ended and left Redis. The ledger still knows them.'),
    seen: z.int().describe('Jobs of the index whose guest, trace and correlation id this page compared.'),
    isPartial: z
      .boolean()
      .describe(
        `Older jobs are not compared yet. A page compares ${COMPARED} of them: guests, traces and correlation ids have no index.`,
      ),
    cursor,
    next,
  })
  .register(API_SCHEMAS, { id: 'SearchPage' });
