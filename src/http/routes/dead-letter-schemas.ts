import { z } from 'zod';
import { MAX_SEEN } from '../../queues/dead-letters.ts';
import { API_SCHEMAS } from '../openapi-schemas.ts';
import { filterFields } from './job-schemas.ts';
import { cursorParameter } from './search-schemas.ts';

const { tenant, kind, from, to } = filterFields;

export const deadLettersQuery = z.strictObject({ tenant, kind, from, to, cursor: cursorParameter });

export const deadLetterGroup = z
  .object({
    code: z
      .string()
      .nullable()
      .describe('Null for a reason of another program, or one that cannot be opened.'),
    title: z.string(),
    hint: z.string().describe('What to do, from the table of errors.'),
    count: z.int(),
    oldestAt: z.string().describe('When the first of them became a dead letter.'),
    newestAt: z.string().describe('When the last of them became a dead letter.'),
    links: z.object({
      jobs: z.string().optional().describe('These dead letters, page by page.'),
      error: z.string().optional().describe('The page about the code.'),
    }),
  })
  .register(API_SCHEMAS, { id: 'DeadLetterGroup' });

export const deadLetterPage = z
  .object({
    tenantId: z.string(),
    groups: z.array(deadLetterGroup).describe('The largest group first.'),
    seen: z.int().describe('Jobs of the index that this page looked at.'),
    isPartial: z
      .boolean()
      .describe(
        `More jobs follow: a page looks at ${MAX_SEEN} of them. The groups of the next page add to these.`,
      ),
    cursor: z.string().nullable().describe('For the next page; null when there is none.'),
    next: z.string().nullable().describe('The address of the next page.'),
  })
  .register(API_SCHEMAS, { id: 'DeadLetterPage' });
