import type { AuditRecord } from './record.ts';

/**
 * Where audit records are kept, append-only. The records of a tenant form a chain: each has the next sequence
 * number, and a hash over the hash of the one before and over itself. What is changed, taken out or put in by
 * other means than `append` and `prune` is found by `verify`.
 *
 * Every method rejects with the code AUDIT_STORE_UNAVAILABLE when the database does not answer, and leaves it
 * as it was.
 */
export interface AuditStore {
  /**
   * All of them, or none. A record whose tenant and id are there already stays as it is, whatever else
   * differs, and counts as known.
   * @param records at most {@link MAX_APPEND}.
   */
  append(records: readonly AuditRecord[]): Promise<Appended>;
  count(filter?: CountFilter): Promise<number>;
  /** As they are at one moment, by the time at which they occurred, then by sequence; a page at a time. */
  read(selection: Selection): AsyncIterable<StoredRecord>;
  /** Walks along the whole chain, as it is at one moment; a page at a time. */
  verify(tenantId: string): Promise<Verification>;
  /**
   * Removes records from the beginning of the chain up to the first that was stored at `olderThan` or later;
   * says how many.
   */
  prune(tenantId: string, olderThan: Date): Promise<number>;
  /** Every tenant that has records, or had some. */
  tenants(): Promise<string[]>;
  close(): Promise<void>;
}

/** The most records of one `append`: a transaction that stays short. */
export const MAX_APPEND = 500;

export interface Appended {
  readonly added: number;
  readonly known: number;
}

export interface CountFilter {
  readonly tenantId?: string;
  readonly source?: AuditRecord['source'];
}

/** Records of one tenant that occurred in [from, to). */
export interface Selection {
  readonly tenantId: string;
  readonly from?: Date;
  readonly to?: Date;
}

/** A record with its place in the chain. */
export interface StoredRecord extends AuditRecord {
  /** 1, 2, 3 … per tenant. */
  readonly sequence: number;
  /** When it was stored, ISO 8601 in UTC; never before the one in front of it. */
  readonly recordedAt: string;
  /** SHA-256 of the hash before and of the record, hexadecimal. */
  readonly hash: string;
}

export type Verification =
  | { readonly ok: true; readonly records: number }
  | { readonly ok: false; readonly records: number; readonly issue: ChainError };

/** The first place at which a chain is broken; `records` are sound up to it. */
export interface ChainError {
  /**
   * `changed`: a record, or what is known of the chain's end, is not what was stored. `removed`: a record is
   * not there. `inserted`: a record stands where none can be.
   */
  readonly kind: 'changed' | 'removed' | 'inserted';
  /** Its place; 0: what is known of the chain's end is gone. */
  readonly sequence: number;
  /** Of the record found there, if there is one. */
  readonly id?: string;
}

/** @throws {RangeError} when there are more than one transaction takes. */
export function requireBounded(records: readonly AuditRecord[]): void {
  if (records.length <= MAX_APPEND) return;
  throw new RangeError(`append takes at most ${MAX_APPEND} records at once, got ${records.length}`);
}
