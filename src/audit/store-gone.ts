import { CodedError } from '../core/errors.ts';

/** The database is not the one that was opened: it was removed, or another one stands in its place. */
export class StoreGone extends CodedError {
  constructor(message: string) {
    super('AUDIT_STORE_UNAVAILABLE', message);
  }
}
