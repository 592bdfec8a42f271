import { ApiError, ConnectionError } from './api-error.ts';
import { readEvents } from './event-stream.ts';
import { sleep, waitBeforeRetry } from './retry.ts';
import type { CallOptions, Transport } from './transport.ts';
import type { DetailedJob } from './types.ts';

export interface FollowOptions extends CallOptions {
  /** The last event that the caller has, of an earlier run. */
  readonly lastEventId?: string | undefined;
}

/** The state of a job. `ended` and `gone` are the last event. */
export type JobEvent =
  | { readonly type: 'state' | 'ended'; readonly id: string; readonly job: DetailedJob }
  /** Redis no longer has the job. */
  | { readonly type: 'gone'; readonly id: string };

/** Until the server names a time. */
const REOPEN_AFTER_MS = 2000;
/** The server sends a comment every 15 s. */
const LONGEST_SILENCE_MS = 45_000;

/**
 * Follows a job to its end. It opens the stream again when the connection ends, after the last event,
 * so that the caller sees each state once.
 * @throws {ApiError | ConnectionError} when the stream cannot be opened again.
 */
export async function* followJob(
  transport: Transport,
  path: string,
  { lastEventId, timeoutMs = LONGEST_SILENCE_MS, signal }: FollowOptions = {},
): AsyncGenerator<JobEvent, void, undefined> {
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
      for await (const { event, id, data } of events) {
        failures = 0;
        lastId = id;
        const found = jobEventOf(event, id, data);
        if (!found) continue;
        yield found;
        if (found.type !== 'state') return;
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

/** Undefined for an event of a newer server. */
function jobEventOf(type: string, id: string, data: string): JobEvent | undefined {
  if (type === 'gone') return { type, id };
  if (type !== 'state' && type !== 'ended') return undefined;
  return { type, id, job: JSON.parse(data) as DetailedJob };
}
