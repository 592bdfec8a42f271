import { z } from 'zod';
import { seen } from '../content/fields/declarations.ts';
import { trace } from './conditions.ts';
import { defineJob } from './define.ts';
import { tenantId, timestamp, webUrl } from './fields.ts';

const shared = {
  ...trace,
  tenantId,
  url: webUrl,
  /** `webhook-id` of every attempt: the receiver recognizes a repetition by it. */
  messageId: seen.checkedByKind('identifier', z.string().regex(/^[\w-]{1,100}$/)),
};

const schema = z.discriminatedUnion('purpose', [
  /** The outcome of a job, for the receiver of the tenant: signed, retried. */
  z.strictObject({
    ...shared,
    purpose: z.literal('callback'),
    /** The body: thin on purpose, ids and outcome, never the text of a message. */
    event: z.strictObject({
      type: seen.checkedByKind('identifier', z.string().regex(/^[a-zA-Z0-9_]+(\.[a-zA-Z0-9_]+)*$/)),
      timestamp,
      data: seen.tree('plain-text', z.record(z.string(), z.unknown())),
    }),
  }),
  /**
   * An embed code for a CMS (docs/guides.md#post-to-a-cms): retried, signed where the tenant has a
   * secret.
   */
  z.strictObject({
    ...shared,
    purpose: z.literal('cms'),
    /** The body. */
    record: seen.tree(
      'rich-text',
      z.strictObject({ widget_id: z.string(), embed_code: z.string(), generated_at: timestamp }),
    ),
  }),
  /**
   * An analytics event (docs/guides.md#message-analytics): one attempt, signed where the tenant has
   * a secret.
   */
  z.strictObject({
    ...shared,
    purpose: z.literal('analytics'),
    /** `X-Source` of the request. */
    source: seen.checkedByKind('identifier', z.string().regex(/^[\w-]{1,100}$/)).optional(),
    /** The body: flat. */
    record: seen.tree('plain-text', z.record(z.string(), z.union([z.string(), z.number(), z.null()]))),
  }),
]);

/** One request to a tenant's receiver. Enqueued by the runtime, not by producers. */
export const webhookDelivery = defineJob({
  kind: 'webhook-delivery',
  schema,
  eventOf: () => null,
  bucket: null,
  kindCode: null,
});

export type WebhookDelivery = z.output<typeof schema>;
