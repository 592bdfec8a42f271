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
  /** Retries an act on Redis until it succeeds, or the run must end. */
  readonly retry: <Result>(act: () => Promise<Result>) => Promise<Result>;
}

export function createJobSteps({ ref, saved, save, children, retry }: JobStepsOptions): JobSteps {
  let latest = saved;
  return {
    isCancelled: saved?.cancelled === true,
    saved(schema) {
      // The runtime owns these three: they are no state of the handler.
      const { begun: _begun, cancelled: _cancelled, asksFirst: _asksFirst, ...state } = latest ?? {};
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
    children: () => retry(() => children.of(ref)),
    begin: (wanted) => retry(() => children.begin(ref, wanted)),
  };
}
