import { setTimeout as delay } from 'node:timers/promises';
import { isRedisFailure } from '../redis/failure.ts';

/** Headers of an answer with server-sent events. */
export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  // nginx would hold events back until its buffer is full.
  'x-accel-buffering': 'no',
} as const;

/** What the server has found at one look. */
export interface Look {
  /** An event as the caller gets it; undefined when there is nothing new. */
  readonly event?: string | undefined;
  /** There will be no further event. */
  readonly isOver?: boolean;
  /** Wait before the next look, ms. */
  readonly nextMs: number;
}

export interface PolledStreamOptions {
  readonly look: () => Promise<Look>;
  /** The stream ends when the caller may not go on. */
  readonly mayGoOn: () => Promise<boolean>;
  readonly signal: AbortSignal;
  /** What the server says when there has been nothing new for a while. */
  readonly quietly: string;
}

/** A comment in this interval keeps proxies from closing a quiet stream. */
const HEARTBEAT_MS = 15_000;
/** A stream ends after this time; the client of the browser opens it again by itself. */
const LONGEST_MS = 3_600_000;
/** Wait before the next look while Redis is away, ms. */
const AWAY_MS = 500;

/** Server-sent events about a thing that the server looks at again and again. */
export async function* polledStream(options: PolledStreamOptions): AsyncGenerator<string> {
  const { look, signal, quietly } = options;
  const openedAt = performance.now();
  let quietSince = openedAt;
  yield 'retry: 2000\n\n';
  while (!signal.aborted) {
    // Redis may be away for a while; the stream goes on when it is back.
    const mayGoOn = await options.mayGoOn().catch(whileAway);
    if (mayGoOn === false) return;
    const found = mayGoOn === 'away' ? mayGoOn : await look().catch(whileAway);
    if (found !== 'away') {
      if (found.event !== undefined) {
        yield found.event;
        quietSince = performance.now();
      }
      if (found.isOver) return;
    }
    const now = performance.now();
    if (now - openedAt > LONGEST_MS) return;
    if (now - quietSince > HEARTBEAT_MS) {
      yield `: ${quietly}\n\n`;
      quietSince = now;
    }
    await delay(found === 'away' ? AWAY_MS : found.nextMs, undefined, { signal }).catch(() => {});
  }
}

/** An event with all that a caller needs to go on behind it. */
export function eventOf(name: string, id: string, json: string): string {
  return `event: ${name}\nid: ${id}\ndata: ${json}\n\n`;
}

function whileAway(error: unknown): 'away' {
  if (isRedisFailure(error)) return 'away';
  throw error;
}
