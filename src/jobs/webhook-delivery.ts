import { z } from 'zod';
import { defineJob } from './define.ts';
import { tenantId, timestamp, webUrl } from './fields.ts';

const schema = z.strictObject({
  tenantId,
  url: webUrl,
  /** `webhook-id` of every attempt: the receiver recognizes a repetition by it. */
  messageId: z.string().regex(/^[\w-]{1,100}$/),
  /** The body: thin on purpose, ids and outcome, never the text of a message. */
  event: z.strictObject({
    type: z.string().regex(/^[a-zA-Z0-9_]+(\.[a-zA-Z0-9_]+)*$/),
    timestamp,
    data: z.record(z.string(), z.unknown()),
  }),
});

/** One signed callback to a tenant's receiver. Enqueued by the runtime, not by producers. */
export const webhookDelivery = defineJob({
  kind: 'webhook-delivery',
  schema,
  event: null,
  bucket: null,
  letter: null,
});

export type WebhookDelivery = z.output<typeof schema>;
