import { z } from 'zod';
import { embedIssues } from '../content/embed/embed-issues.ts';
import type { LocaleMatrix } from '../content/embed/locales.ts';
import { type ContentType, seen } from '../content/fields/declarations.ts';
import { isRecord } from '../core/json.ts';
import { conditions } from './conditions.ts';
import { defineJob } from './define.ts';
import { id, tenantId, webUrl } from './fields.ts';

/**
 * Any fields. `violations` checks their values: they may be nested without end, and zod recurses.
 */
const anyFields = (type: ContentType) => seen.tree(type, z.looseObject({}));
const locales: z.ZodType<LocaleMatrix, LocaleMatrix> = anyFields('identifier') as unknown as z.ZodType<
  LocaleMatrix,
  LocaleMatrix
>;

const schema = z.strictObject({
  tenantId,
  widgetId: id,
  /** Each language and its fallback, as BCP 47 tags. */
  locales,
  /** For the routing. The worker flattens objects within it. */
  customAttributes: anyFields('plain-text').default({}),
  theme: anyFields('plain-text').default({}),
  /** The CMS that gets the embed code. */
  cms: z.strictObject({ url: webUrl }).optional(),
  ...conditions,
  /**
   * A retry changes nothing at Genesys Cloud. So the worker repeats a request with an unknown
   * outcome, also against the setting of the tenant.
   */
  onUnknownOutcome: conditions.onUnknownOutcome.default('resend'),
});

/** One embed code of a widget (docs/guides.md#embed-codes). */
export const embedGeneration = defineJob({
  kind: 'embed-generation',
  schema,
  eventOf: () => 'embed',
  bucket: 'platform',
  kindCode: 'e',
  successWord: () => 'generated',
  privateResultFields: ['scriptTag', 'attributesTag'],
  // Workers make the codes of a widget in the order of acceptance: the newest has the latest
  // `generatedAt`.
  lane: (embed) => `widget ${embed.widgetId}`,
  violations: (input, policy) => (isRecord(input) ? embedIssues(input, policy) : []),
});

export type EmbedGeneration = z.output<typeof schema>;
