/**
 * Every Redis key that this program writes.
 *
 * All keys of a tenant carry the hash tag `{p}` of its partition, as its queues do. So one script
 * may touch them together on a Redis Cluster.
 *
 *   gwm:{p}:<queue>:…                        BullMQ's own; `<queue>:<job id>` is the hash of a job
 *
 * Flow control (src/flow):
 *
 *   gwm:{p}:lane:<tenant>:<lane>      zset    jobs by sequence number; that of a job that has ended has 2^42 less
 *   gwm:{p}:waiting:<tenant>:<class>  zset    wait queue: lanes by age of their head, urgent heads first
 *   gwm:{p}:reserved:<tenant>:<class> zset    lanes, and acquisitions, by the moment that they have reserved
 *   gwm:{p}:busy:<tenant>:<class>     zset    lanes at work, by the moment at which they are overdue
 *   gwm:{p}:sending:<tenant>:<class>  zset    lanes with a request under way, by the moment at which it is certainly over
 *   gwm:{p}:later:<tenant>            zset    deferred lanes whose head is scheduled, by the moment at which it may be sent
 *   gwm:{p}:quiet:<tenant>            zset    deferred lanes that wait for the end of quiet hours, by the rank of their head
 *   gwm:{p}:deferred                  zset    tenants with deferred lanes, by the next moment at which one may go on
 *   gwm:{p}:frozen:<tenant>           hash    deferred lanes that a move hands over
 *   gwm:{p}:bucket:<tenant>:<class>   hash    token bucket, its pause and its circuit
 *   gwm:{p}:occupied                  set     buckets with lanes
 *   gwm:{p}:ledger:<kind code><id>    string  what is known of a job's request: running, again, or how it ended
 *   gwm:{p}:heard:<kind code><id> <n> string  a failed run that the circuit has counted
 *   gwm:{p}:halted                    hash    jobs that failed → the lanes that they halt
 *   gwm:{p}:cancelled                 set     jobs that were cancelled, until a worker has ended them
 *   gwm:{p}:expiring                  zset    jobs that expire, by that moment
 *   gwm:{p}:jobs:<tenant>             zset    index of jobs: by moment of acceptance; that of a job that has ended has 2^42 less
 *   gwm:{p}:indexed                   hash    tenants with an index → how far it was tidied
 *   gwm:{p}:refused                   set     hashes in the place of refused jobs; only within a transaction
 *   gwm:{p}:refusing:<call>           set     tenants without room for more jobs of a call of a producer
 *   gwm:{p}:lost                      list    lost jobs: another program removed them, or BullMQ ended them
 *
 * Counts (src/counts):
 *
 *   gwm:{p}:counts:<tenant>:<kind code>:<span><n> hash counts of one span of time, the <n>th since the epoch: `s` for ten
 *                                             seconds, `m` for a minute, `q` for a quarter of an hour, `h` for an hour
 *   gwm:{p}:totals:<kind code>:<span><n> hash  the same of all tenants of the partition; not for `s`
 *   gwm:{p}:active:q<n>               set     `<tenant>:<kind code>` that have a hash of that quarter of an hour
 *   gwm:{p}:counted:<worker>          string  number of the last addition of a worker to these hashes
 *
 * Workers:
 *
 *   gwm:{p}:worker:<name>             string  a worker process: `alive` while its heartbeat goes on, or `left` after an
 *                                             orderly stop
 *   gwm:{0}:worker-state:<name>       string  of a worker that is alive: moment of its last beat, and JSON: version, queues, jobs
 *                                             in hand, and since when it runs
 *   gwm:{p}:workers                   set     names of the worker processes that have not left
 *   gwm:{p}:watch                     hash    since when Redis has answered workers without a break, and when they looked for
 *                                             dead ones
 *   gwm:{p}:reconciling               string  the reconciler of one replica has had its turn; it expires before the next turn
 *   gwm:{p}:damaged:<queue>:<job id>  hash    a job that BullMQ could not read, as it was
 *   gwm:{p}:token:<tenant>            string  access token, encrypted
 *   gwm:{p}:token-lock:<tenant>       string  the process that fetches an access token now
 *
 * Callbacks (src/webhooks):
 *
 *   gwm:{p}:endpoint:<id>             hash    endpoint: a receiver of callbacks, its failures, its pause, whether it is disabled
 *   gwm:{p}:endpoint-permits:<id>     zset    callbacks with a permit, by the moment at which it expires
 *   gwm:{p}:endpoint-waiting:<id>     zset    callbacks that wait for a permit, oldest first
 *   gwm:{p}:endpoints:<tenant>        zset    ids of the tenant's endpoints, by the moment at which each is forgotten
 *   gwm:{p}:endpoints-permits:<tenant> zset   callbacks with a permit at any endpoint of the tenant
 *   gwm:{p}:endpoints-ready:<tenant>  zset    endpoints with a callback waiting and a permit free, by the age of that callback
 *   gwm:{p}:endpoints-occupied        set     `<tenant> <id>` of endpoints with a callback that waits or has a permit
 *   gwm:{p}:attempts:<job id>         list    the result of each attempt of a callback
 *   gwm:{p}:webhook-counts            hash    attempts delivered and failed, endpoints disabled
 *
 * Guest channel (src/webmessaging):
 *
 *   gwm:{p}:guest-session:<tenant>:<id> hash  the session of a conversation: its token, encrypted; its lease, its rate, its end
 *
 * Audit:
 *
 *   gwm:{p}:audit-through:<tenant>    hash    up to when the audit records of Genesys Cloud were read, by type
 *   gwm:{p}:audit                     stream  outbox: audit records on their way to the store; consumer group `audit`
 *   gwm:{0}:audit-retention           string  the process that prunes the store
 *
 * API keys (src/access):
 *
 *   gwm:{0}:api-keys                  hash    id → JSON: name, tenants, scopes, expiry, digests of its secrets
 *   gwm:{0}:api-key-uses              hash    id → when the key was last used, ms
 *   gwm:{0}:api-key-made              string  an API key was made: no development key works any more
 *   gwm:{0}:logins:<key id>           hash    logins of browsers with this key: digest of the token → when it was opened and
 *                                             used, ms, and the digest of the secret
 *
 * Named by scripts and never written (slot-guard.ts):
 *
 *   gwm:{p}:                          –       leads a script to the node with the slot
 *   gwm:{p}:never-1, never-2          –       keeps it from running while the slot moves
 *
 * The installation:
 *
 *   gwm:{0}:clock-skews               hash    processes whose clock is off: by how many ms, and when they reported it
 *   gwm:{0}:installation              hash    format, partitions and prefix of all these keys, and the layout's version
 *   gwm:{0}:survey                    string  what the installation does now, JSON; it expires after some seconds
 *   gwm:{0}:homes                     hash    tenants → JSON: the partition of each that is not where its hash says, and its move
 *   gwm:{0}:mover                     string  the process that moves tenants now
 *   gwm:{p}:layout                    hash    `:version`: jobs that come with an older layout are refused; tenants that moved
 *                                             away → `<partition> left`, or `<partition> closed`
 *   gwm:{p}:merged:<tenant>           set     keys that a move has merged into this partition, and copies of jobs that are
 *                                             complete
 *   gwm:{0}:tenants-reload            string  number of the last request to read the tenants file again
 *   gwm:{0}:tenants-readers           hash    processes → what each did with it, and when it looked last
 *
 * The HTTP API (src/http):
 *
 *   gwm:{0}:api-quota:<key id>        string  moment at which the API key has all of its quota again, µs
 *   gwm:{0}:login-tries:<number>      string  moment at which an address has all of its logins again, µs; `all`: all addresses
 *   gwm:{p}:api-claim:<job id>        string  the request with this idempotency key that is under way
 *
 * The scripts of flow control and of endpoints make their keys from the prefix of the partition. So
 * some keys have a line here and no function below.
 *
 * The hash of a job has our own fields beside those of BullMQ. They live as long as the job:
 *
 *   gwm:since          when the first attempt that failed began
 *   sendAt             of a scheduled job: the moment before which no worker sends it. A redrive keeps it
 *   gwm:damaged        names of the fields that BullMQ could not read
 *   gwm:held:<n>       worker that had the job in its run <n>, when it died or its lock ran out. It is not the term
 *                      `held` of the glossary
 *   gwm:notes          what happened to the job besides its attempts; src/flow/notes.ts reads it. It stays when an
 *                      operator sends the job again
 *   gwm:calling        of a callback: the call under way, `<run> <moment at which it is certainly over>`
 *   gwm:called         of a callback: its receiver was called at least once
 *   gwm:calls          of a callback: number of attempts that have ended
 *   gwm:delivered      of a callback: the attempt that was delivered, JSON
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import { CLEAR, type Seal } from '../seal/seal.ts';
import { createLayout, type Layout } from './layout.ts';

/** Our own fields of a job's hash. */
export const JOB_FIELDS = {
  prefix: 'gwm:',
  damaged: 'gwm:damaged',
  heldBy: 'gwm:held:',
  notes: 'gwm:notes',
  called: 'gwm:called',
} as const;

export interface Keys {
  /** Which tenant is in which partition. */
  readonly layout: Layout;
  /** Every partition. There may be more of them later. */
  partitions(): readonly number[];
  /** First part of every key. */
  readonly prefix: string;
  /** Seals the values under these keys, and the names that customers chose in them. */
  readonly seal: Seal;
  /**
   * The partition that a call is about: that of the job which the process runs, else the tenant's home.
   * A tenant that moves has jobs in two partitions, and a job with all that belongs to it stays where its
   * queue is.
   */
  partitionOf(tenantId: string): number;
  /** Acts on what is in a partition: every key of a tenant is there, for all that the act calls. */
  within<Result>(partition: number, act: () => Result): Result;
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
  workers(partition: number): string;
  workerState(name: string): string;
  reconciling(partition: number): string;
  token(tenantId: string): string;
  tokenLock(tenantId: string): string;
  endpoint(tenantId: string, endpointId: string): string;
  endpointPermits(tenantId: string, endpointId: string): string;
  endpointWaiting(tenantId: string, endpointId: string): string;
  endpoints(tenantId: string): string;
  /** @param jobId of the webhook job. */
  attempts(tenantId: string, jobId: string): string;
  webhookCounts(partition: number): string;
  /** @param slot the span of time, such as `m29456789`. */
  counts(tenantId: string, kindCode: string, slot: string): string;
  totals(partition: number, kindCode: string, slot: string): string;
  activeCounts(partition: number, slot: string): string;
  guestSession(tenantId: string, sessionId: string): string;
  auditCheckpoints(tenantId: string): string;
  auditStream(partition: number): string;
  auditRetention(): string;
  apiKeys(): string;
  apiKeyUses(): string;
  apiKeyMade(): string;
  clockSkews(): string;
  installation(): string;
  homes(): string;
  survey(): string;
  mover(): string;
  /** What a partition knows of the layout. */
  layoutOf(partition: number): string;
  tenantsReload(): string;
  tenantsReaders(): string;
  apiQuota(apiKeyId: string): string;
  logins(apiKeyId: string): string;
  /** @param place of the addresses that share it, or `all`. */
  loginTries(place: string): string;
  apiClaim(tenantId: string, jobId: string): string;
}

export function createKeys(prefix: string, partitions: number, seal: Seal = CLEAR): Keys {
  const layout = createLayout(partitions);
  const current = new AsyncLocalStorage<number>();
  const partitionOf = (tenantId: string) => current.getStore() ?? layout.homeOf(tenantId);
  const queuePrefix = (partition: number) => `${prefix}:{${partition}}`;
  const own = (tenantId: string) => `${queuePrefix(partitionOf(tenantId))}:`;
  return {
    layout,
    partitions: layout.all,
    prefix,
    seal,
    partitionOf,
    within: (partition, act) => current.run(partition, act),
    queuePrefix,
    ownOf: (partition) => `${queuePrefix(partition)}:`,
    own,
    ledger: (tenantId, job) => `${own(tenantId)}ledger:${job.slice(0, 1)}${job.slice(2)}`,
    damaged: (partition, queue, jobId) => `${queuePrefix(partition)}:damaged:${queue}:${jobId}`,
    worker: (partition, name) => `${queuePrefix(partition)}:worker:${name}`,
    workers: (partition) => `${queuePrefix(partition)}:workers`,
    workerState: (name) => `${queuePrefix(0)}:worker-state:${name}`,
    reconciling: (partition) => `${queuePrefix(partition)}:reconciling`,
    token: (tenantId) => `${own(tenantId)}token:${tenantId}`,
    tokenLock: (tenantId) => `${own(tenantId)}token-lock:${tenantId}`,
    endpoint: (tenantId, endpointId) => `${own(tenantId)}endpoint:${endpointId}`,
    endpointPermits: (tenantId, endpointId) => `${own(tenantId)}endpoint-permits:${endpointId}`,
    endpointWaiting: (tenantId, endpointId) => `${own(tenantId)}endpoint-waiting:${endpointId}`,
    endpoints: (tenantId) => `${own(tenantId)}endpoints:${tenantId}`,
    attempts: (tenantId, jobId) => `${own(tenantId)}attempts:${jobId}`,
    guestSession: (tenantId, sessionId) => `${own(tenantId)}guest-session:${tenantId}:${sessionId}`,
    auditCheckpoints: (tenantId) => `${own(tenantId)}audit-through:${tenantId}`,
    counts: (tenantId, kindCode, slot) => `${own(tenantId)}counts:${tenantId}:${kindCode}:${slot}`,
    totals: (partition, kindCode, slot) => `${queuePrefix(partition)}:totals:${kindCode}:${slot}`,
    activeCounts: (partition, slot) => `${queuePrefix(partition)}:active:${slot}`,
    webhookCounts: (partition) => `${queuePrefix(partition)}:webhook-counts`,
    auditStream: (partition) => `${queuePrefix(partition)}:audit`,
    auditRetention: () => `${queuePrefix(0)}:audit-retention`,
    apiKeys: () => `${queuePrefix(0)}:api-keys`,
    apiKeyUses: () => `${queuePrefix(0)}:api-key-uses`,
    apiKeyMade: () => `${queuePrefix(0)}:api-key-made`,
    clockSkews: () => `${queuePrefix(0)}:clock-skews`,
    installation: () => `${queuePrefix(0)}:installation`,
    survey: () => `${queuePrefix(0)}:survey`,
    homes: () => `${queuePrefix(0)}:homes`,
    mover: () => `${queuePrefix(0)}:mover`,
    layoutOf: (partition) => `${queuePrefix(partition)}:layout`,
    tenantsReload: () => `${queuePrefix(0)}:tenants-reload`,
    tenantsReaders: () => `${queuePrefix(0)}:tenants-readers`,
    logins: (apiKeyId) => `${queuePrefix(0)}:logins:${apiKeyId}`,
    loginTries: (place) => `${queuePrefix(0)}:login-tries:${place}`,
    apiQuota: (apiKeyId) => `${queuePrefix(0)}:api-quota:${apiKeyId}`,
    apiClaim: (tenantId, jobId) => `${own(tenantId)}api-claim:${jobId}`,
  };
}
