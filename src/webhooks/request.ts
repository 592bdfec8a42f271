import { CodedError } from '../core/errors.ts';
import { stringifyExact } from '../core/exact-json.ts';
import { traceOf } from '../core/trace.ts';
import type { WebhookDelivery } from '../jobs/webhook-delivery.ts';
import type { Delivery } from './deliver.ts';

/**
 * Makes the request of a webhook job. A callback is always signed. Analytics events and posts to a
 * CMS are sent unsigned if the tenant has no secret.
 *
 * @param secrets of the tenant.
 * @throws {CodedError} WEBHOOK_SECRET_MISSING
 */
export function requestOf(job: WebhookDelivery, secrets: readonly string[]): Delivery {
  const { url, messageId, tenantId } = job;
  if (job.purpose === 'analytics') {
    const headers = job.source === undefined ? {} : { 'x-source': job.source };
    return { url, messageId, body: JSON.stringify(job.record), headers, secrets };
  }
  if (job.purpose === 'cms') return { url, messageId, body: JSON.stringify(job.record), secrets };
  if (secrets.length === 0) {
    throw new CodedError('WEBHOOK_SECRET_MISSING', `tenant ${tenantId} has no callback.secret`);
  }
  const { traceparent, tracestate, event } = job;
  const headers = { ...traceOf(traceparent, tracestate) };
  return { url, messageId, body: stringifyExact(event), headers, secrets };
}
