import { z } from 'zod';
import { timestamp, webUrl } from '../../jobs/fields.ts';
import { API_SCHEMAS } from '../openapi-schemas.ts';
import * as samples from './samples.ts';

export const endpoint = z
  .object({
    endpointId: z.string(),
    tenantId: z.string(),
    url: z.string().describe('The address without its query.'),
    state: z.enum(['well', 'failing', 'paused', 'disabled']),
    disabledAt: z.string().nullable(),
    disabledFor: z.string().nullable(),
    failingSince: z.string().nullable(),
    failures: z.int().describe('Failures in a row.'),
    pausedUntil: z.string().nullable(),
    lastCalledAt: z.string().nullable(),
    lastDeliveredAt: z.string().nullable(),
    inHand: z.int().describe('Callbacks that are under way.'),
    waiting: z.int().describe('Callbacks in the wait queue.'),
  })
  .register(API_SCHEMAS, { id: 'Endpoint', description: 'A receiver of callbacks.' });

export const attempt = z
  .object({
    at: z.string(),
    outcome: z
      .string()
      .describe('Such as `delivered`, `refused` or `unreachable`; `replayed` by an operator.'),
    latencyMs: z.number().optional(),
    status: z.int().optional(),
    retryAfterMs: z.number().optional(),
    answer: z.string().optional().describe('The first characters of the answer.'),
  })
  .register(API_SCHEMAS, { id: 'CallbackAttempt' });

export const endpointList = z.object({ endpoints: z.array(endpoint) });

export const attemptList = z.object({
  attempts: z.array(attempt),
  jobId: z.string().nullable().describe('The job whose end the callback reports.'),
  links: z.object({ replay: z.string(), job: z.string().optional() }),
});

export const sampleAttemptLinks = {
  jobId: samples.acceptedJob.id,
  links: {
    replay: `/v1/webhooks/callbacks/wh-${samples.acceptedJob.id}-delivered/replay`,
    job: `/v1/jobs/${samples.acceptedJob.id}`,
  },
};

export const enabled = z.object({ endpointId: z.string(), outcome: z.enum(['enabled', 'was-enabled']) });

export const replayed = z.object({ replayed: z.int().describe('Callbacks that are sent again.') });

export const replayBody = z.strictObject({
  since: timestamp.describe('Callbacks enqueued at this time or later that were not delivered.'),
});

export const testBody = z.strictObject({
  tenantId: z.string().max(100).optional().describe('The tenant of the key by default.'),
  url: webUrl.describe('The address of the receiver.'),
});

export const sampleEndpoint: z.output<typeof endpoint> = {
  endpointId: 'ep_2b7e1516',
  tenantId: 'acme',
  url: 'https://crm.acme.example/webhooks/genesys',
  state: 'disabled',
  disabledAt: '2026-03-01T09:30:00.000Z',
  disabledFor: 'gone',
  failingSince: '2026-03-01T09:30:00.000Z',
  failures: 1,
  pausedUntil: null,
  lastCalledAt: '2026-03-01T09:30:00.000Z',
  lastDeliveredAt: '2026-03-01T09:29:00.000Z',
  inHand: 0,
  waiting: 4,
};

export const sampleAttempt = {
  at: '2026-03-01T09:30:00.000Z',
  outcome: 'delivered',
  latencyMs: 120,
  status: 200,
};
