import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashOf } from '../../../src/audit/chain.ts';
import { createManualClock } from '../../support/clock.ts';
import { DATABASES, type OpenTestStore, readAll, records, type TestStore } from './stores.ts';

const ACME = `tenant_id = 'acme'`;
const FIRST_OF_FORGED = `INSERT INTO audit_records (tenant_id, sequence, id, source, occurred_at, recorded_at, action,
  status, details, hash) VALUES ('acme',`;

/** The values of a record that was never appended. */
function forged(sequence: number, occurredAt = '2026-03-01T00:00:09.000Z'): string {
  return `${FIRST_OF_FORGED} ${sequence}, 'forged', 'own', '${occurredAt}', '${occurredAt}', 'a', 's', '{}', 'h');`;
}

/** Changes to a store with ten records past its interface, and the error that verify reports. */
const ISSUES: [what: string, sql: string, records: number, issue: object][] = [
  ['a changed status', `UPDATE audit_records SET status = 'x' WHERE id = 'job-4'`, 3, changed(4)],
  ['an action', `UPDATE audit_records SET action = 'x' WHERE id = 'job-1'`, 0, changed(1)],
  ['a source', `UPDATE audit_records SET source = 'genesys' WHERE id = 'job-10'`, 9, changed(10)],
  ['an id', `UPDATE audit_records SET id = 'x' WHERE id = 'job-2'`, 1, changed(2, 'x')],
  [
    'a time',
    `UPDATE audit_records SET occurred_at = '2026-03-02T00:00:00.000Z' WHERE id = 'job-5'`,
    4,
    changed(5),
  ],
  [
    'the time of storing',
    `UPDATE audit_records SET recorded_at = '2026-03-02T00:00:00.000Z' WHERE id = 'job-5'`,
    4,
    changed(5),
  ],
  ['details', `UPDATE audit_records SET details = '{"index":0}' WHERE id = 'job-7'`, 6, changed(7)],
  [
    'white space in details',
    `UPDATE audit_records SET details = '{"index": 6}' WHERE id = 'job-7'`,
    6,
    changed(7),
  ],
  ['a hash', `UPDATE audit_records SET hash = 'x' WHERE id = 'job-3'`, 2, changed(3)],
  [
    'the hash of the end',
    `UPDATE audit_heads SET hash = 'x' WHERE ${ACME}`,
    10,
    { kind: 'changed', sequence: 10 },
  ],
  ['the first removed', 'DELETE FROM audit_records WHERE sequence = 1', 0, removed(1)],
  ['one in the middle removed', 'DELETE FROM audit_records WHERE sequence = 5', 4, removed(5)],
  ['several in the middle removed', 'DELETE FROM audit_records WHERE sequence IN (5, 6, 8)', 4, removed(5)],
  ['the last removed', 'DELETE FROM audit_records WHERE sequence = 10', 9, removed(10)],
  ['all removed', 'DELETE FROM audit_records', 0, removed(1)],
  ['the head removed', 'DELETE FROM audit_heads', 0, removed(0)],
  ['an earlier end', `UPDATE audit_heads SET sequence = 8 WHERE ${ACME}`, 8, inserted(9, 'job-9')],
  ['a later beginning', `UPDATE audit_heads SET anchor_sequence = 2 WHERE ${ACME}`, 0, inserted(1, 'job-1')],
  ['one inserted behind the last', forged(11), 10, inserted(11)],
  ['one inserted before the first', forged(0), 0, inserted(0)],
  [
    'one inserted in the middle, the others moved',
    `UPDATE audit_records SET sequence = -sequence - 1 WHERE sequence > 4;
     UPDATE audit_records SET sequence = -sequence WHERE sequence < 0; ${forged(5)}`,
    4,
    changed(5, 'forged'),
  ],
];

function changed(sequence: number, id = `job-${sequence}`) {
  return { kind: 'changed', sequence, id };
}

function removed(sequence: number) {
  return { kind: 'removed', sequence };
}

function inserted(sequence: number, id = 'forged') {
  return { kind: 'inserted', sequence, id };
}

describe.for(DATABASES)('gwm audit verify in $name finds', ({ openTestStore }) => {
  let shared: TestStore;
  beforeAll(async () => {
    shared = await openTestStore();
  });
  beforeEach(async () => {
    await shared.tamper('DELETE FROM audit_records; DELETE FROM audit_heads');
  });

  test.for(ISSUES)('%s', async ([, sql, sound, issue]) => {
    const { store, tamper } = shared;
    await store.append(records(10));

    await tamper(sql);

    expect(await store.verify('acme')).toEqual({ ok: false, records: sound, issue });
  });

  test('a broken chain of a tenant without a head', async () => {
    const { store, tamper } = shared;
    await store.append(records(10));
    await tamper(`DELETE FROM audit_heads WHERE ${ACME}`);

    expect(await store.tenants()).toEqual(['acme']);
    expect(await store.verify('acme')).toMatchObject({ issue: { kind: 'removed', sequence: 0 } });
  });

  test('a changed head, also after more appends, and blocks no writer', async () => {
    const { store, tamper } = shared;
    await store.append(records(10));
    await tamper(`DELETE FROM audit_heads WHERE ${ACME}`);

    expect(await store.append(records(2))).toEqual({ added: 0, known: 2 });
    expect(await store.append(records(2, {}, 'more'))).toEqual({ added: 2, known: 0 });
    expect(await store.verify('acme')).toEqual({ ok: false, records: 0, issue: changed(1) });

    // After an append, a head that was moved back is in its place again.
    await store.append(records(10, { tenantId: 'globex' }));
    await tamper(`UPDATE audit_heads SET sequence = 4, hash = 'x' WHERE tenant_id = 'globex'`);
    expect(await store.append(records(2, { tenantId: 'globex' }, 'more'))).toEqual({ added: 2, known: 0 });
    expect(await store.verify('globex')).toEqual({ ok: true, records: 12 });
  });

  test('a forged record at the end, also after more appends', async () => {
    const { store, tamper } = shared;
    await store.append(records(10));
    await tamper(forged(11));
    await store.append(records(2, {}, 'more'));

    expect(await store.verify('acme')).toEqual({ ok: false, records: 10, issue: changed(11, 'forged') });
  });

  test('a removed last record, also after more appends', async () => {
    const { store, tamper } = shared;
    await store.append(records(10));
    await tamper('DELETE FROM audit_records WHERE sequence = 10');
    await store.append(records(2, {}, 'more'));

    expect(await store.verify('acme')).toEqual({ ok: false, records: 9, issue: removed(10) });
  });

  test('a change before a prune, among the remaining records', async () => {
    const clock = createManualClock();
    const { store, tamper } = await openTestStore({ clock });
    await store.append(records(5));
    clock.advance(1000);
    await store.append(records(5, {}, 'kept'));
    await tamper(`UPDATE audit_records SET status = 'x' WHERE id = 'kept-2'`);

    expect(await store.prune('acme', new Date(clock.now()))).toBe(5);

    expect(await store.verify('acme')).toMatchObject({ records: 1, issue: changed(7, 'kept-2') });
  });

  test('a removed record at the beginning of the remaining ones', async () => {
    const clock = createManualClock();
    const { store, tamper } = await openTestStore({ clock });
    await store.append(records(5));
    clock.advance(1000);
    await store.append(records(5, {}, 'kept'));
    await store.prune('acme', new Date(clock.now()));
    await tamper('DELETE FROM audit_records WHERE sequence = 6');

    expect(await store.verify('acme')).toMatchObject({ records: 0, issue: removed(6) });
  });
});

test('verify in PostgreSQL finds a second record with a used sequence number, in another month', async () => {
  const [, postgres] = DATABASES;
  const { store, tamper } = await storeWithTen(postgres.openTestStore);
  await store.append(records(1, { tenantId: 'globex', occurredAt: '2026-09-01T00:00:00.000Z' }));
  await tamper(forged(5, '2026-09-01T00:00:00.000Z'));

  const { ok, ...found } = await store.verify('acme');
  expect(ok).toBe(false);
  // The database decides which one comes first.
  expect(found).toMatchObject({
    issue: { sequence: 5, kind: expect.stringMatching(/^(inserted|changed)$/) },
  });
});

describe.for(DATABASES)('the hash of a record in $name', ({ openTestStore }) => {
  test('equals the hash of the export with the previous hash', async () => {
    const { store } = await storeWithTen(openTestStore);

    const stored = await readAll(store, { tenantId: 'acme' });
    stored.reduce((previous, { details, ...rest }) => {
      expect(hashOf(previous, { ...rest, details: JSON.stringify(details) })).toBe(rest.hash);
      return rest.hash;
    }, '0'.repeat(64));
  });
});

async function storeWithTen(openTestStore: OpenTestStore) {
  const test = await openTestStore();
  await test.store.append(records(10));
  return test;
}
