import type { Logger } from '../observe/logger.ts';

/** What can be seen of one consumer's progress. */
export interface Progress {
  /** Jobs that it has begun since its start. */
  started(): number;
  /** Jobs in its hands. */
  inHand(): number;
  /** Whether its queue has a job that could run now. */
  hasWork(): Promise<boolean>;
}

export interface WatchdogOptions {
  readonly consumers: readonly Progress[];
  readonly logger: Logger;
  /** Ends the process, so that whoever runs it starts a new one. */
  readonly giveUp: () => void;
  readonly everyMs?: number;
}

const EVERY_MS = 20_000;
const STRIKES = 3;

/**
 * A worker can go deaf: connected, healthy by every ping, and taking no job. Only progress tells. One that has work
 * waiting, nothing in hand and has begun nothing, three looks in a row, gives up.
 */
export function startWatchdog({ consumers, logger, giveUp, everyMs = EVERY_MS }: WatchdogOptions): {
  stop(): void;
} {
  const seen = consumers.map((consumer) => ({ consumer, started: consumer.started(), strikes: 0 }));

  const look = async (entry: (typeof seen)[number]) => {
    const started = entry.consumer.started();
    const isIdle = started === entry.started && entry.consumer.inHand() === 0;
    entry.started = started;
    entry.strikes = isIdle && (await entry.consumer.hasWork()) ? entry.strikes + 1 : 0;
    return entry.strikes >= STRIKES;
  };

  const timer = setInterval(async () => {
    try {
      const deaf = await Promise.all(seen.map(look));
      if (!deaf.includes(true)) return;
    } catch {
      // Redis does not answer: nobody could take a job now.
      return;
    }
    logger.fatal('work is waiting and none is taken; this process gives up so that a new one can start');
    giveUp();
  }, everyMs);
  return { stop: () => clearInterval(timer) };
}
