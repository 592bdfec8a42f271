import type { HttpErrorCode } from '../core/http-errors.ts';
import { ProblemError } from './problem.ts';

/** A bounded number of places for answers that take long. */
export interface Room {
  /**
   * Takes a place until the caller has left or has its whole answer.
   * @throws {ProblemError} when no place is free.
   */
  enter(signal: AbortSignal): void;
}

const RETRY_AFTER_SECONDS = 10;

export function createRoom(places: number, code: HttpErrorCode): Room {
  let taken = 0;
  return {
    enter(signal) {
      if (taken >= places) throw new ProblemError(code, { retryAfterSeconds: RETRY_AFTER_SECONDS });
      if (signal.aborted) return;
      taken++;
      signal.addEventListener('abort', () => void taken--, { once: true });
    },
  };
}
