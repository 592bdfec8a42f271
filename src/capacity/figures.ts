/**
 * The measured figures that a plan reckons with: two cores of a server of 2026, Node 24, Redis 7.0,
 * messages of the examples, four to a conversation. bench/README.md says how each is measured, and
 * `npm run bench -- profile memory sizes callbacks` measures them again.
 */
export interface Figures {
  /** Processor time of a worker for one message, µs. */
  readonly workerUs: number;
  /** Processor time of Redis for one message, µs: acceptance, delivery and end. */
  readonly redisUs: number;
  /** The same for one callback. */
  readonly callbackWorkerUs: number;
  readonly callbackRedisUs: number;
  /** Bytes of Redis for a message that waits. */
  readonly waitingBytes: number;
  /** Bytes of Redis for a delivered message, as long as KEEP_COMPLETED keeps it. */
  readonly keptBytes: number;
  /** Bytes of Redis for a delivered message after that, until LEDGER_TTL is over. */
  readonly ledgerBytes: number;
  /** Bytes of Redis for a bucket. A tenant has one for each bucket class. */
  readonly bucketBytes: number;
  /** Hashes of counts of a tenant and a kind, and the bytes of one with a job, and with 6,000. */
  readonly countHashes: number;
  readonly countHashBytes: number;
  readonly fullCountHashBytes: number;
  /** Bytes of the audit store for one message, with its indexes. */
  readonly auditBytes: number;
}

export const FIGURES: Figures = {
  workerUs: 240,
  redisUs: 212,
  callbackWorkerUs: 316,
  callbackRedisUs: 218,
  waitingBytes: 1018,
  keptBytes: 1738,
  ledgerBytes: 213,
  bucketBytes: 136,
  countHashes: 438,
  countHashBytes: 136,
  fullCountHashBytes: 600,
  auditBytes: 582,
};
