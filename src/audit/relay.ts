import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type BackoffPolicy, exponential } from '../core/backoff.ts';
import { CodedError, messageOf } from '../core/errors.ts';
import type { Logger } from '../observe/logger.ts';
import { createLogThrottle } from '../observe/throttle.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import type { Intake, Taken } from './intake.ts';
import { MAX_APPEND } from './store.ts';
import { type AuditStream, createAuditStream, togetherWaiting } from './stream.ts';

/** What the relay reports, for metrics. */
export interface RelayEvents {
  /** Called every few seconds with the entries that wait, over all partitions. */
  onBacklog?(backlog: { readonly entries: number; readonly oldestAgeSeconds: number }): void;
  /** Called per batch: new records, and records that the store had already. */
  onStored?(counts: { readonly added: number; readonly known: number }): void;
  /** Called with the number of records that waited longer than `maxAgeMs` and are lost. */
  onGivenUp?(count: number): void;
  /**
   * Called with the number of entries that held no record, or that the database refused; they are
   * lost.
   */
  onDropped?(count: number): void;
}

export interface RelayOptions extends RelayEvents {
  /** A client of the role `worker`, which waits while Redis is away. */
  readonly client: RedisClient;
  readonly keys: Keys;
  /** Takes the records. */
  readonly intake: Intake;
  readonly logger: Logger;
  /** AUDIT_STREAM_MAX_AGE, ms. */
  readonly maxAgeMs: number;
  /** For tests. */
  readonly times?: Partial<RelayTimes>;
}

/** All in milliseconds. */
export interface RelayTimes {
  /**
   * Wait before the relay reads an empty stream again. Blocking reads would save at most this wait,
   * and need a connection per partition.
   */
  readonly pollMs: number;
  /** Wait after less than a full batch. Records gather, and share a transaction. */
  readonly gatherMs: number;
  /** Wait between two reports of the backlog, and two searches for entries of dead consumers. */
  readonly lookMs: number;
  /** An entry that one consumer has held for so long is taken over: its consumer is dead. */
  readonly idleMs: number;
  /** Wait between two log lines about the same trouble. */
  readonly complainMs: number;
  /** Waits while the store is away. */
  readonly backoff: BackoffPolicy;
}

const TIMES: RelayTimes = {
  pollMs: 1000,
  gatherMs: 200,
  lookMs: 5000,
  idleMs: 30_000,
  complainMs: 60_000,
  backoff: { baseMs: 500, maxMs: 30_000 },
};

export interface Relay {
  /** Finishes the batch in hand. It does not wait for a Redis that is away. */
  stop(): Promise<void>;
}

const STOP_PATIENCE_MS = 5000;

/**
 * Moves records from the outbox to the store, on every replica, until it is stopped. It deletes an
 * entry after the store has it. When a worker dies in between, another one stores the entry again,
 * and the store ignores the second record. While the store is away the relay retries with growing
 * waits. It gives up records that are older than `maxAgeMs`, logs it and counts them.
 */
export function startRelay(options: RelayOptions): Relay {
  const { client, keys, intake, logger, maxAgeMs } = options;
  const times = { ...TIMES, ...options.times };
  const consumer = `${process.pid}-${randomUUID()}`;
  const opened = new Map<number, AuditStream>();
  const streamOf = (partition: number): AuditStream => {
    const stream =
      opened.get(partition) ?? createAuditStream(client, keys.auditStream(partition), consumer, keys.seal);
    opened.set(partition, stream);
    return stream;
  };
  const streams = () => keys.partitions().map(streamOf);
  const stopping = new AbortController();
  const throttle = createLogThrottle({ logger, everyMs: times.complainMs });
  let lookedAt = Number.NEGATIVE_INFINITY;
  let failures = 0;

  const drop = (count: number, about: object): void => {
    logger.error({ event: 'audit.dropped', count, ...about }, 'dropped audit entries that cannot be stored');
    options.onDropped?.(count);
  };

  const complain = (error: unknown, message: string): void => {
    throttle.warn({ event: 'audit.trouble', code: codeOf(error), reason: messageOf(error) }, message);
  };

  const take = async (texts: readonly string[]): Promise<Taken> => {
    try {
      return await intake.take(texts);
    } catch (error) {
      throw new StoreFailure(error);
    }
  };

  /** Returns the number of entries that left the stream. */
  const relayBatch = async (stream: AuditStream): Promise<number> => {
    const entries = await stream.next(MAX_APPEND);
    if (entries.length === 0) return 0;
    // An entry without a text was given up meanwhile, and counted there.
    const texts = entries.flatMap(({ text }) => (text === undefined ? [] : [text]));
    const { added, known, malformed, refused } = await take(texts);
    options.onStored?.({ added, known });
    await stream.done(entries.map(({ id }) => id));
    if (malformed > 0) drop(malformed, {});
    for (const tenantId of refused) drop(1, { code: 'AUDIT_RECORD_REFUSED', tenantId });
    return entries.length;
  };

  /** Returns the number of entries of the largest batch. */
  const relayAll = async (): Promise<number> => {
    let most = 0;
    for (const stream of streams()) most = Math.max(most, await relayBatch(stream));
    return most;
  };

  const giveUpOld = async (): Promise<void> => {
    for (const stream of streams()) {
      const count = await stream.giveUp(maxAgeMs);
      if (count === 0) continue;
      logger.error(
        { event: 'audit.given-up', count, maxAgeMs },
        'gave up audit records that waited too long for the database',
      );
      options.onGivenUp?.(count);
    }
  };

  const isTimeToLook = () => performance.now() - lookedAt >= times.lookMs;

  const look = async (): Promise<void> => {
    if (!isTimeToLook()) return;
    lookedAt = performance.now();
    const backlogs = await Promise.all(streams().map((stream) => stream.backlog()));
    const { entries, oldestAgeMs } = togetherWaiting(backlogs);
    options.onBacklog?.({ entries, oldestAgeSeconds: oldestAgeMs / 1000 });
    // While the store is away, entries of dead consumers stay where they are.
    if (failures === 0) for (const stream of streams()) await stream.takeOver(times.idleMs, MAX_APPEND);
    else await giveUpOld();
  };

  /** Runs one round over all streams; returns the wait before the next one, ms. */
  const turn = async (): Promise<number> => {
    try {
      const most = await relayAll();
      // An empty batch checks the database while there are no records.
      if (most === 0 && isTimeToLook()) await take([]);
      if (failures > 0) {
        logger.info({ failures }, 'the audit store takes records again');
        throttle.forget();
      }
      failures = 0;
      await look();
      if (most === MAX_APPEND) return 0;
      return most > 0 ? times.gatherMs : times.pollMs;
    } catch (error) {
      if (!(error instanceof StoreFailure)) {
        complain(error, 'cannot read the audit outbox');
        return times.pollMs;
      }
      failures += 1;
      complain(error.cause, 'cannot store audit records; they wait in Redis');
      await look().catch((failure: unknown) => complain(failure, 'cannot read the audit outbox'));
      return exponential(times.backoff, failures) * (0.5 + Math.random() / 2);
    }
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const pauseMs = await turn();
      await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
    for (const stream of opened.values()) await stream.leave().catch(() => {});
  };

  const ended = run();
  return {
    async stop() {
      stopping.abort();
      await Promise.race([ended, delay(STOP_PATIENCE_MS, undefined, { ref: false })]);
    },
  };
}

/** The store did not take a batch; `cause` says why. */
class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
  constructor(cause: unknown) {
    super('the audit store did not take a batch', { cause });
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof CodedError ? error.code : undefined;
}
