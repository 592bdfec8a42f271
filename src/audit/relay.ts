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
import { type AuditStream, createAuditStream } from './stream.ts';

/** Who wants to know how the relay fares; metrics, for one. */
export interface RelayEvents {
  /** Every few seconds: what waits, over all partitions. */
  onBacklog?(backlog: { readonly entries: number; readonly oldestAgeSeconds: number }): void;
  /** Records that were stored, and those that were there already. */
  onStored?(counts: { readonly added: number; readonly known: number }): void;
  /** So many waited for longer than they may, and are lost. */
  onGivenUp?(count: number): void;
  /** So many entries were no records, or were refused by the database for what they are, and are lost. */
  onDropped?(count: number): void;
}

export interface RelayOptions extends RelayEvents {
  /** One that waits while Redis is away (role `worker`). */
  readonly client: RedisClient;
  readonly keys: Keys;
  /** Where records go. */
  readonly intake: Intake;
  readonly logger: Logger;
  /** AUDIT_STREAM_MAX_AGE, ms. */
  readonly maxAgeMs: number;
  /** Of tests. */
  readonly times?: Partial<RelayTimes>;
}

/** All in milliseconds. */
export interface RelayTimes {
  /**
   * Between two looks into a stream that was empty. A connection per partition that blocks would save at most
   * this.
   */
  readonly pollMs: number;
  /** Between two looks into a stream that had less than a batch: records gather, and share a transaction. */
  readonly gatherMs: number;
  /** Between two reports of the backlog, and two looks for what the dead have left. */
  readonly lookMs: number;
  /** A consumer that has held an entry for so long is taken for dead. */
  readonly idleMs: number;
  /** Between two log lines about the same trouble. */
  readonly complainMs: number;
  /** While the store is away. */
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
  /** Finishes the batch in hand, and waits for it, but not for a Redis that is away. */
  stop(): Promise<void>;
}

const STOP_PATIENCE_MS = 5000;

/**
 * Carries records from the streams to the store, on every replica, until it is stopped. An entry leaves its
 * stream when it is stored: who dies in between leaves it to another, and the store knows what it has. A
 * store that is away is asked again with growing pauses, and what has waited for longer than `maxAgeMs` by
 * then is given up, loudly.
 */
export function startRelay(options: RelayOptions): Relay {
  const { client, keys, intake, logger, maxAgeMs } = options;
  const times = { ...TIMES, ...options.times };
  const consumer = `${process.pid}-${randomUUID()}`;
  const streams = Array.from({ length: keys.partitions }, (_, partition) =>
    createAuditStream(client, keys.auditStream(partition), consumer),
  );
  const stopping = new AbortController();
  const throttle = createLogThrottle({ logger, everyMs: times.complainMs });
  let lookedAt = Number.NEGATIVE_INFINITY;
  let failures = 0;

  const drop = (count: number, about: object): void => {
    logger.error(
      { event: 'audit.dropped', count, ...about },
      'audit entries that cannot be stored are dropped',
    );
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

  /** Returns how many entries are gone from the stream. */
  const relayBatch = async (stream: AuditStream): Promise<number> => {
    const entries = await stream.next(MAX_APPEND);
    if (entries.length === 0) return 0;
    // What was trimmed while it was in our hands has no text, and was counted there.
    const texts = entries.flatMap(({ text }) => (text === undefined ? [] : [text]));
    const { added, known, malformed, refused } = await take(texts);
    options.onStored?.({ added, known });
    await stream.done(entries.map(({ id }) => id));
    if (malformed > 0) drop(malformed, {});
    for (const tenantId of refused) drop(1, { code: 'AUDIT_RECORD_REFUSED', tenantId });
    return entries.length;
  };

  /** Returns what the fullest stream had, up to a batch. */
  const relayAll = async (): Promise<number> => {
    let most = 0;
    for (const stream of streams) most = Math.max(most, await relayBatch(stream));
    return most;
  };

  const giveUpOld = async (): Promise<void> => {
    for (const stream of streams) {
      const count = await stream.giveUp(maxAgeMs);
      if (count === 0) continue;
      logger.error(
        { event: 'audit.given-up', count, maxAgeMs },
        'audit records waited too long for the database, and are lost',
      );
      options.onGivenUp?.(count);
    }
  };

  const isTimeToLook = () => performance.now() - lookedAt >= times.lookMs;

  const look = async (): Promise<void> => {
    if (!isTimeToLook()) return;
    lookedAt = performance.now();
    const backlogs = await Promise.all(streams.map((stream) => stream.backlog()));
    options.onBacklog?.({
      entries: backlogs.reduce((sum, { entries }) => sum + entries, 0),
      oldestAgeSeconds: Math.max(...backlogs.map(({ oldestAgeMs }) => oldestAgeMs)) / 1000,
    });
    // Who cannot store what he has must not take more.
    if (failures === 0) for (const stream of streams) await stream.takeOver(times.idleMs, MAX_APPEND);
    else await giveUpOld();
  };

  /** One turn; returns the pause behind it, ms. */
  const turn = async (): Promise<number> => {
    try {
      const most = await relayAll();
      // A database that is gone is noticed also while nothing comes.
      if (most === 0 && isTimeToLook()) await take([]);
      if (failures > 0) {
        logger.info({ failures }, 'audit records are stored again');
        throttle.forget();
      }
      failures = 0;
      await look();
      if (most === MAX_APPEND) return 0;
      return most > 0 ? times.gatherMs : times.pollMs;
    } catch (error) {
      if (!(error instanceof StoreFailure)) {
        complain(error, 'the stream of audit records cannot be read');
        return times.pollMs;
      }
      failures += 1;
      complain(error.cause, 'audit records cannot be stored; they wait in Redis');
      await look().catch((failure: unknown) =>
        complain(failure, 'the stream of audit records cannot be read'),
      );
      return exponential(times.backoff, failures) * (0.5 + Math.random() / 2);
    }
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const pauseMs = await turn();
      await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
    for (const stream of streams) await stream.leave().catch(() => {});
  };

  const ended = run();
  return {
    async stop() {
      stopping.abort();
      await Promise.race([ended, delay(STOP_PATIENCE_MS, undefined, { ref: false })]);
    },
  };
}

/** The store did not take a batch, for the reason in `cause`. */
class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
  constructor(cause: unknown) {
    super('the audit store did not take a batch', { cause });
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof CodedError ? error.code : undefined;
}
