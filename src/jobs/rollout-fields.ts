import { z } from 'zod';
import { DAYS, MAX_RULES, TIME } from '../content/configuration/availability.ts';
import { HEX_COLOR, MIN_CONTRAST } from '../content/configuration/contrast.ts';
import { LAUNCHER_POSITIONS } from '../content/configuration/deployment.ts';
import {
  DEFAULT_BACKGROUND,
  MAX_GREETING_LENGTH,
  MAX_GREETINGS,
  MAX_SEGMENTS,
  NAME,
} from '../content/configuration/webchat-configuration.ts';
import { canonicalTag } from '../content/embed/locales.ts';
import { seen } from '../content/fields/declarations.ts';
import { hasAtMost } from '../content/text/widget-text.ts';
import { listOf } from '../core/shapes.ts';
import { secureUrl, wanting } from './fields.ts';

/**
 * The fields of configurations and deployments: types and bounds. rollout-issues.ts has the rules
 * between fields.
 */

const hexColor = seen.checkedByKind(
  'identifier',
  z.string().regex(HEX_COLOR, 'expected "#" and three or six hexadecimal digits, such as #0052CC'),
);
const time = seen.checkedByKind(
  'identifier',
  z.string().regex(TIME, 'expected hours and minutes from 00:00 to 23:59'),
);

/** A text of 1 to `max` characters. An emoji counts as one. */
function shortText(max: number) {
  const message = wanting(`expected 1 to ${max} characters`);
  return seen.plainText(z.string().refine((text) => text !== '' && hasAtMost(max, text), message));
}

/**
 * The fields of a configuration that a producer may choose (docs/guides.md#configuration-fields).
 */
export const configuration = z.strictObject({
  brandColor: hexColor,
  backgroundColor: hexColor.default(DEFAULT_BACKGROUND),
  /** Compared with the computed ratio. The worker sends the computed one. */
  contrastRatio: z.number().min(MIN_CONTRAST).max(21).optional(),
  fontSizePx: z.number().int().min(14).max(24),
  greetings: listOf(shortText(MAX_GREETING_LENGTH), { min: 1, max: MAX_GREETINGS }),
  availabilityRules: listOf(
    z.strictObject({
      dayOfWeek: z.enum(DAYS),
      startTime: time,
      endTime: time,
      timeZone: seen.checkedByKind('identifier', z.string()).optional(),
    }),
    { max: MAX_RULES },
  ),
  // A record of zod names keys of any length in its issues.
  featureFlags: seen.tree('identifier', z.looseObject({})) as unknown as z.ZodType<
    Record<string, boolean>,
    Record<string, boolean>
  >,
  audienceSegments: listOf(
    seen.identifier(
      z.string().regex(NAME, 'expected at most 64 letters, digits, "_", "." and "-", a letter first'),
    ),
    { max: MAX_SEGMENTS },
  ),
});

/** The name by which the worker finds a deployment. */
export const deploymentName = seen.plainText(
  z
    .string()
    .regex(
      /^(?!\s)[^\p{Cc}]{1,100}(?<!\s)$/u,
      'expected 1 to 100 characters without control characters, and no white space at the ends',
    ),
);

/** A BCP 47 tag. The worker sends it unchanged. */
export const language = seen.checkedByKind(
  'identifier',
  z
    .string()
    .refine(
      (tag) => canonicalTag(tag) !== undefined,
      wanting('expected a BCP 47 language tag such as en-US'),
    ),
);

const offset = z.number().int().min(0).max(1000);

/** The button that opens the widget (docs/guides.md#deployment-fields). */
export const launcher = z.strictObject({
  position: z.enum(LAUNCHER_POSITIONS),
  /** Pixels from the edge. */
  horizontalOffset: offset,
  verticalOffset: offset,
  show: z.boolean(),
  /** Without an icon, or with null, Genesys Cloud shows its own. */
  icon: secureUrl.nullable().optional(),
});

/** The window of the widget (docs/guides.md#deployment-fields). */
export const widget = z.strictObject({
  title: shortText(100),
  welcomeMessage: seen.plainText(
    z.string().refine((text) => hasAtMost(500, text), wanting('expected at most 500 characters')),
  ),
  autoOpen: z.boolean(),
  theme: z.strictObject({
    primaryColor: hexColor,
    secondaryColor: hexColor,
    buttonTextColor: hexColor,
    widgetBackgroundColor: hexColor,
    widgetTextColor: hexColor,
    headerBackgroundColor: hexColor,
    headerTextColor: hexColor,
  }),
});
