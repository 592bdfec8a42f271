import { uuidOf } from '../core/ids.ts';
import type { CALLBACK_EVENTS } from '../jobs/fields.ts';
import type { WebhookDelivery } from '../jobs/webhook-delivery.ts';
import type { Tenant } from '../tenants/tenant.ts';

/** How a job ended, as receivers are told. */
export type Ending = (typeof CALLBACK_EVENTS)[number];

/** What there is to tell about the end of a job. Never the text of a message. */
export interface EndedJob {
  readonly jobId: string;
  /** First word of the event, from the job's contract: `message`. */
  readonly noun: string;
  readonly ending: Ending;
  /** Last word of the event, where the kind has one of its own for this ending: `generated`. */
  readonly word?: string;
  readonly endedAt: Date;
  /** Ids, latency, attempts, error: flat, small. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The callback the job brought along. */
  readonly callback?: { readonly url: string; readonly events?: readonly Ending[] | undefined } | undefined;
}

/** A request that the end of a job calls for. */
export interface Notice {
  /** Id of the webhook job: made of the job's, so that a crash can neither lose nor double it. */
  readonly jobId: string;
  readonly delivery: WebhookDelivery;
}

/** Ids of jobs that come by the clock have the name of their tenant in them, and colons: not so those of headers. */
const FIT_FOR_HEADERS = /^[\w-]{1,80}$/;

/** The same for every report of the same end. */
export function noticeIdOf(what: 'wh' | 'an', { jobId, ending }: Pick<EndedJob, 'jobId' | 'ending'>): string {
  return `${what}-${FIT_FOR_HEADERS.test(jobId) ? jobId : uuidOf(jobId)}-${ending}`;
}

/** The callback that a job's end calls for: its own, else its tenant's; undefined when nobody is to be told. */
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
