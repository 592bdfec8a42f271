import { z } from 'zod';

const text = z.string().nullish();

/** Documented: longer than 15 characters. */
const secret = z.string().min(16);

const common = {
  id: text,
  name: z.string().min(1),
  supportedContent: z
    .strictObject({ id: z.string(), name: text, selfUri: text, mediaTypes: z.unknown().optional() })
    .nullish(),
  messagingSetting: z.strictObject({ id: z.string() }).nullish(),
  webhookHeaders: z.record(z.string(), z.string()).nullish(),
  selfUri: text,
};

/** A new integration of Open Messaging (`OpenIntegrationRequest`). */
export const integrationSchema = z.strictObject({
  ...common,
  outboundNotificationWebhookUrl: z.url(),
  outboundNotificationWebhookSignatureSecretToken: secret,
});

/** A change of one (`OpenIntegrationUpdateRequest`). An absent field keeps its value. */
export const integrationChangeSchema = z.strictObject({
  ...common,
  outboundNotificationWebhookUrl: z.url().nullish(),
  outboundNotificationWebhookSignatureSecretToken: secret.nullish(),
});

/** What the sandbox keeps of an integration. Nothing shows its secret, so nothing keeps it. */
export type IntegrationFields = Pick<
  z.output<typeof integrationSchema>,
  'name' | 'supportedContent' | 'messagingSetting' | 'webhookHeaders' | 'outboundNotificationWebhookUrl'
>;

/** The fields of a body that an integration keeps. Null and absent ones are left out. */
export function keptFields(body: z.output<typeof integrationChangeSchema>): Partial<IntegrationFields> {
  const { id, selfUri, outboundNotificationWebhookSignatureSecretToken, ...fields } = body;
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}
