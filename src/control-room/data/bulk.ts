import type { BulkInput } from '../../client/types.ts';
import { ApiError, actInSteps, type Problem } from './api.ts';

/** How far an act on many jobs is. */
export interface Progress {
  readonly seen: number;
  readonly matched: number;
  readonly done: number;
}

interface Line extends Progress {
  readonly summary?: Progress;
  readonly problem?: Problem;
}

export type BulkVerb = 'retry' | 'cancel';

/** Yields the progress of an act, and its end last. @throws {ApiError} also when it breaks off. */
export async function* actOnMany(
  verb: BulkVerb,
  filter: BulkInput,
  signal: AbortSignal,
): AsyncGenerator<Progress> {
  for await (const line of actInSteps<Line>(`v1/jobs/${verb}`, filter, signal)) {
    if (line.problem) throw new ApiError(line.problem);
    yield line.summary ?? line;
  }
}
