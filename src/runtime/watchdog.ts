import { setTimeout as delay } from 'node:timers/promises';
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
  /**
   * Whether a connection of its own finds no Redis either, when a queue does not answer: then no worker could take a job,
   * and a new one would find nothing. Without it a queue that does not answer counts as one that has work.
   */
  readonly isRedisAway?: () => Promise<boolean>;
}

const EVERY_MS = 20_000;
const STRIKES = 3;

/**
 * A worker can go deaf: connected, healthy by every ping, and taking no job. Only progress tells. One that has work
 * waiting, nothing in hand and has begun nothing, three looks in a row, gives up. The queue is asked with a deadline:
 * its connection is what may be deaf.
 */
export function startWatchdog(options: WatchdogOptions): { stop(): void } {
  const { consumers, logger, giveUp, everyMs = EVERY_MS, isRedisAway = async () => false } = options;
  const seen = consumers.map((consumer) => ({ consumer, started: consumer.started(), strikes: 0 }));
  let isLooking = false;

  const look = async (entry: (typeof seen)[number]): Promise<Finding> => {
    const started = entry.consumer.started();
    const isIdle = started === entry.started && entry.consumer.inHand() === 0;
    entry.started = started;
    return isIdle ? await askForWork(entry.consumer, everyMs / 2) : 'well';
  };

  const timer = setInterval(async () => {
    if (isLooking) return;
    isLooking = true;
    try {
      const findings = await Promise.all(seen.map(look));
      if (findings.includes('no answer') && (await isRedisAway())) return;
      for (const [index, entry] of seen.entries())
        entry.strikes = findings[index] === 'well' ? 0 : entry.strikes + 1;
      if (!seen.some(({ strikes }) => strikes >= STRIKES)) return;
    } finally {
      isLooking = false;
    }
    logger.fatal('work is waiting and none is taken; this process gives up so that a new one can start');
    giveUp();
  }, everyMs);
  return { stop: () => clearInterval(timer) };
}

type Finding = 'well' | 'work waits' | 'no answer';

async function askForWork(consumer: Progress, deadlineMs: number): Promise<Finding> {
  const timer = new AbortController();
  const answer = consumer.hasWork().then(
    (hasWork): Finding => (hasWork ? 'work waits' : 'well'),
    (): Finding => 'no answer',
  );
  const late = delay<Finding>(deadlineMs, 'no answer', { signal: timer.signal }).catch((): Finding => 'well');
  return await Promise.race([answer, late]).finally(() => timer.abort());
}
