import { done, reject } from '../../../src/core/outcome.ts';
import { type EndedJob, endedJobOf, type FactSources } from '../../../src/jobs/ended-job.ts';

/** When the jobs of these tests end, and when their producer handed them over, ms since the epoch. */
export const ENDED_AT_MS = Date.parse('2026-01-01T00:00:00.500Z');
const ACCEPTED_AT_MS = ENDED_AT_MS - 340;

export const MESSAGE = {
  kind: 'message-transmission',
  jobId: 'kabc',
  envelope: {
    tenantId: 'acme',
    payload: { guestId: 'guest-abc-123', conversationId: 'conv-def-456', body: { content: 'Hello Ana' } },
  },
  attempts: 2,
  acceptedAtMs: ACCEPTED_AT_MS,
} as const satisfies FactSources;

export const CARD = {
  ...MESSAGE,
  kind: 'card-delivery',
  envelope: {
    tenantId: 'acme',
    payload: { conversationId: 'conv-def-456', template: { id: 'order-v2', title: 'Hello Ana' } },
  },
} as const satisfies FactSources;

export const EMBED = {
  ...MESSAGE,
  kind: 'embed-generation',
  envelope: { tenantId: 'acme', payload: { widgetId: 'w-1' } },
} as const satisfies FactSources;

/** A job that was delivered with this result. */
export function deliveredOf(sources: FactSources, result: Parameters<typeof done>[0] = {}): EndedJob {
  return endedJobOf(sources, done(result), ENDED_AT_MS);
}

/** A job that ended with this error. */
export function rejectedOf(sources: FactSources, error: Parameters<typeof reject>[0]): EndedJob {
  return endedJobOf(sources, reject(error), ENDED_AT_MS);
}
