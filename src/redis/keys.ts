import { partitionOf } from '../core/ids.ts';

/**
 * Every Redis key that we write, in one place.
 *
 * All keys of a tenant carry the hash tag `{p}` of its partition, as its queues do, so that one script may
 * touch them together on a Redis Cluster:
 *
 *   gwm:{p}:<queue>:…                     BullMQ's own; `<queue>:<job id>` is a job's hash, to which flow control adds
 *                                         `gwm:since`, when the first attempt began that has failed
 *   gwm:{p}:tickets:<tenant>:<lane> counter last ticket of a lane
 *   gwm:{p}:lane:<tenant>:<lane>  zset    jobs by ticket
 *   gwm:{p}:ledger:<kind code><id>   string  what is known of a job's request: running, again, or how it ended
 *   gwm:{p}:heard:<kind code><id> <n> string  a failed run that the circuit has counted
 *   gwm:{p}:bucket:<tenant>:<class> hash  token bucket, its pause and its circuit
 *   gwm:{p}:line:<tenant>:<class>  zset   lanes that wait for a slot, by age of their head
 *   gwm:{p}:slots:<tenant>:<class> zset   lanes, and further requests of those at work, that hold a slot, by its moment
 *   gwm:{p}:busy:<tenant>:<class>  zset   lanes at work, by the moment at which they are overdue
 *   gwm:{p}:sending:<tenant>:<class>  zset   lanes with a request under way, by the moment at which it is certainly over
 *   gwm:{p}:occupied              set     buckets with lanes
 *   gwm:{p}:halted                hash    jobs that failed, and the lanes that wait for a person because of them
 *   gwm:{p}:cancelled             set     jobs that were cancelled, until somebody has ended them
 *   gwm:{p}:expiring              zset    jobs that expire, by that moment
 *   gwm:{p}:lost                  list    jobs that were ended or removed behind our back
 *   gwm:{p}:damaged:<queue>:<job id> hash a job that BullMQ could not read, as it was
 *   gwm:{p}:worker:<name>         string  a worker process: `alive`, as long as it says so, or `left` when it has ended in order
 *   gwm:{p}:token:<tenant>        string  OAuth token, encrypted
 *   gwm:{p}:token-lock:<tenant>   string  who fetches a token now
 *   gwm:{p}:endpoint:<id>         hash    endpoint: a receiver of callbacks, its failures, its pause, whether it is disabled
 *   gwm:{p}:endpoint-permits:<id> zset    callbacks with a permit, by the moment at which it expires
 *   gwm:{p}:endpoint-waiting:<id> zset    callbacks that wait for a permit, oldest first
 *   gwm:{p}:endpoints:<tenant>    zset    ids of the tenant's endpoints, by the moment at which each is forgotten
 *   gwm:{p}:endpoints-permits:<tenant> zset  callbacks with a permit at any endpoint of the tenant
 *   gwm:{p}:endpoints-ready:<tenant> zset endpoints with a callback waiting and a permit free, by the age of that callback
 *   gwm:{p}:endpoints-occupied    set     `<tenant> <id>` of endpoints with a callback that waits or has a permit
 *   gwm:{p}:attempts:<job id>     list    the result of each attempt of a callback
 *   gwm:{p}:webhook-counts        hash    attempts delivered and failed, endpoints disabled
 *   gwm:{p}:audit-through:<tenant> hash   up to when the audit records of Genesys Cloud have been read, by what
 *   gwm:{p}:audit                 stream  audit records on their way to the store; consumer group `audit`
 *   gwm:{0}:audit-retention       string  whose turn it is to prune the store
 *   gwm:{0}:clock-skews           hash    processes whose clock is off: by how many ms, and when they reported it
 *   gwm:{0}:installation          hash    format, partitions and prefix that all of this was written with
 *
 * Those of flow control and of endpoints are made by their scripts, from the prefix of the partition.
 *
 * The hash of a job has fields of ours too, beside those of BullMQ. They live as long as the job:
 *
 *   gwm:damaged        names of the fields that BullMQ could not read
 *   gwm:held:<n>       worker that had the job in its run <n>, when the lock of that one ran out
 *   gwm:calling        of a callback: the call under way, `<run> <moment at which it is certainly over>`
 *   gwm:called         of a callback: its receiver was called at least once
 *   gwm:calls          of a callback: number of attempts that have ended
 *   gwm:delivered      of a callback: the attempt that was delivered, JSON
 */
export const JOB_FIELDS = {
  prefix: 'gwm:',
  damaged: 'gwm:damaged',
  heldBy: 'gwm:held:',
  called: 'gwm:called',
} as const;

export interface Keys {
  readonly partitions: number;
  /** First part of every key. */
  readonly prefix: string;
  partitionOf(tenantId: string): number;
  /** BullMQ's `prefix` for the queues of a partition. */
  queuePrefix(partition: number): string;
  /** What the keys of a partition begin with. */
  ownOf(partition: number): string;
  /** What the keys of a tenant's partition begin with. */
  own(tenantId: string): string;
  /** @param job as the scripts write it, `m-<id>`. */
  ledger(tenantId: string, job: string): string;
  damaged(partition: number, queue: string, jobId: string): string;
  worker(partition: number, name: string): string;
  token(tenantId: string): string;
  tokenLock(tenantId: string): string;
  endpoint(tenantId: string, endpointId: string): string;
  endpointPermits(tenantId: string, endpointId: string): string;
  endpointWaiting(tenantId: string, endpointId: string): string;
  endpoints(tenantId: string): string;
  /** @param jobId of the webhook job. */
  attempts(tenantId: string, jobId: string): string;
  webhookCounts(partition: number): string;
  auditCheckpoints(tenantId: string): string;
  auditStream(partition: number): string;
  auditRetention(): string;
  clockSkews(): string;
  installation(): string;
}

export function createKeys(prefix: string, partitions: number): Keys {
  const queuePrefix = (partition: number) => `${prefix}:{${partition}}`;
  const own = (tenantId: string) => `${queuePrefix(partitionOf(tenantId, partitions))}:`;
  return {
    partitions,
    prefix,
    partitionOf: (tenantId) => partitionOf(tenantId, partitions),
    queuePrefix,
    ownOf: (partition) => `${queuePrefix(partition)}:`,
    own,
    ledger: (tenantId, job) => `${own(tenantId)}ledger:${job.slice(0, 1)}${job.slice(2)}`,
    damaged: (partition, queue, jobId) => `${queuePrefix(partition)}:damaged:${queue}:${jobId}`,
    worker: (partition, name) => `${queuePrefix(partition)}:worker:${name}`,
    token: (tenantId) => `${own(tenantId)}token:${tenantId}`,
    tokenLock: (tenantId) => `${own(tenantId)}token-lock:${tenantId}`,
    endpoint: (tenantId, endpointId) => `${own(tenantId)}endpoint:${endpointId}`,
    endpointPermits: (tenantId, endpointId) => `${own(tenantId)}endpoint-permits:${endpointId}`,
    endpointWaiting: (tenantId, endpointId) => `${own(tenantId)}endpoint-waiting:${endpointId}`,
    endpoints: (tenantId) => `${own(tenantId)}endpoints:${tenantId}`,
    attempts: (tenantId, jobId) => `${own(tenantId)}attempts:${jobId}`,
    auditCheckpoints: (tenantId) => `${own(tenantId)}audit-through:${tenantId}`,
    webhookCounts: (partition) => `${queuePrefix(partition)}:webhook-counts`,
    auditStream: (partition) => `${queuePrefix(partition)}:audit`,
    auditRetention: () => `${queuePrefix(0)}:audit-retention`,
    clockSkews: () => `${queuePrefix(0)}:clock-skews`,
    installation: () => `${queuePrefix(0)}:installation`,
  };
}
