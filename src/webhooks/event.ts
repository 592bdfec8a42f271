import { errorFields } from '../core/errors.ts';
import { uuidOf } from '../core/ids.ts';
import { type EndedJob, type IdName, idsOf, latencyMsOf, resultOf } from '../jobs/ended-job.ts';
import type { WebhookDelivery } from '../jobs/webhook-delivery.ts';
import type { Tenant } from '../tenants/tenant.ts';

/** A request to a receiver about an ended job. */
export interface Notice {
  /**
   * Id of the webhook job, made from the id of the ended job. So a second report of the same end is
   * a duplicate.
   */
  readonly jobId: string;
  readonly delivery: WebhookDelivery;
}

/**
 * Ids that may stand in a header. The ids of scheduled jobs contain the tenant's name and colons
 * and do not match.
 */
const FIT_FOR_HEADERS = /^[\w-]{1,80}$/;

/** The id of a notice, the same for every report of the same end. */
export function noticeIdOf(what: 'wh' | 'an', { jobId, ending }: Pick<EndedJob, 'jobId' | 'ending'>): string {
  return `${what}-${FIT_FOR_HEADERS.test(jobId) ? jobId : uuidOf(jobId)}-${ending}`;
}

/**
 * Makes the callback of an ended job: to the address of the job, else to that of the tenant.
 * Returns undefined if no event reports the job, if there is no address, or if the address did not
 * choose this ending.
 */
export function callbackFor(tenant: Tenant, job: EndedJob): Notice | undefined {
  const endpoint = job.callback ?? tenant.callback;
  if (job.noun === null || !endpoint?.url) return undefined;
  if (endpoint.events && !endpoint.events.includes(job.ending)) return undefined;
  const jobId = noticeIdOf('wh', job);
  return {
    jobId,
    delivery: {
      tenantId: tenant.id,
      purpose: 'callback',
      url: endpoint.url,
      messageId: jobId,
      ...job.trace,
      event: {
        type: `${job.noun}.${job.status}`,
        timestamp: new Date(job.endedAtMs).toISOString(),
        data: { tenantId: tenant.id, ...dataOf(job) },
      },
    },
  };
}

const IDS: readonly IdName[] = ['conversationId', 'guestId', 'widgetId', 'idempotencyKey', 'templateId'];

/**
 * A flat object. A field of the result replaces an id of the same name, except the conversation: a
 * receiver knows it by the id of the job, and the route `open` has another one at Genesys Cloud.
 */
function dataOf(job: EndedJob): Record<string, unknown> {
  const { outcome, mayBeRepetition, correlationId } = job;
  const { conversationId: genesysConversationId, ...result } = resultOf(job);
  return {
    jobId: job.jobId,
    ...idsOf(job, IDS),
    status: job.status,
    sequence: job.sequence,
    attempts: job.attempts,
    latencyMs: latencyMsOf(job),
    ...result,
    ...(genesysConversationId !== undefined && { genesysConversationId }),
    ...(outcome.kind === 'reject' && { error: errorFields(outcome.error) }),
    ...(correlationId !== undefined && { correlationId }),
    ...(mayBeRepetition && { mayBeRepetition }),
  };
}
