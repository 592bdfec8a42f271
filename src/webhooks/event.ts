import { uuidOf } from '../core/ids.ts';
import type { CALLBACK_EVENTS } from '../jobs/fields.ts';
import type { WebhookDelivery } from '../jobs/webhook-delivery.ts';
import type { Tenant } from '../tenants/tenant.ts';

/** How a job ended, in the words of callbacks. */
export type Ending = (typeof CALLBACK_EVENTS)[number];

/** The facts about an ended job that receivers get. The text of a message is never among them. */
export interface EndedJob {
  readonly jobId: string;
  /** First word of the event type, from the job's contract, such as `message`. */
  readonly noun: string;
  readonly ending: Ending;
  /** Last word of the event type, if the kind has its own word, such as `generated`. */
  readonly word?: string;
  readonly endedAt: Date;
  /** Ids, latency, attempts and error, in a flat object. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The callback that the job names. */
  readonly callback?: { readonly url: string; readonly events?: readonly Ending[] | undefined } | undefined;
}

/** A request to a receiver about an ended job. */
export interface Notice {
  /**
   * Id of the webhook job, made from the id of the ended job. So a second report of the same end is a
   * duplicate.
   */
  readonly jobId: string;
  readonly delivery: WebhookDelivery;
}

/**
 * Ids that may stand in a header. The ids of scheduled jobs contain the tenant's name and colons and
 * do not match.
 */
const FIT_FOR_HEADERS = /^[\w-]{1,80}$/;

/** The id of a notice, the same for every report of the same end. */
export function noticeIdOf(what: 'wh' | 'an', { jobId, ending }: Pick<EndedJob, 'jobId' | 'ending'>): string {
  return `${what}-${FIT_FOR_HEADERS.test(jobId) ? jobId : uuidOf(jobId)}-${ending}`;
}

/**
 * Makes the callback of an ended job: to the address of the job, else to that of the tenant. Returns
 * undefined if there is no address, or if the address did not choose this ending.
 */
export function callbackFor(tenant: Tenant, job: EndedJob): Notice | undefined {
  const endpoint = job.callback ?? tenant.callback;
  if (!endpoint?.url) return undefined;
  if (endpoint.events && !endpoint.events.includes(job.ending)) return undefined;
  const jobId = noticeIdOf('wh', job);
  return {
    jobId,
    delivery: {
      tenantId: tenant.id,
      purpose: 'callback',
      url: endpoint.url,
      messageId: jobId,
      event: {
        type: `${job.noun}.${job.word ?? job.ending}`,
        timestamp: job.endedAt.toISOString(),
        data: { tenantId: tenant.id, jobId: job.jobId, ...job.data },
      },
    },
  };
}
