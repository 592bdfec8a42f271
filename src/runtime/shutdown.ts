import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../observe/logger.ts';
import type { Consumer } from './consume.ts';

/**
 * Ends the consumers in three steps: quiet (they take no new job), stop (running jobs may finish,
 * up to the deadline), kill (the rest is aborted; other workers run those jobs when their locks run
 * out).
 *
 * @returns whether every running job finished.
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
  logger.warn({ timeoutMs }, 'running jobs did not finish in time; other workers run them again');
  // A lost connection must not keep the process alive.
  await Promise.race([Promise.all(consumers.map((consumer) => consumer.abandon())), delay(2000)]);
  return false;
}
