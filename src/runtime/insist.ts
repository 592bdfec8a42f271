import { setTimeout as delay } from 'node:timers/promises';

const INSIST_EVERY_MS = 200;

/**
 * What was delivered is written down before anything else happens: a Redis that is full for a while must not have
 * it sent again. Gives up when the job is not ours any more.
 */
export async function insist<Result>(act: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (signal.aborted) throw error;
      await delay(INSIST_EVERY_MS);
    }
  }
}
