import { type EndedJob, requestMsOf, resultOf } from '../jobs/ended-job.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { type Notice, noticeIdOf } from './event.ts';

/** The form of an event that the analytics receiver expects. */
interface Form {
  /** Value of the header `X-Source`. Without it the header is not sent. */
  readonly source?: string;
  record(job: EndedJob): AnalyticsRecord;
}

type AnalyticsRecord = Record<string, string | number | null>;

/** The forms of events, by the noun of the job. */
const FORMS: Readonly<Record<string, Form>> = {
  /** docs/guides.md#message-analytics */
  message: {
    source: 'genesys-transmitter',
    record: (job) => ({
      event_type: 'message_transmission',
      guest_id: job.ids.guestId ?? null,
      conversation_id: job.ids.conversationId ?? null,
      status: isDelivered(job) ? 'success' : 'failed',
      latency_ms: requestMsOf(job) ?? 0,
      timestamp: timeOf(job),
      error: errorOf(job),
    }),
  },
  /** docs/guides.md#card-analytics */
  card: {
    record: (job) => {
      const timestamp = timeOf(job);
      const conversationId = job.ids.conversationId ?? null;
      const templateId = job.ids.templateId ?? null;
      if (!isDelivered(job)) {
        const error = errorOf(job);
        return {
          event: 'card_render_failure',
          conversationId,
          templateId,
          error,
          timestamp,
          status: 'failed',
        };
      }
      return {
        event: 'card_render_success',
        conversationId,
        messageId: textIn(job, 'messageId'),
        templateId,
        latency_ms: requestMsOf(job) ?? 0,
        timestamp,
        status: 'delivered',
      };
    },
  },
};

/**
 * Makes the analytics event of an ended job. Returns undefined if the tenant has no analytics
 * receiver, or the kind has no form.
 */
export function analyticsFor(tenant: Tenant, job: EndedJob): Notice | undefined {
  const form = formOf(job);
  if (!tenant.analytics || !form) return undefined;
  const jobId = noticeIdOf('an', job);
  return {
    jobId,
    delivery: {
      tenantId: tenant.id,
      purpose: 'analytics',
      url: tenant.analytics.url,
      messageId: jobId,
      ...(form.source && { source: form.source }),
      record: form.record(job),
    },
  };
}

function formOf({ noun }: EndedJob): Form | undefined {
  return noun !== null && Object.hasOwn(FORMS, noun) ? FORMS[noun] : undefined;
}

function isDelivered({ ending }: EndedJob): boolean {
  return ending === 'delivered';
}

function timeOf({ endedAtMs }: EndedJob): string {
  return new Date(endedAtMs).toISOString();
}

/** A text of the result. */
function textIn(job: EndedJob, name: string): string | null {
  const value = resultOf(job)[name];
  return typeof value === 'string' ? value : null;
}

/** Code and sentence of the error. Neither contains the text of a message. */
function errorOf({ outcome }: EndedJob): string | null {
  return outcome.kind === 'reject' ? `${outcome.error.code}: ${outcome.error.message}` : null;
}
