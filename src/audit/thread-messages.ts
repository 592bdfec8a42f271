import type { ErrorCode } from '../core/errors.ts';
import type { ChainKeys } from './chain-keys.ts';
import type { AuditRecord } from './record.ts';
import type { CountFilter, Selection } from './store.ts';

/** Input of the store's thread at its start. */
export interface ThreadOptions {
  readonly url: string;
  /** Keys of the chain. */
  readonly keys: ChainKeys;
}

/** Calls to the store as plain data. */
export type Act =
  | { readonly name: 'append'; readonly records: readonly AuditRecord[] }
  | { readonly name: 'take'; readonly texts: readonly string[] }
  | { readonly name: 'count'; readonly filter: CountFilter | undefined }
  | { readonly name: 'verify'; readonly tenantId: string }
  | { readonly name: 'prune'; readonly tenantId: string; readonly olderThan: Date }
  | { readonly name: 'placeOf'; readonly tenantId: string; readonly sequence: number | undefined }
  | { readonly name: 'tenants' }
  /**
   * `read` opens a reading under a number. `page` returns its next records, and an empty page at
   * its end. `leave` ends it early.
   */
  | { readonly name: 'read'; readonly reading: number; readonly selection: Selection }
  | { readonly name: 'page'; readonly reading: number }
  | { readonly name: 'leave'; readonly reading: number }
  | { readonly name: 'close' };

export interface Call {
  readonly id: number;
  /** The time by the clock of the process. */
  readonly nowMs: number;
  readonly act: Act;
}

export type Answer = { readonly id: number } & ({ readonly result: unknown } | { readonly failure: Failure });

/** An error as plain data. Without a code it is an error of this program. */
export interface Failure {
  readonly code: ErrorCode | undefined;
  readonly message: string;
}
