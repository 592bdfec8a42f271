import { eventOf, type Look, polledStream } from './polled-stream.ts';

/** An overview as one caller sees it. */
export interface OverviewLook {
  /** The moment of the overview. It is also the id of its event. */
  readonly at: string;
  /** The overview. It is made only when the caller does not have it yet. */
  readonly json: () => string;
  /** Time until there may be a newer one, ms. */
  readonly freshForMs: number;
}

export interface OverviewStreamOptions {
  readonly read: () => Promise<OverviewLook>;
  readonly mayGoOn: () => Promise<boolean>;
  /** The last event that the caller has, from `Last-Event-ID`. */
  readonly lastEventId: string | undefined;
  readonly signal: AbortSignal;
}

/** Two looks of one stream lie at least so far apart, ms. */
const SHORTEST_WAIT_MS = 50;

/** Server-sent events `overview`: one for each snapshot of this process, with the whole overview. */
export function overviewStream(options: OverviewStreamOptions): AsyncGenerator<string> {
  const { read, mayGoOn, signal } = options;
  let lastAt = options.lastEventId;

  async function look(): Promise<Look> {
    const { at, json, freshForMs } = await read();
    const nextMs = Math.max(SHORTEST_WAIT_MS, freshForMs);
    if (at === lastAt) return { nextMs };
    lastAt = at;
    return { event: eventOf('overview', at, json()), nextMs };
  }

  return polledStream({ look, mayGoOn, signal, quietly: 'there is no newer overview' });
}
