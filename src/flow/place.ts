import { CATALOG, type JobKind } from '../jobs/catalog.ts';
import { conditionsOf } from '../jobs/conditions.ts';
import type { JobDefinition } from '../jobs/define.ts';

/** A job as flow control sees it. */
export interface Place {
  readonly kind: JobKind;
  readonly tenantId: string;
  readonly jobId: string;
  /** Null: order does not matter. */
  readonly lane: string | null;
  /** Overtakes other lanes of its tenant. */
  readonly urgent: boolean;
  /** One of several jobs that an entry became, and not the first: it is accepted when that one is. */
  readonly isPart: boolean;
}

/** @param data checked against the contract of the kind. */
export function placeOf(kind: JobKind, tenantId: string, jobId: string, data: object, isPart = false): Place {
  const definition: JobDefinition = CATALOG[kind];
  const urgent = conditionsOf(data).priority === 'urgent';
  return { kind, tenantId, jobId, lane: definition.lane(data), urgent, isPart };
}
