import { z } from 'zod';
import { textOf } from '../../../core/shapes.ts';

const MAX_WAIT_MS = 600_000;

/** The part of every step: when it is sent, and who sends it. */
const common = {
  /** The wait behind the step before it; for the first step, behind the echo. */
  afterMs: z.number().min(0).max(MAX_WAIT_MS).default(0),
  from: z.enum(['Bot', 'Human']).default('Bot'),
};

/** One thing that the agent or bot does. */
export const stepSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: z.string(), ...common }),
  z.strictObject({
    kind: z.literal('typing'),
    type: z.enum(['On', 'Off']).default('On'),
    durationMs: z.int().min(0).default(5000),
    ...common,
  }),
  /** Quick replies, cards, carousels, pickers and forms: the content is sent unchanged. */
  z.strictObject({
    kind: z.literal('structured'),
    text: z.string().exactOptional(),
    content: z.array(z.looseObject({ contentType: textOf({ min: 1 }) })),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('attachment'),
    filename: textOf({ min: 1 }),
    mime: textOf({ min: 1 }).default('image/png'),
    fileSize: z.int().min(0).default(1),
    text: z.string().exactOptional(),
    ...common,
  }),
  /** The agent or the flow ends the conversation. What the guest sees is up to the deployment. */
  z.strictObject({ kind: z.literal('disconnect'), ...common }),
]);

export type Step = z.infer<typeof stepSchema>;

export const stepsSchema = z.array(stepSchema);

/** What the agent or bot does when a guest acts. The first rule that matches counts. */
export const ruleSchema = z.strictObject({
  on: z.enum(['message', 'join']).default('message'),
  /** The whole text of the guest. Absent: any text. */
  equals: z.string().exactOptional(),
  contains: z.string().exactOptional(),
  steps: stepsSchema,
});

export type Rule = z.infer<typeof ruleSchema>;
