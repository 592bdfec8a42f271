import { EMPTY_HEAD, isSoundBehind, type Row } from './chain.ts';
import { isAnchorSound } from './chain-anchor.ts';
import { type ChainKeys, keyIdOf, NO_KEYS } from './chain-keys.ts';
import type { ChainError, Head, Link, Verification } from './store.ts';

/**
 * Checks every link of a chain. A chain that has a key goes on with a key, and ends with one when
 * AUDIT_KEYS is set: else a person without the key could write all of it anew.
 *
 * @param pages rows in the order of their sequence.
 * @throws {CodedError} AUDIT_KEY_MISSING
 */
export async function verifyRows(
  tenantId: string,
  head: Head | undefined,
  pages: AsyncIterable<readonly Row[]>,
  keys: ChainKeys = NO_KEYS,
): Promise<Verification> {
  let previous: Link = head?.anchor ?? EMPTY_HEAD.anchor;
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
  // The links alone do not show that the records before them are gone.
  if (!isAnchorSound(tenantId, head, keys)) return broken({ kind: 'moved', sequence: head.anchor.sequence });
  return { ok: true, records };
}

function issueOf(row: Row, previous: Link, head: Head, keys: ChainKeys): ChainError | undefined {
  const { sequence, id } = row;
  if (sequence <= previous.sequence || sequence > head.sequence) return { kind: 'inserted', sequence, id };
  if (sequence > previous.sequence + 1) return { kind: 'removed', sequence: previous.sequence + 1 };
  return isSoundBehind(previous, row, keys) ? undefined : { kind: 'changed', sequence, id };
}
