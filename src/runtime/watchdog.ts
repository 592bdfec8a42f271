import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../observe/logger.ts';

/** The progress of one consumer. */
export interface Progress {
  /** Jobs that it has started so far. */
  started(): number;
  /** Jobs that it runs now. */
  inHand(): number;
  /** Whether its queue has a job that could run now. */
  hasWork(): Promise<boolean>;
}

export interface WatchdogOptions {
  /** More of them may come later. */
  readonly consumers: readonly Progress[];
  readonly logger: Logger;
  /** Ends the process, so that its service manager starts a new one. */
  readonly giveUp: () => void;
  readonly everyMs?: number;
  /**
   * Checks over a connection of its own whether Redis is away, when a queue does not answer. Then
   * no worker could take a job, and a new process would not help. Without this check a queue that
   * does not answer counts as a queue with work.
   */
  readonly isRedisAway?: () => Promise<boolean>;
}

/** Watches the consumers of this process. */
export interface Watchdog {
  /**
   * Whether the watchdog itself no longer gets on: no look has ended for the time of four. A Redis that
   * is away is no reason, because a look ends then too.
   */
  isStuck(): boolean;
  /** Ends the looks. A watchdog that has ended is not stuck. */
  stop(): void;
}

const EVERY_MS = 20_000;
const STRIKES = 3;

/**
 * Ends a worker that takes no jobs although it is connected and answers every ping. Only its
 * progress shows this. The watchdog gives up after three looks in a row at which a consumer has
 * work waiting, runs no job and has started no job. It asks the queue with a deadline, because the
 * connection of the queue may be stuck.
 */
export function startWatchdog(options: WatchdogOptions): Watchdog {
  const { consumers, logger, giveUp, everyMs = EVERY_MS, isRedisAway = async () => false } = options;
  const seen: Seen[] = [];
  const noteNew = () => {
    for (const consumer of consumers.slice(seen.length))
      seen.push({ consumer, started: consumer.started(), strikes: 0 });
  };
  noteNew();
  let isLooking = false;
  let isStopped = false;
  let endedAtMs = performance.now();

  const look = async (entry: Seen): Promise<Finding> => {
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
      noteNew();
      if (!seen.some(({ strikes }) => strikes >= STRIKES)) return;
    } finally {
      isLooking = false;
      endedAtMs = performance.now();
    }
    logger.fatal(
      'work is waiting and this worker takes no job; the process ends so that a new one can start',
    );
    giveUp();
  }, everyMs);
  return {
    isStuck: () => !isStopped && performance.now() - endedAtMs > (STRIKES + 1) * everyMs,
    stop() {
      isStopped = true;
      clearInterval(timer);
    },
  };
}

interface Seen {
  readonly consumer: Progress;
  started: number;
  strikes: number;
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
