import { partitionOf } from '../core/ids.ts';
import type { BucketClass } from '../jobs/define.ts';

/**
 * Every Redis key that we write, in one place.
 *
 * All keys of a tenant carry the hash tag `{p}` of its partition, as its queues do, so that one script may
 * touch them together on a Redis Cluster:
 *
 *   gwm:{p}:<queue>:…                               BullMQ's own
 *   gwm:{p}:<queue>:<job id>                        BullMQ's hash of one job; we only ask whether it exists
 *   gwm:{p}:ticket:<tenant>:<lane>     counter      last ticket of a lane
 *   gwm:{p}:bucket:<tenant>:<class>    hash         token bucket, its pause and its circuit
 *   gwm:{p}:slots:<tenant>:<class>     hash         job id → reserved slot, ms
 *   gwm:{p}:token:<tenant>             string       OAuth token, encrypted
 *   gwm:{p}:token-lock:<tenant>        string       who fetches a token now
 */
export interface Keys {
  readonly partitions: number;
  partitionOf(tenantId: string): number;
  /** BullMQ's `prefix` for the queues of a partition. */
  queuePrefix(partition: number): string;
  job(tenantId: string, queue: string, jobId: string): string;
  ticket(tenantId: string, lane: string): string;
  bucket(tenantId: string, bucketClass: BucketClass): string;
  slots(tenantId: string, bucketClass: BucketClass): string;
  token(tenantId: string): string;
  tokenLock(tenantId: string): string;
}

export function createKeys(prefix: string, partitions: number): Keys {
  const queuePrefix = (partition: number) => `${prefix}:{${partition}}`;
  const own = (tenantId: string, ...rest: string[]) =>
    [queuePrefix(partitionOf(tenantId, partitions)), ...rest].join(':');
  return {
    partitions,
    partitionOf: (tenantId) => partitionOf(tenantId, partitions),
    queuePrefix,
    job: (tenantId, queue, jobId) => own(tenantId, queue, jobId),
    ticket: (tenantId, lane) => own(tenantId, 'ticket', tenantId, lane),
    bucket: (tenantId, bucketClass) => own(tenantId, 'bucket', tenantId, bucketClass),
    slots: (tenantId, bucketClass) => own(tenantId, 'slots', tenantId, bucketClass),
    token: (tenantId) => own(tenantId, 'token', tenantId),
    tokenLock: (tenantId) => own(tenantId, 'token-lock', tenantId),
  };
}
