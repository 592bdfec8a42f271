import { parseJson } from '../core/json.ts';
import type { PayloadKey } from '../seal/payload-key.ts';
import { type ChainKeys, digest, keyIdOf, keyOf, NO_KEYS, writingKey } from './chain-keys.ts';
import { type AuditRecord, canonicalJson, type Details } from './record.ts';
import type { ChainError, Head, Link, StoredRecord, Verification } from './store.ts';

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
  anchor: { sequence: 0, hash: FIRST_HASH },
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
  if (!head) return { ...EMPTY_HEAD, anchor: { sequence: 0, hash: LOST }, ...last };
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
export function headBehind(head: Head, rows: readonly Row[]): Head {
  const last = rows.at(-1);
  if (!last) return head;
  return { ...head, sequence: last.sequence, hash: last.hash, recordedAt: last.recordedAt };
}

/**
 * SHA-256, or HMAC-SHA256 with a key, over the previous hash, the canonical text of the record and the
 * time at which it was stored.
 */
export function hashOf(previous: string, row: Omit<Row, 'sequence' | 'hash'>, key?: PayloadKey): string {
  const { action, details, id, occurredAt, recordedAt, source, status, tenantId } = row;
  const text =
    `{"action":${JSON.stringify(action)},"details":${details},"id":${JSON.stringify(id)},` +
    `"occurredAt":${JSON.stringify(occurredAt)},"recordedAt":${JSON.stringify(recordedAt)},` +
    `"source":${JSON.stringify(source)},"status":${JSON.stringify(status)},` +
    `"tenantId":${JSON.stringify(tenantId)}}`;
  return digest(previous, text, key);
}

/**
 * Checks every link of a chain. A chain that has a key goes on with a key, and ends with one when
 * AUDIT_KEYS is set: else a person without the key could write all of it anew.
 *
 * @param pages rows in the order of their sequence.
 * @throws {CodedError} AUDIT_KEY_MISSING
 */
export async function verifyRows(
  head: Head | undefined,
  pages: AsyncIterable<readonly Row[]>,
  keys: ChainKeys = NO_KEYS,
): Promise<Verification> {
  let previous = head?.anchor ?? EMPTY_HEAD.anchor;
  let records = 0;
  const broken = (issue: ChainError): Verification => ({ ok: false, records, issue });
  for await (const rows of pages) {
    for (const row of rows) {
      if (!head) return broken({ kind: 'removed', sequence: 0 });
      const issue = issueOf(row, previous, head, keys);
      if (issue) return broken(issue);
      previous = row;
      records += 1;
    }
  }
  if (!head) return { ok: true, records };
  if (previous.sequence < head.sequence) return broken({ kind: 'removed', sequence: previous.sequence + 1 });
  if (previous.hash !== head.hash) return broken({ kind: 'changed', sequence: head.sequence });
  const lacksKey = keys.length > 0 && head.sequence > 0 && keyIdOf(head.hash) === undefined;
  if (lacksKey) return broken({ kind: 'unkeyed', sequence: head.sequence });
  return { ok: true, records };
}

function issueOf(row: Row, previous: Link, head: Head, keys: ChainKeys): ChainError | undefined {
  const { sequence, id } = row;
  if (sequence <= previous.sequence || sequence > head.sequence) return { kind: 'inserted', sequence, id };
  if (sequence > previous.sequence + 1) return { kind: 'removed', sequence: previous.sequence + 1 };
  const isDowngraded = keyIdOf(previous.hash) !== undefined && keyIdOf(row.hash) === undefined;
  const isSound = !isDowngraded && hashOf(previous.hash, row, keyOf(row.hash, keys)) === row.hash;
  return isSound ? undefined : { kind: 'changed', sequence, id };
}

/**
 * The last row before the first one that was stored at `moment` or later; undefined when the first
 * row is that one.
 */
export function lastBefore<Stored extends Pick<Row, 'recordedAt'>>(
  rows: readonly Stored[],
  moment: Date,
): Stored | undefined {
  const limit = moment.toISOString();
  const kept = rows.findIndex(({ recordedAt }) => recordedAt >= limit);
  return kept < 0 ? rows.at(-1) : rows[kept - 1];
}

/** The record as readers get it. */
export function storedRecord({ details, ...row }: Row): StoredRecord {
  return { ...row, details: parseJson(details) as Details };
}
