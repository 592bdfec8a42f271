import type { Job } from 'bullmq';
import { envelope } from '../jobs/envelope.ts';
import type { WebhookDelivery } from '../jobs/webhook-delivery.ts';

/** The tenant and the address of a callback. Undefined for other jobs, and for unreadable data. */
export function deliveryOf(job: Job | undefined): Pick<WebhookDelivery, 'tenantId' | 'url'> | undefined {
  const opened = envelope.safeParse(job?.data);
  const url = opened.data?.payload['url'];
  if (!opened.success || typeof url !== 'string' || !URL.canParse(url)) return undefined;
  return { tenantId: opened.data.tenantId, url };
}
