import type { Job } from 'bullmq';
import { isRecord } from '../core/json.ts';
import { envelope } from '../jobs/envelope.ts';
import type { WebhookDelivery } from '../jobs/webhook-delivery.ts';

/** What a callback is about. */
export interface DeliveryFacts extends Pick<WebhookDelivery, 'tenantId' | 'url'> {
  /** The job whose end it reports; null for other requests to receivers. */
  readonly reportsOn: string | null;
}

/** The tenant and the address of a callback. Undefined for other jobs, and for unreadable data. */
export function deliveryOf(job: Job | undefined): DeliveryFacts | undefined {
  const opened = envelope.safeParse(job?.data);
  const url = opened.data?.payload['url'];
  if (!opened.success || typeof url !== 'string' || !URL.canParse(url)) return undefined;
  return { tenantId: opened.data.tenantId, url, reportsOn: jobIn(opened.data.payload) };
}

function jobIn({ event }: Readonly<Record<string, unknown>>): string | null {
  const data = isRecord(event) ? event['data'] : undefined;
  const jobId = isRecord(data) ? data['jobId'] : undefined;
  return typeof jobId === 'string' ? jobId : null;
}
