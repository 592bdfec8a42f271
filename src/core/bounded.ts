import { startDeadline } from './deadline.ts';

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
  using deadline = startDeadline(timeoutMs, signal);
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = () => reject(signal?.aborted ? signal.reason : onTimeout());
  if (deadline.signal.aborted) end();
  deadline.signal.addEventListener('abort', end, { once: true });
  // The work may fail after the wait has ended.
  work.catch(() => {});
  return await Promise.race([ended, work]);
}
