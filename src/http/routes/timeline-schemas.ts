import { z } from 'zod';
import { TIMELINE_EVENTS } from '../../queues/timeline-events.ts';
import { API_SCHEMAS } from '../openapi-schemas.ts';
import { job, waiting } from './job-schemas.ts';

const timelineEvent = z
  .object({
    at: z.string(),
    event: z.enum(TIMELINE_EVENTS).describe('One word for programs.'),
    sentence: z.string().describe('The same for people.'),
    until: z.string().optional().describe('When it was over, or until when the job was put off.'),
    reason: z
      .string()
      .optional()
      .describe('Why the job waited, or why a receiver did not take the callback.'),
    code: z.string().optional().describe('The code of the error.'),
    status: z.int().optional().describe('HTTP status of the answer.'),
    number: z.int().optional().describe('Number of the attempt, from 1.'),
    times: z.int().optional().describe('How often it happened in a row, when more than once.'),
    lastAt: z.string().optional().describe('The last time of these.'),
    behind: z.object({ sequence: z.number(), jobId: z.string() }).optional(),
    callbackId: z.string().optional(),
  })
  .register(API_SCHEMAS, { id: 'TimelineEvent' });

export const timeline = z
  .object({
    id: z.string(),
    kind: job.shape.kind,
    tenantId: job.shape.tenantId,
    events: z
      .array(timelineEvent)
      .describe('By time. Redis keeps the last 20 attempts, and the last 20 of the other events.'),
    waiting,
  })
  .register(API_SCHEMAS, { id: 'Timeline', description: 'What happened to a job, and why it waits now.' });
