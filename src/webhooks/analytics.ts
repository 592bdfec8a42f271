import type { Tenant } from '../tenants/tenant.ts';
import { type EndedJob, type Notice, noticeIdOf } from './event.ts';

/** An event as the analytics receiver expects it. */
interface Form {
  /** `X-Source`, where the event has one. */
  readonly source?: string;
  record(job: EndedJob): AnalyticsRecord;
}

type AnalyticsRecord = Record<string, string | number | null>;

/** What is posted to the analytics receiver, by the first word of the job's event. */
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
 * The analytics event that a job's end calls for; undefined where the tenant has no analytics, or
 * the kind none.
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
 * How long Genesys Cloud took to answer, ms; 0 for a failure (docs/guides.md#message-analytics).
 */
function latencyOf({ data }: EndedJob): number {
  return typeof data['requestMs'] === 'number' ? data['requestMs'] : 0;
}

/** Code and sentence, which name no text of a message. */
function errorOf({ data }: EndedJob): string | null {
  const { code, message } = (data['error'] ?? {}) as { code?: string; message?: string };
  return code === undefined ? null : `${code}: ${message}`;
}
