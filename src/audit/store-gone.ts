import { CodedError } from '../core/errors.ts';

/** The database was removed or replaced since it was opened. */
export class StoreGone extends CodedError {
  constructor(message: string) {
    super('AUDIT_STORE_UNAVAILABLE', message);
  }
}
