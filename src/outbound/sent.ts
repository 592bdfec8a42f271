/**
 * A request got no answer. If `wasSent` is false, the request was never given to a connection, so
 * the server cannot have acted on it. If it is true, the server may have acted on it.
 */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  readonly wasSent: boolean;

  constructor(wasSent: boolean, cause: unknown) {
    super(wasSent ? 'the request was sent, and no answer came' : 'the request was not sent', { cause });
    this.wasSent = wasSent;
  }
}

/** Whether the request that failed with this error may have reached the server. */
export function wasSent(thrown: unknown): boolean {
  for (let cause = thrown; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof NoAnswerError) return cause.wasSent;
  }
  return false;
}
