import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AuditFilter,
  type AuditRecord,
  createAuditRecords,
} from '../../../../src/sandbox/audit/audit-records.ts';

const START_MS = Date.UTC(2026, 0, 1);
const ACTION = 'webchat:configuration:update';
const everything: AuditFilter = {
  actions: [ACTION],
  organizations: [],
  startMs: 0,
  endMs: Number.MAX_SAFE_INTEGER,
};

function recordAt(offsetMs: number, fields: object = {}): AuditRecord {
  const timestamp = new Date(START_MS + offsetMs).toISOString();
  return { id: 'r', action: ACTION, organizationId: 'org-1', ...fields, timestamp };
}

function storeOf(...records: AuditRecord[]) {
  const store = createAuditRecords();
  for (const record of records) store.add('acme', record);
  const ids = (filter: Partial<AuditFilter>, nowOffsetMs = 1_000_000) =>
    store.visible('acme', { ...everything, ...filter }, START_MS + nowOffsetMs).map(({ id }) => id);
  return { store, ids };
}

describe('audit records', () => {
  test('are sorted by time stamp, and then by arrival', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { maxLength: 30 }), (offsets) => {
        const { store } = storeOf(...offsets.map((offset, index) => recordAt(offset, { index })));
        const expected = offsets
          .map((offset, index) => ({ offset, index }))
          .toSorted((a, b) => a.offset - b.offset)
          .map(({ index }) => index);
        expect(store.all('acme').map(({ index }) => index)).toEqual(expected);
      }),
    );
  });

  test('match from the start of a time range, and before its end', () => {
    const { ids } = storeOf(recordAt(1, { id: 'a' }), recordAt(2, { id: 'b' }), recordAt(3, { id: 'c' }));
    expect(ids({ startMs: START_MS + 1, endMs: START_MS + 3 })).toEqual(['a', 'b']);
    expect(ids({ startMs: START_MS + 2, endMs: START_MS + 2 })).toEqual([]);
  });

  test('match by action and organization; a record without one matches an empty list', () => {
    const { ids } = storeOf(
      recordAt(1, { id: 'a' }),
      recordAt(1, { id: 'b', organizationId: 'org-2' }),
      recordAt(1, { id: 'c', action: 'webmessaging:deployment:create', organizationId: null }),
      recordAt(1, { id: 'd', action: undefined, organizationId: undefined }),
    );
    const actions = [ACTION, 'webmessaging:deployment:create'];
    expect(ids({ actions })).toEqual(['a', 'b', 'c']);
    expect(ids({ actions, organizations: ['org-2', 'org-3'] })).toEqual(['b']);
    expect(ids({ actions: ['webmessaging:deployment:create'], organizations: ['org-1'] })).toEqual([]);
  });

  test('become visible after the delay, and `all` shows every one', () => {
    const { store, ids } = storeOf(recordAt(0, { id: 'a' }), recordAt(100, { id: 'b' }));
    expect(ids({}, 0)).toEqual(['a']);
    store.setDelay('acme', 50);
    expect(ids({}, 49)).toEqual([]);
    expect(ids({}, 50)).toEqual(['a']);
    expect(ids({}, 150)).toEqual(['a', 'b']);
    expect(store.all('acme')).toHaveLength(2);
    store.setDelay('globex', 0);
    expect(ids({}, 49)).toEqual([]);
  });

  test('of a change name the client and the change, and have their own ids', () => {
    const { store } = storeOf();
    const change = { action: ACTION, organizationId: 'org-1', entityType: 'thing', entityId: 't-1' } as const;
    store.note('acme', { ...change, version: 4 }, { clientId: 'acme-client', atMs: START_MS });
    store.note('acme', change, { clientId: 'acme-client', atMs: START_MS });
    const [first, second] = store.all('acme');
    expect(first).toEqual({
      id: expect.any(String),
      timestamp: '2026-01-01T00:00:00.000Z',
      ...change,
      clientId: 'acme-client',
      version: 4,
      status: 'success',
    });
    expect(second).not.toHaveProperty('version');
    expect(second?.['id']).not.toBe(first?.['id']);
  });
});
