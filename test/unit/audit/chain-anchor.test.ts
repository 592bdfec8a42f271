import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chainRows, EMPTY_HEAD, FIRST_HASH, headBehind, type Row } from '../../../src/audit/chain.ts';
import { anchorBehind, isAnchorSound, keptAnchor } from '../../../src/audit/chain-anchor.ts';
import type { Head } from '../../../src/audit/store.ts';

const KEYS = [{ id: 'k1', bytes: new Uint8Array(32).fill(1) }];

function rowsOf(count: number): [Row, ...Row[]] {
  const records = Array.from({ length: count }, (_, n) => ({
    tenantId: 'acme',
    id: `job-${n}`,
    source: 'own' as const,
    occurredAt: '2026-03-01T00:00:00.000Z',
    action: 'message.delivered',
    status: 'delivered',
    details: {},
  }));
  return chainRows(EMPTY_HEAD, records, 0, KEYS) as [Row, ...Row[]];
}

/** The head of ten records after retention has removed some of them. */
function headAfter(removed: number): Head {
  const rows = rowsOf(10);
  const head = headBehind(EMPTY_HEAD, rows, EMPTY_HEAD.anchor);
  return { ...head, anchor: anchorBehind('acme', head, rows.slice(0, removed) as [Row, ...Row[]], KEYS) };
}

describe('the HMAC of an anchor', () => {
  test('holds for its tenant, its place and its hash only', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), (removed) => {
        const head = headAfter(removed);
        const differing = (fields: object) => ({ ...head, anchor: { ...head.anchor, ...fields } });
        expect(isAnchorSound('acme', head, KEYS)).toBe(true);
        expect(isAnchorSound('globex', head, KEYS)).toBe(false);
        expect(isAnchorSound('acme', differing({ sequence: removed + 1 }), KEYS)).toBe(false);
        expect(isAnchorSound('acme', differing({ hash: FIRST_HASH }), KEYS)).toBe(false);
        expect(isAnchorSound('acme', differing({ hmac: null }), KEYS)).toBe(false);
        expect(isAnchorSound('acme', differing({ hmac: 'x' }), KEYS)).toBe(false);
      }),
    );
  });

  test('is made by a key of the same bytes', () => {
    const other = [{ id: 'k1', bytes: new Uint8Array(32).fill(2) }];

    expect(isAnchorSound('acme', headAfter(3), other)).toBe(false);
  });

  test('is not made for a chain of which another program has moved the anchor', () => {
    const head = headAfter(3);
    const moved = { ...head, anchor: { ...head.anchor, hmac: null } };

    expect(keptAnchor('acme', moved, KEYS).hmac).toBeNull();
    expect(anchorBehind('acme', moved, rowsOf(10).slice(3) as [Row, ...Row[]], KEYS).hmac).toBeNull();
  });

  test('is made for rows without a gap alone', () => {
    const rows = rowsOf(10);
    const head = headBehind(EMPTY_HEAD, rows, EMPTY_HEAD.anchor);
    const gap = rows.filter(({ sequence }) => sequence !== 2) as [Row, ...Row[]];

    expect(anchorBehind('acme', head, rows, KEYS).hmac).toMatch(/^k1:/);
    expect(anchorBehind('acme', head, gap, KEYS)).toEqual({
      sequence: 10,
      hash: rows.at(-1)?.hash,
      hmac: null,
    });
  });
});
