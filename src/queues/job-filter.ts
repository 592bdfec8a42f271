import type { ErrorCode } from '../core/errors.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { JobState } from './job-view.ts';

/** Which jobs of a tenant. All conditions hold together. */
export interface JobFilter {
  readonly tenantId: string;
  /** The conversation, or another subject whose jobs keep their order. */
  readonly lane?: string | undefined;
  readonly kind?: JobKind | undefined;
  readonly state?: JobState | undefined;
  /** The code of its last failure. A delivered job has none. */
  readonly code?: ErrorCode | undefined;
  /** Accepted at this time or later. */
  readonly from?: Date | undefined;
  /** Accepted at this time or before. */
  readonly to?: Date | undefined;
}
