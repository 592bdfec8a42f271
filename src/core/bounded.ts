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
export async function bounded<Value>(
  work: Promise<Value>,
  { timeoutMs, signal }: Bounds,
  onTimeout: () => Error,
): Promise<Value> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  // No signal for the timer: requests wait here, and a signal costs more than the timer.
  const timer = setTimeout(() => reject(onTimeout()), timeoutMs).unref();
  const leave = () => reject(signal?.reason);
  if (signal?.aborted) leave();
  signal?.addEventListener('abort', leave);
  // The work may fail after the wait has ended.
  work.catch(() => {});
  try {
    return await Promise.race([ended, work]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', leave);
  }
}
