import { parseJson } from '../core/json.ts';
import type { PayloadKey } from '../seal/payload-key.ts';
import {
  type ChainKeys,
  digest,
  formOf,
  type HashForm,
  keyIdOf,
  keyOf,
  NO_KEYS,
  writingKey,
} from './chain-keys.ts';
import { type AuditRecord, canonicalJson, type Details } from './record.ts';
import type { Anchor, Head, Link, StoredRecord } from './store.ts';

/** The hash that the first record of a tenant is chained to. */
export const FIRST_HASH = '0'.repeat(64);

/** A record as the database holds it. `details` is the canonical text that was hashed. */
export interface Row extends Omit<StoredRecord, 'details'> {
  readonly details: string;
}

/** The head of a chain without records. */
export const EMPTY_HEAD: Head = {
  sequence: 0,
  hash: FIRST_HASH,
  anchor: { sequence: 0, hash: FIRST_HASH, hmac: null },
  recordedAt: '2000-01-01T00:00:00.000Z',
};

/** The anchor's hash of a chain whose head was removed. */
const LOST = 'lost';

/** The last record in the table. */
export type Last = Pick<Row, 'sequence' | 'hash' | 'recordedAt'>;

/**
 * Returns the head that the next record follows: the stored head, or the last record when it is
 * further on. A head that was removed or moved back does not stop the writer. `verify` still
 * reports the chain as broken, because without a head its beginning stays unknown.
 */
export function nextPlace(head: Head | undefined, last: Last | undefined): Head {
  if (!head && !last) return EMPTY_HEAD;
  if (!head) return { ...EMPTY_HEAD, anchor: { sequence: 0, hash: LOST, hmac: null }, ...last };
  return last && last.sequence > head.sequence ? { ...head, ...last } : head;
}

/** Records whose ids are not known yet, in their order. Of several with one id, the first. */
export function unknownOf(records: readonly AuditRecord[], known: Iterable<string>): AuditRecord[] {
  const seen = new Set(known);
  return records.filter(({ id }) => {
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

/**
 * Chains records to a head.
 * @throws {CodedError} AUDIT_KEY_MISSING
 */
export function chainRows(
  head: Head,
  records: readonly AuditRecord[],
  nowMs: number,
  keys: ChainKeys = NO_KEYS,
): Row[] {
  const key = writingKey(head.hash, keys);
  const now = new Date(nowMs).toISOString();
  // The clocks of replicas differ. A time never goes back, so that `prune` removes a prefix.
  const recordedAt = now > head.recordedAt ? now : head.recordedAt;
  let previous: Link = head;
  return records.map((record) => {
    const fields = { ...record, details: canonicalJson(record.details), recordedAt };
    const row = { ...fields, sequence: previous.sequence + 1, hash: hashOf(previous.hash, fields, key) };
    previous = row;
    return row;
  });
}

/** The head after these rows. */
export function headBehind(head: Head, rows: readonly Row[], anchor: Anchor): Head {
  const last = rows.at(-1);
  if (!last) return head;
  return { sequence: last.sequence, hash: last.hash, recordedAt: last.recordedAt, anchor };
}

/**
 * SHA-256, or HMAC-SHA256 with a key, over the previous hash, the canonical text of the record and the
 * time at which it was stored.
 */
export function hashOf(
  previous: string,
  row: Omit<Row, 'sequence' | 'hash'>,
  key?: PayloadKey,
  form?: HashForm,
): string {
  const { action, details, id, occurredAt, recordedAt, source, status, tenantId } = row;
  const text =
    `{"action":${JSON.stringify(action)},"details":${details},"id":${JSON.stringify(id)},` +
    `"occurredAt":${JSON.stringify(occurredAt)},"recordedAt":${JSON.stringify(recordedAt)},` +
    `"source":${JSON.stringify(source)},"status":${JSON.stringify(status)},` +
    `"tenantId":${JSON.stringify(tenantId)}}`;
  return digest(previous, text, key, form);
}

/**
 * Whether a row follows a link: it has the next number, and the hash of what it says. A chain that has a
 * key goes on with a key.
 * @throws {CodedError} AUDIT_KEY_MISSING
 */
export function isSoundBehind(previous: Link, row: Row, keys: ChainKeys): boolean {
  const isDowngraded = keyIdOf(previous.hash) !== undefined && keyIdOf(row.hash) === undefined;
  if (isDowngraded || row.sequence !== previous.sequence + 1) return false;
  return hashOf(previous.hash, row, keyOf(row.hash, keys), formOf(row.hash)) === row.hash;
}

/** The rows before the first one that was stored at `moment` or later. */
export function rowsBefore(rows: readonly Row[], moment: Date): readonly Row[] {
  const limit = moment.toISOString();
  const kept = rows.findIndex(({ recordedAt }) => recordedAt >= limit);
  return kept < 0 ? rows : rows.slice(0, kept);
}

/** The record as readers get it. */
export function storedRecord({ details, ...row }: Row): StoredRecord {
  return { ...row, details: parseJson(details) as Details };
}
