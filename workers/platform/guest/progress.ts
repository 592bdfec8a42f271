import { z } from 'zod';
import type { JobSteps } from '../../../src/runtime/handler.ts';

/** What a job keeps between two runs. */
const progressSchema = z.object({
  /** The uploaded file of the message. */
  attachmentId: z.string().optional(),
  /** The message was sent at this moment, ms since the epoch, and its echo did not come yet. */
  sentAtMs: z.number().optional(),
});

export type Progress = z.output<typeof progressSchema>;

export function progressOf(steps: JobSteps): Progress {
  return steps.saved(progressSchema) ?? {};
}

/** Saves before a message leaves. A run that finds `sentAtMs` looks for the message. */
export async function saveProgress(steps: JobSteps, { attachmentId, sentAtMs }: Progress): Promise<void> {
  await steps.save({
    ...(attachmentId !== undefined && { attachmentId }),
    // The message may have arrived: the job is not given up because of its age, and is not held.
    ...(sentAtMs !== undefined && { sentAtMs, begun: true, asksFirst: true }),
  });
}
