/** A time limit on one piece of work. Disposing of it ends it: what is finished in time costs no timer. */
export interface Deadline extends Disposable {
  /** Aborted with a `TimeoutError` when the time is over, and with the reason of the parent when that is aborted. */
  readonly signal: AbortSignal;
  /** The time begins anew, and is so long now; without effect once it was over. */
  restart(ms: number): void;
}

/** @param parent ends the work as well, such as the signal of a worker that must give its jobs up. */
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
