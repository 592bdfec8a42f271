import type { RedisClient } from '../redis/connect.ts';
import { redisTimeMs } from '../redis/redis-time.ts';
import { CLEAR, type Seal } from '../seal/seal.ts';
import { RECORD_FIELD, recordOf } from './outbox.ts';

/** An entry of the stream; its text is undefined when the entry was trimmed meanwhile. */
export interface Entry {
  readonly id: string;
  /** Empty when the entry lacks the field. */
  readonly text: string | undefined;
}

export interface Backlog {
  readonly entries: number;
  readonly oldestAgeMs: number;
}

/**
 * The stream of one partition, as one consumer of the group sees it.
 *
 *             next                       done
 *   noted ──────────► in the consumer's ──────► gone
 *                     hands      ▲
 *                       │        │ takeOver, by another consumer
 *                       └────────┘ idle for `idleMs`: its consumer died
 */
export interface AuditStream {
  /** Returns entries that this consumer holds already, else entries that no consumer has read. */
  next(count: number): Promise<Entry[]>;
  /** Takes over entries that a dead consumer holds. */
  takeOver(idleMs: number, count: number): Promise<void>;
  /** Deletes entries. */
  done(ids: readonly string[]): Promise<void>;
  backlog(): Promise<Backlog>;
  /** Deletes entries older than this, by the clock of Redis; returns their number. */
  giveUp(maxAgeMs: number): Promise<number>;
  /** Removes the consumer from the group, unless it holds entries. */
  leave(): Promise<void>;
}

const GROUP = 'audit';

export function createAuditStream(
  client: RedisClient,
  key: string,
  consumer: string,
  seal: Seal = CLEAR,
): AuditStream {
  /** Creates the group when it is missing: at the first use, and when Redis has lost the stream. */
  const inGroup = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    try {
      return await act();
    } catch (error) {
      if (!startsWith(error, 'NOGROUP')) throw error;
    }
    await client.xgroup('CREATE', key, GROUP, '0', 'MKSTREAM').catch((error: unknown) => {
      // Another replica has created it meanwhile.
      if (!startsWith(error, 'BUSYGROUP')) throw error;
    });
    return await act();
  };

  const read = (count: number, from: '0' | '>') =>
    inGroup(async () =>
      entriesOf(
        await client.xreadgroup('GROUP', GROUP, consumer, 'COUNT', count, 'STREAMS', key, from),
        seal,
      ),
    );

  /** Whether this consumer may hold entries. Without this flag every read would be two. */
  let mayHaveSome = false;

  return {
    async next(count) {
      if (mayHaveSome) {
        const inHand = await read(count, '0');
        if (inHand.length > 0) return inHand;
      }
      mayHaveSome = true;
      const fresh = await read(count, '>');
      mayHaveSome = fresh.length > 0;
      return fresh;
    },

    async takeOver(idleMs, count) {
      mayHaveSome = true;
      await inGroup(() => client.xautoclaim(key, GROUP, consumer, idleMs, '0-0', 'COUNT', count, 'JUSTID'));
    },

    async done(ids) {
      if (ids.length === 0) return;
      // A full Redis refuses every transaction, so these are two commands. After a crash in
      // between, the group holds the id of a deleted entry, and the next reader acknowledges it. In
      // the other order the entry would stay for ever.
      await client.xdel(key, ...ids);
      await client.xack(key, GROUP, ...ids);
    },

    backlog: () => readBacklog(client, key),

    async giveUp(maxAgeMs) {
      const oldestMs = (await redisTimeMs(client)) - maxAgeMs;
      return Number(await client.xtrim(key, 'MINID', '=', String(oldestMs)));
    },

    async leave() {
      const [inHand] = await inGroup(() => client.xpending(key, GROUP, '-', '+', 1, consumer));
      if (inHand === undefined) await client.xgroup('DELCONSUMER', key, GROUP, consumer);
    },
  };
}

/** What waits in a stream. It changes nothing, and needs no consumer. */
export async function readBacklog(client: RedisClient, key: string): Promise<Backlog> {
  const [entries, oldest, nowMs] = await Promise.all([
    client.xlen(key),
    client.xrange(key, '-', '+', 'COUNT', 1),
    redisTimeMs(client),
  ]);
  const [id] = oldest[0] ?? [];
  return { entries, oldestAgeMs: id === undefined ? 0 : Math.max(0, nowMs - Number.parseInt(id, 10)) };
}

/** What waits in several streams together. */
export function togetherWaiting(backlogs: readonly Backlog[]): Backlog {
  return {
    entries: backlogs.reduce((sum, { entries }) => sum + entries, 0),
    oldestAgeMs: Math.max(0, ...backlogs.map(({ oldestAgeMs }) => oldestAgeMs)),
  };
}

/** Reads the reply for one stream: [[key, [[id, [name, value, …] | null], …]]], or null. */
function entriesOf(reply: unknown, seal: Seal): Entry[] {
  const [stream] = (reply ?? []) as [string, [string, string[] | null][]][];
  return (stream?.[1] ?? []).map(([id, fields]) => {
    if (!fields) return { id, text: undefined };
    const place = fields.findIndex((name, index) => index % 2 === 0 && name === RECORD_FIELD);
    return { id, text: place < 0 ? '' : recordOf(fields[place + 1] ?? '', seal) };
  });
}

function startsWith(error: unknown, word: string): boolean {
  return error instanceof Error && error.message.startsWith(word);
}
