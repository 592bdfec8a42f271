import { CATALOG, type JobKind } from '../jobs/catalog.ts';
import { conditionsOf } from '../jobs/conditions.ts';
import type { JobDefinition } from '../jobs/define.ts';

/** A job as flow control sees it. */
export interface JobRef {
  readonly kind: JobKind;
  readonly tenantId: string;
  readonly jobId: string;
  /** Null: order does not matter. */
  readonly lane: string | null;
  /** Overtakes other lanes of its tenant. */
  readonly urgent: boolean;
  /** One of several jobs that an entry became, and not the first: it is accepted when that one is. */
  readonly isPart: boolean;
  /** By the job's own word, ms since the epoch; its tenant may have another. */
  readonly expiresAtMs?: number;
}

/** @param data checked against the contract of the kind. */
export function jobRefOf(
  kind: JobKind,
  tenantId: string,
  jobId: string,
  data: object,
  isPart = false,
): JobRef {
  const definition: JobDefinition = CATALOG[kind];
  const { priority, expiresAt } = conditionsOf(data);
  const urgent = priority === 'urgent';
  const ref = { kind, tenantId, jobId, lane: definition.lane(data), urgent, isPart };
  return typeof expiresAt === 'string' ? { ...ref, expiresAtMs: Date.parse(expiresAt) } : ref;
}

/** Whether jobs of this kind take part in flow control: lanes, buckets and the ledger. */
export function isLimited(kind: JobKind): boolean {
  return CATALOG[kind].kindCode !== null;
}
