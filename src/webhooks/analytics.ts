import type { Tenant } from '../tenants/tenant.ts';
import { type EndedJob, type Notice, noticeIdOf } from './event.ts';

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
      guest_id: textIn(job, 'guestId'),
      conversation_id: textIn(job, 'conversationId'),
      status: isDelivered(job) ? 'success' : 'failed',
      latency_ms: latencyOf(job),
      timestamp: job.endedAt.toISOString(),
      error: errorOf(job),
    }),
  },
  /** docs/guides.md#card-analytics */
  card: {
    record: (job) => {
      const timestamp = job.endedAt.toISOString();
      const conversationId = textIn(job, 'conversationId');
      const templateId = textIn(job, 'templateId');
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
        latency_ms: latencyOf(job),
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
  const form = Object.hasOwn(FORMS, job.noun) ? FORMS[job.noun] : undefined;
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

function isDelivered({ ending }: EndedJob): boolean {
  return ending === 'delivered';
}

function textIn({ data }: EndedJob, name: string): string | null {
  const value = data[name];
  return typeof value === 'string' ? value : null;
}

/**
 * The time that Genesys Cloud took to answer, ms; 0 for a failure
 * (docs/guides.md#message-analytics).
 */
function latencyOf({ data }: EndedJob): number {
  return typeof data['requestMs'] === 'number' ? data['requestMs'] : 0;
}

/** Code and sentence of the error. Neither contains the text of a message. */
function errorOf({ data }: EndedJob): string | null {
  const { code, message } = (data['error'] ?? {}) as { code?: string; message?: string };
  return code === undefined ? null : `${code}: ${message}`;
}
