import { checked } from '../core/checked.ts';
import { CodedError } from '../core/errors.ts';
import { describeIssue } from '../core/issues.ts';
import type { JobRef } from '../flow/job-ref.ts';
import type { Saved } from '../jobs/envelope.ts';
import type { Children } from '../queues/children.ts';
import type { JobSteps } from './handler.ts';
import type { Run } from './run.ts';

export interface JobStepsOptions {
  readonly ref: JobRef;
  /** What an earlier run saved. */
  readonly saved: Saved | undefined;
  readonly save: Run['save'];
  readonly children: Children;
}

export function createJobSteps({ ref, saved, save, children }: JobStepsOptions): JobSteps {
  let latest = saved;
  return {
    isCancelled: saved?.cancelled === true,
    saved(schema) {
      // The runtime owns `begun` and `cancelled`: they are no state of the handler.
      const { begun: _begun, cancelled: _cancelled, ...state } = latest ?? {};
      if (Object.keys(state).length === 0) return undefined;
      const parsed = checked(schema, state);
      if (parsed.ok) return parsed.data;
      const issues = parsed.issues.map(describeIssue);
      throw new CodedError('JOB_DAMAGED', `the saved state of the job cannot be read: ${issues.join('; ')}`);
    },
    async save(state) {
      await save(state);
      latest = state;
    },
    children: () => children.of(ref),
    begin: (wanted) => children.begin(ref, wanted),
  };
}
