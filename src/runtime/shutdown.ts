import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../observe/logger.ts';
import type { Consumer } from './consume.ts';

/**
 * Ends the consumers in three words: quiet (take no new job), stop (let those in hand finish, up to the
 * deadline), kill (abort what is left; its jobs go to other workers when their locks run out).
 *
 * @returns whether every job in hand was finished.
 */
export async function stopConsumers(
  consumers: readonly Consumer[],
  timeoutMs: number,
  logger: Logger,
): Promise<boolean> {
  const timer = new AbortController();
  const finished = Promise.all(consumers.map((consumer) => consumer.quiet())).then(() => true);
  const expired = delay(timeoutMs, false, { signal: timer.signal }).catch(() => false);
  const inTime = await Promise.race([finished, expired]);
  timer.abort();
  if (inTime) return true;
  logger.warn({ timeoutMs }, 'jobs in hand did not finish in time; other workers will run them again');
  // A connection that is gone must not hold the process back.
  await Promise.race([Promise.all(consumers.map((consumer) => consumer.abandon())), delay(2000)]);
  return false;
}
