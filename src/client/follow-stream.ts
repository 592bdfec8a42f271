import { ApiError, ConnectionError } from './api-error.ts';
import { readEvents, type ServerSentEvent } from './event-stream.ts';
import { sleep, waitBeforeRetry } from './retry.ts';
import type { CallOptions, Transport } from './transport.ts';

export interface FollowOptions extends CallOptions {
  /** The last event that the caller has, of an earlier run. */
  readonly lastEventId?: string | undefined;
}

/** What is followed. */
export interface Followed {
  readonly path: string;
  readonly query?: object | undefined;
}

/** Until the server names a time. */
const REOPEN_AFTER_MS = 2000;
/** The server sends a comment every 15 s. */
const LONGEST_SILENCE_MS = 45_000;

/**
 * Yields server-sent events. It opens the stream again when the connection ends, after the last event.
 * It ends when the server says that the caller has all events.
 * @throws {ApiError | ConnectionError} when the stream cannot be opened again.
 */
export async function* followStream(
  transport: Transport,
  { path, query }: Followed,
  { lastEventId, timeoutMs = LONGEST_SILENCE_MS, signal }: FollowOptions = {},
): AsyncGenerator<ServerSentEvent, void, undefined> {
  let lastId = lastEventId;
  let reopenAfterMs = REOPEN_AFTER_MS;
  let failures = 0;
  // The caller has the last event already.
  let isOver = false;
  for (;;) {
    try {
      const texts = transport.stream({
        method: 'GET',
        path,
        query,
        headers: {
          accept: 'text/event-stream',
          ...(lastId !== undefined && { 'last-event-id': lastId }),
        },
        isRepeatable: true,
        signal,
        timeoutMs,
        onNoContent() {
          isOver = true;
        },
      });
      const events = readEvents(texts, { onRetry: (ms) => (reopenAfterMs = ms) });
      for await (const event of events) {
        failures = 0;
        lastId = event.id;
        yield event;
      }
      if (isOver) return;
      // A stream without news ends as well, by the server or by a proxy.
      failures = 0;
      await sleep(reopenAfterMs, signal);
    } catch (error) {
      const isOfServer = error instanceof ApiError || error instanceof ConnectionError;
      const waitMs = isOfServer ? waitBeforeRetry(error, failures++, true, transport.policy) : undefined;
      if (waitMs === undefined) throw error;
      await sleep(waitMs, signal);
    }
  }
}
