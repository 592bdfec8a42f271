import { createHash } from 'node:crypto';
import { eventOf, type Look, polledStream } from './polled-stream.ts';

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
export function jobStream<Snapshot>(options: JobStreamOptions<Snapshot>): AsyncGenerator<string> {
  const { read, mayGoOn, signal, pollMs: nextMs = POLL_MS } = options;
  let lastId = options.lastEventId;

  async function look(): Promise<Look> {
    const snapshot = await read();
    if (snapshot === undefined) return { event: eventOf('gone', 'gone', '{}'), isOver: true, nextMs };
    const isOver = options.endOf(snapshot) !== undefined;
    const id = eventIdOf(snapshot, options);
    if (id === lastId) return { isOver, nextMs };
    lastId = id;
    return { event: eventOf(isOver ? 'ended' : 'state', id, JSON.stringify(snapshot)), isOver, nextMs };
  }

  return polledStream({ look, mayGoOn, signal, quietly: 'the job has not changed' });
}

function digestOf(snapshot: unknown): string {
  return createHash('sha256').update(JSON.stringify(snapshot)).digest('base64url').slice(0, 16);
}
