/** How long a caller waits for something that may never end. */
export interface Bounds {
  readonly timeoutMs: number;
  /** Ends the wait early; the wait then fails with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits for a promise within the bounds of its caller. The work behind the promise goes on.
 *
 * @param onTimeout makes the error for a wait that took too long.
 * @throws the reason of the signal, the error of `onTimeout`, or the error of the promise.
 */
export function bounded<Value>(
  work: Promise<Value>,
  { timeoutMs, signal }: Bounds,
  onTimeout: () => Error,
): Promise<Value> {
  // Requests wait here: one promise costs less than a race, and a timer less than a signal.
  return new Promise((resolve, reject) => {
    const leave = () => end(() => reject(signal?.reason));
    const timer = setTimeout(() => end(() => reject(onTimeout())), timeoutMs).unref();
    const end = (settle: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
      settle();
    };
    work.then(
      (value) => end(() => resolve(value)),
      (error: unknown) => end(() => reject(error)),
    );
    if (signal?.aborted) leave();
    else signal?.addEventListener('abort', leave);
  });
}
