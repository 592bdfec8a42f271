import { createHmac } from 'node:crypto';
import type { PayloadKey } from '../seal/payload-key.ts';
import { isSoundBehind, type Row } from './chain.ts';
import { type ChainKeys, formOf, keyIdOf, keyOf, writingKey } from './chain-keys.ts';
import type { Anchor, Head, Link } from './store.ts';

/**
 * The anchor of a chain moves when retention removes records. With AUDIT_KEYS it has an HMAC over
 * the tenant and its place. So a person without the key cannot delete the first records and move the
 * anchor behind them.
 *
 * Earlier versions moved anchors without it. The form of the last hash says whether the chain was
 * continued since anchors have one: from then on an anchor without it is not accepted.
 */

/**
 * Whether the anchor is where retention left it, as far as the chain can tell.
 * @throws {CodedError} AUDIT_KEY_MISSING
 */
export function isAnchorSound(tenantId: string, { hash, anchor }: Head, keys: ChainKeys): boolean {
  if (anchor.sequence === 0) return true;
  if (anchor.hmac === null) return formOf(hash) === 'plain';
  const key = keyOf(anchor.hmac, keys);
  return key !== undefined && hmacOf(tenantId, anchor, key) === anchor.hmac;
}

/**
 * The anchor of a chain that goes on with the newest key. One without an HMAC that an earlier version has
 * left gets it now; one that was moved since does not.
 * @throws {CodedError} AUDIT_KEY_MISSING
 */
export function keptAnchor(tenantId: string, head: Head, keys: ChainKeys): Anchor {
  const { anchor } = head;
  const key = writingKey(head.hash, keys);
  const idOfHmac = anchor.hmac === null ? undefined : keyIdOf(anchor.hmac);
  const mayChange = anchor.sequence > 0 && key !== undefined && key.id !== idOfHmac;
  // Without the key of the old HMAC records go on, and `verify` names the key.
  const isKnown = idOfHmac === undefined || keys.some(({ id }) => id === idOfHmac);
  return mayChange && isKnown && isAnchorSound(tenantId, head, keys)
    ? authenticated(tenantId, anchor, key)
    : anchor;
}

/**
 * The anchor behind records that retention removes from the beginning of a chain. It gets an HMAC only when
 * the chain is sound up to there: else a person could mark records as old, and retention would hide that.
 * @param removed the first rows of the chain, at least one.
 * @throws {CodedError} AUDIT_KEY_MISSING
 */
export function anchorBehind(
  tenantId: string,
  head: Head,
  removed: readonly [Row, ...Row[]],
  keys: ChainKeys,
): Anchor {
  let previous: Link = head.anchor;
  const key = writingKey(head.hash, keys);
  let isSound = key !== undefined && isAnchorSound(tenantId, head, keys);
  for (const row of removed) {
    isSound &&= isSoundBehind(previous, row, keys);
    previous = row;
  }
  const { sequence, hash } = previous;
  return isSound && key ? authenticated(tenantId, { sequence, hash }, key) : { sequence, hash, hmac: null };
}

function authenticated(tenantId: string, { sequence, hash }: Link, key: PayloadKey): Anchor {
  return { sequence, hash, hmac: hmacOf(tenantId, { sequence, hash }, key) };
}

function hmacOf(tenantId: string, { sequence, hash }: Link, key: PayloadKey): string {
  const hmac = createHmac('sha256', key.bytes).update('gwm audit anchor');
  return `${key.id}:${hmac.update(JSON.stringify([tenantId, sequence, hash])).digest('hex')}`;
}
