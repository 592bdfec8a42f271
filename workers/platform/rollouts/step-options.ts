import type { BackoffPolicy } from '../../../src/core/backoff.ts';
import type { Clock } from '../../../src/core/clock.ts';
import type { ConflictPolicy } from '../../rollout/conflict-policy.ts';

export interface StepOptions extends ConflictPolicy {
  readonly clock: Clock;
  /** The wait between two looks. */
  readonly pollBackoff: BackoffPolicy;
  /** How long Genesys Cloud may take until a change can be seen, or used, ms. */
  readonly settleMs: number;
}
