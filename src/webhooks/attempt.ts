import { CodedError } from '../core/errors.ts';

/** The result of one attempt to call a receiver, as the log of attempts holds it. */
export interface Attempt {
  /** When the attempt began, ISO 8601. */
  readonly at: string;
  /**
   * `delivered`: 2xx. `gone`: 410. `refused`: any other status. `unreachable`: no answer in time.
   * `forbidden`: not sent, because the tenant's rules do not allow the address.
   * `abandoned`: the worker had to stop before the answer came.
   */
  readonly outcome: 'delivered' | 'refused' | 'gone' | 'unreachable' | 'forbidden' | 'abandoned';
  readonly latencyMs: number;
  /** HTTP status of the answer; undefined without an answer. */
  readonly status?: number;
  /** Wait that the receiver asked for with a 429 or 503, ms. */
  readonly retryAfterMs?: number;
  /** The first characters of the answer. */
  readonly answer?: string;
}

/**
 * The error of an attempt; undefined if the callback was delivered.
 *
 * The error does not say why a receiver is unreachable. The producer chooses the address, so the
 * reason would describe our network to the producer.
 */
export function failureOf({ outcome, status = 0, retryAfterMs }: Attempt): CodedError | undefined {
  switch (outcome) {
    case 'delivered':
      return undefined;
    case 'gone':
      return new CodedError('WEBHOOK_GONE', 'the receiver answered 410', { status });
    case 'refused': {
      const options = { status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
      return new CodedError('WEBHOOK_REFUSED', `the receiver answered ${status}`, options);
    }
    case 'forbidden':
      return new CodedError('WEBHOOK_TARGET_REFUSED', 'the address of the receiver is not allowed');
    case 'unreachable':
    case 'abandoned':
      return new CodedError(
        'WEBHOOK_UNREACHABLE',
        'the receiver could not be reached or gave no answer in time',
      );
  }
}
