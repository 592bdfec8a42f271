import type { ApiKey } from '../access/api-key.ts';
import type { HttpErrorCode } from '../core/http-errors.ts';
import { ProblemError } from './problem.ts';

/** A bounded number of places for answers that take long. */
export interface Room {
  /**
   * Takes a place until the caller has left or has its whole answer.
   * @throws {ProblemError} when no place is free, or the key has its share of them.
   */
  enter(caller: RoomCaller): void;
}

/** Who takes a place. */
export interface RoomCaller {
  readonly key: Pick<ApiKey, 'id'>;
  readonly signal: AbortSignal;
}

export interface RoomOptions {
  readonly places: number;
  /** Places that one key may hold, percent. */
  readonly keyShare: number;
  readonly code: HttpErrorCode;
}

const RETRY_AFTER_SECONDS = 10;

export function createRoom({ places, keyShare, code }: RoomOptions): Room {
  const placesOfKey = Math.max(1, Math.ceil((places * keyShare) / 100));
  const taken = new Map<string, number>();
  let allTaken = 0;

  const change = (keyId: string, by: 1 | -1) => {
    const left = (taken.get(keyId) ?? 0) + by;
    allTaken += by;
    if (left === 0) taken.delete(keyId);
    else taken.set(keyId, left);
  };

  return {
    enter({ key, signal }) {
      const hasShare = (taken.get(key.id) ?? 0) >= placesOfKey;
      if (hasShare || allTaken >= places) {
        const detail = hasShare ? `One key may have ${placesOfKey} at the same time.` : undefined;
        throw new ProblemError(code, { detail, retryAfterSeconds: RETRY_AFTER_SECONDS });
      }
      if (signal.aborted) return;
      change(key.id, 1);
      signal.addEventListener('abort', () => change(key.id, -1), { once: true });
    },
  };
}
