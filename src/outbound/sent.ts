/**
 * A request got no answer. `wasSent` tells the two ways apart: it was never handed to a connection, so that nothing can
 * have been done, or it was, and the other side may have done what it asks for.
 */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  readonly wasSent: boolean;

  constructor(wasSent: boolean, cause: unknown) {
    super(wasSent ? 'the request was sent, and no answer came' : 'the request was not sent', { cause });
    this.wasSent = wasSent;
  }
}

/** Whether a request that failed with this may have reached the other side. */
export function wasSent(thrown: unknown): boolean {
  for (let cause = thrown; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof NoAnswerError) return cause.wasSent;
  }
  return false;
}
