import { describe, expect, test } from 'vitest';
import { MAX_APPEND } from '../../../src/audit/store.ts';
import { createManualClock } from '../../support/clock.ts';
import { DATABASES, readAll, record, records } from './stores.ts';

const DAY_MS = 86_400_000;

describe.for(DATABASES)('the audit store in $name', ({ openTestStore }) => {
  test('stores a record with its link in the chain', async () => {
    const { store } = await openTestStore({ clock: createManualClock(Date.UTC(2026, 2, 2)) });
    const details = {
      z: [1, { b: null, a: 'ä "\u0000 \ud83d\ude00' }],
      empty: {},
      list: [],
      a: -0.5,
      on: true,
    };

    expect(await store.append([record({ details })])).toEqual({ added: 1, known: 0 });

    expect(await readAll(store, { tenantId: 'acme' })).toEqual([
      {
        ...record({ details }),
        sequence: 1,
        recordedAt: '2026-03-02T00:00:00.000Z',
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    expect(await store.verify('acme')).toEqual({ ok: true, records: 1 });
  });

  test('stores a record once: a second one changes nothing and counts as known', async () => {
    const { store } = await openTestStore();
    await store.append(records(3));

    const again = [
      ...records(2, { status: 'failed', occurredAt: '2027-01-01T00:00:00.000Z' }),
      record({ id: 'new' }),
    ];
    expect(await store.append(again)).toEqual({ added: 1, known: 2 });

    const stored = await readAll(store, { tenantId: 'acme' });
    expect(stored.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'job-1 delivered',
      'job-2 delivered',
      'job-3 delivered',
      'new delivered',
    ]);
    expect(await store.verify('acme')).toEqual({ ok: true, records: 4 });
  });

  test('stores a record once when a batch has it twice, also in different months', async () => {
    const { store } = await openTestStore();
    const one = record();

    expect(await store.append([one, one, record({ occurredAt: '2026-07-01T00:00:00.000Z' })])).toEqual({
      added: 1,
      known: 2,
    });
    expect(await readAll(store, { tenantId: 'acme' })).toMatchObject([{ occurredAt: one.occurredAt }]);
  });

  test('takes an empty batch', async () => {
    const { store } = await openTestStore();

    expect(await store.append([])).toEqual({ added: 0, known: 0 });
    expect(await store.tenants()).toEqual([]);
    expect(await store.verify('acme')).toEqual({ ok: true, records: 0 });
  });

  test('keeps tenants apart: each may use the same id, and has a chain', async () => {
    const { store } = await openTestStore();

    await store.append([...records(3), ...records(2, { tenantId: 'globex' })]);

    expect(await store.tenants()).toEqual(['acme', 'globex']);
    expect(await readAll(store, { tenantId: 'globex' })).toMatchObject([{ sequence: 1 }, { sequence: 2 }]);
    expect(await store.verify('acme')).toEqual({ ok: true, records: 3 });
    expect(await store.verify('globex')).toEqual({ ok: true, records: 2 });
  });

  test('counts by tenant and by source', async () => {
    const { store } = await openTestStore();
    await store.append([
      ...records(3),
      ...records(2, { source: 'genesys' }, 'audit'),
      ...records(1, { tenantId: 'globex' }),
    ]);

    expect(await store.count()).toBe(6);
    expect(await store.count({ tenantId: 'acme' })).toBe(5);
    expect(await store.count({ source: 'genesys' })).toBe(2);
    expect(await store.count({ tenantId: 'globex', source: 'genesys' })).toBe(0);
  });

  test('stores all records of a batch or nothing', async () => {
    const { store, tamper } = await openTestStore();
    await store.append(records(2));
    await tamper(`CREATE UNIQUE INDEX only_one_status ON audit_records (tenant_id, status, occurred_at)`);
    const [before] = await readAll(store, { tenantId: 'acme' });
    const clash = record({ id: 'clash', occurredAt: before?.occurredAt ?? '' });

    const batch = [...records(2, { status: 'new' }, 'new'), clash, record({ tenantId: 'globex' })];
    await expect(store.append(batch)).rejects.toMatchObject({ code: 'AUDIT_STORE_UNAVAILABLE' });

    expect(await store.count()).toBe(2);
    expect(await store.tenants()).toEqual(['acme']);
    expect(await store.verify('acme')).toEqual({ ok: true, records: 2 });
  });

  test('refuses more records than one transaction takes', async () => {
    const { store } = await openTestStore();

    await expect(store.append(records(MAX_APPEND + 1))).rejects.toThrow(RangeError);
    expect(await store.append(records(MAX_APPEND))).toEqual({ added: MAX_APPEND, known: 0 });
  });

  test('reads by time, without the end of the window, over months and pages', async () => {
    const { store } = await openTestStore();
    const months = ['2026-12', '2026-01', '2027-02'];
    const all = months.flatMap((month) =>
      records(400, { occurredAt: `${month}-15T00:00:00.000Z` }, `in-${month}`),
    );
    for (let at = 0; at < all.length; at += MAX_APPEND) await store.append(all.slice(at, at + MAX_APPEND));

    const read = await readAll(store, { tenantId: 'acme' });
    expect(read.map(({ id }) => id)).toEqual(
      months.toSorted().flatMap((month) => records(400, {}, `in-${month}`).map(({ id }) => id)),
    );

    const window = { from: new Date('2026-01-15T00:00:00Z'), to: new Date('2026-12-15T00:00:00Z') };
    expect((await readAll(store, { tenantId: 'acme', ...window })).length).toBe(400);
    expect(await readAll(store, { tenantId: 'acme', from: new Date('2027-02-15T00:00:00.001Z') })).toEqual(
      [],
    );
    expect(await store.verify('acme')).toEqual({ ok: true, records: 1200 });
  });

  test('reads the records at the start of the reading, and may be left early', async () => {
    const { store } = await openTestStore();
    await store.append(records(500));
    await store.append(records(300, {}, 'more'));

    let read = 0;
    for await (const _ of store.read({ tenantId: 'acme' })) {
      if (read === 0) await store.append(records(100, { occurredAt: '2026-04-01T00:00:00.000Z' }, 'late'));
      read += 1;
    }
    expect(read).toBe(800);

    // More readings than there are connections: each returns its connection.
    for (let turn = 0; turn < 6; turn += 1) for await (const _ of store.read({ tenantId: 'acme' })) break;
    expect((await readAll(store, { tenantId: 'acme' })).length).toBe(900);
  });

  test('prunes earlier records, and the rest is still a sound chain', async () => {
    const clock = createManualClock();
    const { store } = await openTestStore({ clock });
    await store.append(records(MAX_APPEND));
    await store.append(records(200, {}, 'second'));
    clock.advance(DAY_MS);
    const limit = new Date(clock.now());
    await store.append(records(3, { occurredAt: '2020-01-01T00:00:00.000Z' }, 'third'));
    await store.append(records(2, { tenantId: 'globex' }));

    expect(await store.prune('acme', limit)).toBe(MAX_APPEND + 200);

    expect(await store.verify('acme')).toEqual({ ok: true, records: 3 });
    expect((await readAll(store, { tenantId: 'acme' })).map(({ sequence }) => sequence)).toEqual([
      701, 702, 703,
    ]);
    expect(await store.prune('acme', limit)).toBe(0);
    expect(await store.prune('nobody', limit)).toBe(0);
    expect(await store.count({ tenantId: 'globex' })).toBe(2);
  });

  test('continues the chain after everything was pruned', async () => {
    const clock = createManualClock();
    const { store } = await openTestStore({ clock });
    await store.append(records(4));

    expect(await store.prune('acme', new Date(clock.now() + 1))).toBe(4);
    expect(await store.verify('acme')).toEqual({ ok: true, records: 0 });
    expect(await store.tenants()).toEqual(['acme']);

    await store.append(records(1, {}, 'next'));
    expect(await readAll(store, { tenantId: 'acme' })).toMatchObject([{ sequence: 5 }]);
    expect(await store.verify('acme')).toEqual({ ok: true, records: 1 });
  });

  test('never goes back in time although the clocks of its writers differ', async () => {
    const ahead = createManualClock(Date.UTC(2026, 5, 2));
    const { store, open } = await openTestStore({ clock: ahead });
    const behind = await open({ clock: createManualClock(Date.UTC(2026, 5, 1)) });
    await store.append(records(1));
    await behind.append(records(1, {}, 'late'));

    const stored = await readAll(store, { tenantId: 'acme' });
    expect(stored.map(({ recordedAt }) => recordedAt)).toEqual(Array(2).fill('2026-06-02T00:00:00.000Z'));
    expect(await store.prune('acme', new Date(Date.UTC(2026, 5, 1, 12)))).toBe(0);
  });

  test('rejects after it is closed', async () => {
    const { store } = await openTestStore();
    await store.close();

    await expect(store.append(records(1))).rejects.toMatchObject({ code: 'AUDIT_STORE_UNAVAILABLE' });
    await expect(store.verify('acme')).rejects.toThrow();
    await store.close();
  });
});
