import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

/** The deadline, and the subject of the wait in the words of the error. */
export interface WaitOptions {
  what: string;
  /** The end of the wait. 120,000 by default, because a loaded machine is slow. */
  deadlineMs?: number;
}

type Truthy<T> = Exclude<T, null | undefined | false | 0 | ''>;

/**
 * The pauses between two calls. They grow in a long wait: each call takes processor time from the
 * part that the test waits for.
 */
const PAUSE = { firstMs: 10, growth: 1.2, longestMs: 50 };

/**
 * Calls `probe` until its answer is truthy, and returns that answer. A probe that throws counts as
 * "not yet". After the deadline it throws an error with the subject and the last answer.
 */
export async function waitFor<T>(
  probe: () => T | Promise<T>,
  { what, deadlineMs = 120_000 }: WaitOptions,
): Promise<Truthy<T>> {
  const deadline = performance.now() + deadlineMs;
  let last: unknown;
  let pauseMs = PAUSE.firstMs;
  do {
    try {
      const answer = await probe();
      if (answer) return answer as Truthy<T>;
      last = answer;
    } catch (error) {
      last = error;
    }
    await sleep(pauseMs);
    pauseMs = Math.min(pauseMs * PAUSE.growth, PAUSE.longestMs);
  } while (performance.now() < deadline);
  throw new Error(`Waited ${deadlineMs} ms in vain for ${what}. The last answer: ${describe(last)}`);
}

function describe(answer: unknown): string {
  return answer instanceof Error ? `it threw ${answer}` : inspect(answer, { depth: 4 });
}
