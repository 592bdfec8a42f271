import { z } from 'zod';
import { API_SCHEMAS } from '../openapi-schemas.ts';
import { filterFields, job, waiting } from './job-schemas.ts';
import { cursorParameter } from './search-schemas.ts';

/** Jobs that a page looks at. Each that waits costs a script. */
export const MAX_CONVERSATION_PAGE = 200;

export const conversationParams = z.object({
  id: z
    .string()
    .min(1)
    .max(300)
    .describe('The conversation, or another subject whose jobs keep their order.'),
});

export const conversationQuery = z.strictObject({
  tenant: filterFields.tenant,
  order: z.enum(['oldest', 'newest']).default('oldest').describe('By sequence number.'),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, `expected a number from 1 to ${MAX_CONVERSATION_PAGE}`)
    .refine(
      (text) => Number(text) <= MAX_CONVERSATION_PAGE,
      `expected a number from 1 to ${MAX_CONVERSATION_PAGE}`,
    )
    .optional()
    .describe('Jobs that the page looks at; 50 by default.'),
  cursor: cursorParameter,
});

export const conversationJob = z
  .object({
    sequence: z.int().describe('Its place in the conversation, from 1.'),
    ...job.shape,
    waiting,
  })
  .register(API_SCHEMAS, { id: 'ConversationJob' });

export const conversationPage = z
  .object({
    id: z.string(),
    tenantId: z.string(),
    jobs: z
      .array(conversationJob)
      .describe('In the order of the conversation. Jobs that Redis no longer has are missing.'),
    jobsWaiting: z.int().describe('Jobs of the conversation that have not ended, on all pages.'),
    cursor: z.string().nullable().describe('For the next page; null when there is none.'),
    next: z.string().nullable().describe('The address of the next page.'),
  })
  .register(API_SCHEMAS, { id: 'Conversation' });
