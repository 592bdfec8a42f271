import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isRedisFailure } from '../redis/failure.ts';

export interface JobStreamOptions<Snapshot> {
  /** Undefined when the job is gone. */
  readonly read: () => Promise<Snapshot | undefined>;
  /** The stream ends when the caller may not see the job any more. */
  readonly mayGoOn: () => Promise<boolean>;
  /** What tells one end of the job from another; undefined while it goes on. */
  readonly endOf: (snapshot: Snapshot) => unknown;
  /** The last event that the caller has, from `Last-Event-ID`. */
  readonly lastEventId: string | undefined;
  readonly signal: AbortSignal;
  readonly pollMs?: number;
}

/** How often the server looks at the job. */
const POLL_MS = 500;
/** A comment in this interval keeps proxies from closing a quiet stream. */
const HEARTBEAT_MS = 15_000;
/** A stream ends after this time; the client of the browser opens it again by itself. */
const LONGEST_MS = 3_600_000;

/** The id of the event of a snapshot. That of an end stays, although callbacks go on behind it. */
export function eventIdOf<Snapshot>(
  snapshot: Snapshot,
  { endOf }: Pick<JobStreamOptions<Snapshot>, 'endOf'>,
): string {
  return digestOf(endOf(snapshot) ?? snapshot);
}

/**
 * Server-sent events of a job: `state` whenever its answer changes, and `ended` at its end. An event has
 * the whole state, and its id is a digest of it. So a caller that comes back with `Last-Event-ID` misses
 * nothing that still matters, and gets nothing twice.
 */
export async function* jobStream<Snapshot>(options: JobStreamOptions<Snapshot>): AsyncGenerator<string> {
  const { read, signal, pollMs = POLL_MS } = options;
  const openedAt = performance.now();
  let lastId = options.lastEventId;
  let quietSince = openedAt;
  yield 'retry: 2000\n\n';
  while (!signal.aborted) {
    // Redis may be away for a while; the stream goes on when it is back.
    const mayGoOn = await options.mayGoOn().catch(whileAway);
    if (mayGoOn === false) return;
    const snapshot = mayGoOn === 'away' ? mayGoOn : await read().catch(whileAway);
    if (snapshot === undefined) return yield eventOf('gone', 'gone', {});
    if (snapshot !== 'away') {
      const isOver = options.endOf(snapshot) !== undefined;
      const id = eventIdOf(snapshot, options);
      if (id !== lastId) {
        yield eventOf(isOver ? 'ended' : 'state', id, snapshot);
        quietSince = performance.now();
      }
      if (isOver) return;
      lastId = id;
    }
    const now = performance.now();
    if (now - openedAt > LONGEST_MS) return;
    if (now - quietSince > HEARTBEAT_MS) {
      yield ': the job has not changed\n\n';
      quietSince = now;
    }
    await delay(pollMs, undefined, { signal }).catch(() => {});
  }
}

function whileAway(error: unknown): 'away' {
  if (isRedisFailure(error)) return 'away';
  throw error;
}

function digestOf(snapshot: unknown): string {
  return createHash('sha256').update(JSON.stringify(snapshot)).digest('base64url').slice(0, 16);
}

function eventOf(name: string, id: string, data: unknown): string {
  return `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
}
