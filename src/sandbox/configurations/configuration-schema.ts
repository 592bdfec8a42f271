import { z } from 'zod';
import { listOf } from '../../core/shapes.ts';
import { type Parsed, parseInput } from '../input/problems.ts';
import { prototypeKeyProblems } from '../input/prototype-keys.ts';
import type { Configuration } from './configuration.ts';

// Fields and limits: docs/guides.md#configuration-fields. The sandbox keeps other fields unchecked.
const MAX_GREETING_CHARACTERS = 150;

const days = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;

/** A color: `#` and 3 or 6 hexadecimal digits (docs/guides.md#configuration-fields). */
export const hexColorSchema = z
  .string()
  .refine((text) => /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(text), 'a color: # and 3 or 6 hexadecimal digits');

const timeSchema = z.string().refine(isTime, 'a time of the day as HH:MM');

const fontSizeSchema = z
  .string()
  .refine((text) => /^(?:1[4-9]|2[0-4])px$/.test(text), 'a size from 14px to 24px');

const greetingSchema = z
  .string()
  .refine(
    (text) => [...text].length <= MAX_GREETING_CHARACTERS,
    `a text of at most ${MAX_GREETING_CHARACTERS} characters`,
  );

const ruleSchema = z
  .looseObject({ dayOfWeek: z.enum(days), startTime: timeSchema, endTime: timeSchema })
  .superRefine(({ startTime, endTime }, context) => {
    // An invalid time is reported already. Valid times have one length, so they compare as texts.
    if (startTime < endTime || !isTime(startTime) || !isTime(endTime)) return;
    const message = 'a time after startTime';
    context.addIssue({ code: 'custom', path: ['endTime'], input: endTime, message });
  });

const configurationSchema = z.looseObject({
  widget: z.looseObject({
    theme: z
      .looseObject({
        colors: z.record(z.string(), hexColorSchema).optional(),
        typography: z
          .looseObject({ fontSize: fontSizeSchema.optional(), fontFamily: z.string().optional() })
          .optional(),
      })
      .optional(),
    accessibility: z.looseObject({ contrastRatio: z.number().min(4.5).max(21).optional() }).optional(),
  }),
  greetings: z.looseObject({ messages: listOf(greetingSchema, { min: 1, max: 3 }) }),
  availability: z.looseObject({ rules: z.array(ruleSchema).optional() }),
  features: z.looseObject({
    flags: z.record(z.string(), z.boolean()).optional(),
    audiences: z.array(z.string()).optional(),
  }),
});

/** Parses a configuration. It returns the body unchanged, or every field that breaks a rule. */
export function parseConfiguration(body: unknown): Parsed<Configuration> {
  const problems = prototypeKeyProblems(body);
  if (problems.length > 0) return { ok: false, problems };
  const parsed = parseInput(configurationSchema, body ?? {});
  // Not `parsed.value`: zod changes the order of the fields.
  return parsed.ok ? { ok: true, value: body as Configuration } : parsed;
}

function isTime(text: string): boolean {
  return /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text);
}
