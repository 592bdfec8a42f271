import { describe, expect, test } from 'vitest';
import { createThreadedStore } from '../../../src/audit/threaded-store.ts';
import { onEnd } from '../../support/lifetime.ts';
import { waitFor } from '../../support/wait-for.ts';
import { setOutbox } from './stage.ts';
import { DATABASES, readAll, records } from './stores.ts';

const [SQLITE] = DATABASES;

function threaded(url: string, options: Parameters<typeof createThreadedStore>[1] = {}) {
  const store = createThreadedStore(url, options);
  onEnd(() => store.close());
  return store;
}

describe.for(DATABASES)('the relay to $name in a thread', ({ openTestStore }) => {
  test('stores each record once with several replicas, and empties the outbox', async () => {
    const { url, store } = await openTestStore();
    const { outbox, relay, waiting } = setOutbox();
    const noted = records(3000);
    const counts = { added: 0, known: 0 };
    const onStored = ({ added, known }: { added: number; known: number }) => {
      counts.added += added;
      counts.known += known;
    };
    for (let replica = 0; replica < 3; replica += 1) relay({ intake: threaded(url), onStored });

    await Promise.all(noted.map((record) => outbox.note(record)));

    await waitFor(async () => counts.added === noted.length, { what: 'all records' });
    await waitFor(async () => (await waiting()) === 0, { what: 'an empty stream' });
    expect(counts.known).toBe(0);
    expect(await store.verify('acme')).toEqual({ ok: true, records: noted.length });
  });

  test('takes up to 500 records per batch, without a wait after full ones', async () => {
    const { url } = await openTestStore();
    const { outbox, relay, waiting } = setOutbox();
    await Promise.all(records(1700).map((record) => outbox.note(record)));
    const store = threaded(url);
    const sizes: number[] = [];

    relay({
      intake: {
        take(texts) {
          if (texts.length > 0) sizes.push(texts.length);
          return store.take(texts);
        },
      },
    });

    await waitFor(async () => (await waiting()) === 0, { what: 'an empty stream' });
    expect(sizes).toEqual([500, 500, 500, 200]);
  });

  test('stores by the clock of its process', async () => {
    const { url } = await openTestStore();
    const store = threaded(url, { clock: { now: () => Date.UTC(2031, 0, 1) } });

    await store.append(records(3));

    const stored = await readAll(store, { tenantId: 'acme' });
    expect(stored.map(({ recordedAt }) => recordedAt)).toEqual(Array(3).fill('2031-01-01T00:00:00.000Z'));
  });
});

describe('a store in a thread', () => {
  test('rejects the call that kills its thread, and starts another for the next call', async () => {
    const { url } = await SQLITE.openTestStore();
    const store = threaded(url, { entry: new URL('./dying-thread.ts', import.meta.url) });

    const calls = [store.append(records(1)), store.count()];
    for (const call of await Promise.allSettled(calls)) {
      expect(call).toMatchObject({
        status: 'rejected',
        reason: {
          code: 'AUDIT_STORE_UNAVAILABLE',
          message: 'the thread of the audit store is gone: this.fin is not a function',
        },
      });
    }
    expect(await store.append(records(1))).toEqual({ added: 1, known: 0 });
  });

  test('passes on errors of its database with their codes and messages', async () => {
    const store = threaded('sqlite:/nowhere/at/all/audit.db');

    await expect(store.take(['{}'])).rejects.toMatchObject({
      code: 'AUDIT_STORE_UNAVAILABLE',
      message: expect.stringContaining('The audit database /nowhere/at/all/audit.db cannot be opened'),
    });
  });

  test('may be closed twice, and rejects calls afterwards', async () => {
    const { url } = await SQLITE.openTestStore();
    const store = threaded(url);
    await store.append(records(1));
    await store.close();
    await store.close();

    await expect(store.append(records(1))).rejects.toMatchObject({ code: 'AUDIT_STORE_UNAVAILABLE' });
  });

  test('reads in pages, for several readers, which may leave early', async () => {
    const { url } = await SQLITE.openTestStore();
    const store = threaded(url);
    for (let batch = 0; batch < 3; batch += 1) await store.append(records(500, {}, `batch-${batch}`));

    const all = await Promise.all(Array.from({ length: 6 }, () => readAll(store, { tenantId: 'acme' })));
    expect(all.map(({ length }) => length)).toEqual(Array(6).fill(1500));
    for await (const _ of store.read({ tenantId: 'acme' })) break;
    expect(await store.verify('acme')).toEqual({ ok: true, records: 1500 });
  });
});
