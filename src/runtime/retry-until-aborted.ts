import { setTimeout as delay } from 'node:timers/promises';

const RETRY_EVERY_MS = 200;

/**
 * Does it again and again until it is done. What was delivered is written down, and how a job ended is told, before
 * anything else happens: a Redis that is full for a while must not have a message sent again, nor a callback lost. Gives
 * up when the job is not ours any more, and at once on an issue of the program, which would come again each time.
 */
export async function retryUntilAborted<Result>(
  act: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (signal.aborted || isIssue(error)) throw error;
      await delay(RETRY_EVERY_MS);
    }
  }
}

function isIssue(error: unknown): boolean {
  return ISSUES.some((issue) => error instanceof issue) || isAnswerOfBullMQ(error);
}

/** A script of BullMQ has run, and says that the job is gone, or is not ours any more. */
function isAnswerOfBullMQ(error: unknown): boolean {
  return error instanceof Error && typeof Reflect.get(error, 'code') === 'number';
}

/** Errors of Redis, and of the way to it, are of none of these. */
const ISSUES = [TypeError, RangeError, SyntaxError, ReferenceError];
