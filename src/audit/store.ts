import type { AuditRecord } from './record.ts';

/**
 * An append-only store of audit records. The records of a tenant form a chain: each has the next
 * sequence number, and a hash over the previous hash and itself. `verify` finds what another
 * program changed, removed or inserted.
 *
 * Every method rejects with AUDIT_STORE_UNAVAILABLE, and changes nothing, when the database does
 * not answer.
 */
export interface AuditStore {
  /**
   * Stores all records, or rejects and stores nothing. A record whose tenant and id are stored
   * already changes nothing and counts as known.
   * @param records at most {@link MAX_APPEND}.
   */
  append(records: readonly AuditRecord[]): Promise<Appended>;
  count(filter?: CountFilter): Promise<number>;
  /** Reads a snapshot, page by page, in the order of occurrence and then of sequence. */
  read(selection: Selection): AsyncIterable<StoredRecord>;
  /** Checks the whole chain in a snapshot, page by page. */
  verify(tenantId: string): Promise<Verification>;
  /**
   * Removes the records from the beginning of the chain up to the first one that was stored at
   * `olderThan` or later. Returns their number.
   */
  prune(tenantId: string, olderThan: Date): Promise<number>;
  /**
   * The ends of a chain, and the hash of one record of it; undefined for a tenant without records.
   * @param sequence of the record; without it only the ends.
   */
  placeOf(tenantId: string, sequence?: number): Promise<ChainPlace | undefined>;
  /** Every tenant that has, or had, records. */
  tenants(): Promise<string[]>;
  close(): Promise<void>;
}

/** Most records of one `append`, so that its transaction stays short. */
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

/** A record with its link in the chain. */
export interface StoredRecord extends AuditRecord {
  /** 1, 2, 3 … per tenant. */
  readonly sequence: number;
  /** When it was stored, ISO 8601 in UTC; never before the previous record. */
  readonly recordedAt: string;
  /** Over the previous hash and the record: SHA-256 in hexadecimal, or `<key>.2:<HMAC-SHA256>` with AUDIT_KEYS. */
  readonly hash: string;
}

/** A sequence number and the hash of its record. */
export interface Link {
  readonly sequence: number;
  readonly hash: string;
}

/** The link in front of the first record that is kept. */
export interface Anchor extends Link {
  /** `<key>:<HMAC-SHA256>` of its place, with AUDIT_KEYS (chain-anchor.ts); null without. */
  readonly hmac: string | null;
}

/**
 * The known ends of a chain, stored apart from its records. Without them `verify` could not notice
 * that records are missing at the beginning or at the end.
 */
export interface Head extends Link {
  readonly anchor: Anchor;
  /** When the last record was stored. */
  readonly recordedAt: string;
}

/** What a database says about one place of a chain. */
export interface ChainPlace {
  readonly head: Head;
  /** Of the record that was asked for; undefined when it is not kept. */
  readonly hash?: string | undefined;
}

export type Verification =
  | { readonly ok: true; readonly records: number }
  | { readonly ok: false; readonly records: number; readonly issue: ChainError };

/** The first error of a chain. All records before it are sound. */
export interface ChainError {
  /**
   * `changed`: a record or the head differs from what was stored. `removed`: a record is missing.
   * `inserted`: there is a record that was not appended. `unkeyed`: the chain ends with a record that
   * was stored before AUDIT_KEYS was set, or that was rewritten without a key. `moved`: the chain begins
   * behind the record with this sequence, and retention has not removed the records up to it.
   */
  readonly kind: 'changed' | 'removed' | 'inserted' | 'unkeyed' | 'moved';
  /** Sequence number of the error; 0: the head is missing. */
  readonly sequence: number;
  /** Id of the record at this place, if there is one. */
  readonly id?: string;
}

/** @throws {RangeError} when there are more records than one transaction takes. */
export function requireBounded(records: readonly AuditRecord[]): void {
  if (records.length <= MAX_APPEND) return;
  throw new RangeError(`append takes at most ${MAX_APPEND} records at once, got ${records.length}`);
}
