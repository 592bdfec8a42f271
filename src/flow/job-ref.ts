import { CATALOG, type JobKind } from '../jobs/catalog.ts';
import { conditionsOf } from '../jobs/conditions.ts';
import type { JobDefinition } from '../jobs/define.ts';

/** What flow control knows of a job: it names the job and its lane. */
export interface JobRef {
  readonly kind: JobKind;
  readonly tenantId: string;
  readonly jobId: string;
  /** The conversation or other subject; null when the order does not matter. */
  readonly lane: string | null;
  /** Goes before the waiting jobs of other lanes of its tenant. */
  readonly urgent: boolean;
  /** One of several jobs of one entry, and not the first. It is accepted when the first one is. */
  readonly isPart: boolean;
  /** The job's own `expiresAt`, ms since the epoch; the `maxAge` of its tenant may come earlier. */
  readonly expiresAtMs?: number;
  /** The job's own `sendAt`, ms since the epoch: it is not sent before. */
  readonly sendAtMs?: number;
}

/** @param data parsed by the contract of the kind. */
export function jobRefOf(
  kind: JobKind,
  tenantId: string,
  jobId: string,
  data: object,
  isPart = false,
): JobRef {
  const definition: JobDefinition = CATALOG[kind];
  const { priority, expiresAt, sendAt } = conditionsOf(data);
  const urgent = priority === 'urgent';
  const ref = { kind, tenantId, jobId, lane: definition.lane(data), urgent, isPart };
  return {
    ...ref,
    ...(typeof expiresAt === 'string' && { expiresAtMs: Date.parse(expiresAt) }),
    ...(isMoment(sendAt) && { sendAtMs: Date.parse(sendAt) }),
  };
}

/** The data of a job that another program has put into the queue may hold any text. */
function isMoment(text: unknown): text is string {
  return typeof text === 'string' && !Number.isNaN(Date.parse(text));
}

/** Whether jobs of this kind take part in flow control: lanes, buckets and the ledger. */
export function isLimited(kind: JobKind): boolean {
  return CATALOG[kind].kindCode !== null;
}
