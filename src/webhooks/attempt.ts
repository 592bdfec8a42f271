import { CodedError } from '../core/errors.ts';

/** What came of one attempt to call a receiver, as it is logged. */
export interface Attempt {
  /** When it began, ISO 8601. */
  readonly at: string;
  /**
   * `delivered`: 2xx. `refused`: any other answer; `gone`: 410. `unreachable`: no answer in time. `forbidden`: not sent,
   * because of where it would have gone. `abandoned`: given up by this worker, which had to stop.
   */
  readonly outcome: 'delivered' | 'refused' | 'gone' | 'unreachable' | 'forbidden' | 'abandoned';
  readonly latencyMs: number;
  /** HTTP status of the answer, if there was one. */
  readonly status?: number;
  /** How long the receiver asked us to wait, with 429 or 503; ms. */
  readonly retryAfterMs?: number;
  /** The first characters of the answer. */
  readonly answer?: string;
}

/**
 * The failure that an attempt was; undefined when it was delivered.
 *
 * Why a receiver could not be reached is not said: the address is the caller's, and the reason would describe our
 * network to him.
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
      return new CodedError(
        'WEBHOOK_TARGET_REFUSED',
        'the address of the receiver is not one that may be called',
      );
    case 'unreachable':
    case 'abandoned':
      return new CodedError(
        'WEBHOOK_UNREACHABLE',
        'the receiver could not be reached or gave no answer in time',
      );
  }
}
