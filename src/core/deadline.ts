/** A time limit on one piece of work. Disposing of it clears its timer. */
export interface Deadline extends Disposable {
  /** Aborted with a `TimeoutError` at the end of the time, or with the reason of the parent. */
  readonly signal: AbortSignal;
  /** Starts the time anew, with this length. No effect once the time is over. */
  restart(ms: number): void;
}

/**
 * @param parent ends the work as well, such as the signal of a worker that must give up its jobs.
 */
export function startDeadline(ms: number, parent?: AbortSignal): Deadline {
  const controller = new AbortController();
  const abort = () => controller.abort(parent?.reason);
  if (parent?.aborted) abort();
  else parent?.addEventListener('abort', abort);
  const start = (timeMs: number) => {
    const expire = () => controller.abort(new DOMException(`${timeMs} ms are over`, 'TimeoutError'));
    return setTimeout(expire, timeMs).unref();
  };
  let timer = start(ms);
  return {
    signal: controller.signal,
    restart(timeMs) {
      clearTimeout(timer);
      timer = start(timeMs);
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      parent?.removeEventListener('abort', abort);
    },
  };
}
