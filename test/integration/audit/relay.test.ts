import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { AuditStore } from '../../../src/audit/store.ts';
import { CodedError } from '../../../src/core/errors.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { startProcess } from '../../support/processes.ts';
import { waitFor } from '../../support/wait-for.ts';
import { setOutbox } from './stage.ts';
import { DATABASES, readAll, record, records } from './stores.ts';

const [SQLITE, POSTGRES] = DATABASES;
const RELAY_PROCESS = fileURLToPath(new URL('./relay-process.ts', import.meta.url));

/** A store that answers, or does not, as the test says. */
function switchable(store: AuditStore) {
  const state = { isAway: false, calls: 0 };
  const append: AuditStore['append'] = async (batch) => {
    if (batch.length > 0) state.calls += 1;
    if (state.isAway) throw new CodedError('AUDIT_STORE_UNAVAILABLE', 'away');
    return await store.append(batch);
  };
  return Object.assign(state, { append });
}

describe.for(DATABASES)('records that are noted, with $name', ({ openTestStore }) => {
  test('are stored, over all partitions, and leave Redis', async () => {
    const { store } = await openTestStore();
    const { outbox, client, keys, relay } = setOutbox({ partitions: 3 });
    const tenants = ['acme', 'globex', 'initech', 'umbrella'];
    const noted = tenants.flatMap((tenantId) => records(120, { tenantId }));
    await Promise.all(noted.map((one) => outbox.note(one)));

    const { heard } = relay({ store });

    const total = async () => (await store.count()) === noted.length;
    await waitFor(total, { what: 'all records', deadlineMs: 10_000 });
    const left = async () =>
      (await Promise.all([0, 1, 2].map((partition) => client.xlen(keys.auditStream(partition))))).every(
        (entries) => entries === 0,
      );
    await waitFor(left, { what: 'empty streams' });
    expect(new Set(tenants.map((tenantId) => keys.partitionOf(tenantId))).size).toBeGreaterThan(1);
    expect(await store.verify('acme')).toEqual({ ok: true, records: 120 });
    expect(heard.dropped + heard.givenUp).toBe(0);
    await waitFor(() => heard.backlogs.at(-1)?.entries === 0, { what: 'a backlog of nothing' });
  });
});

describe('a record', () => {
  test('that is noted twice is stored once', async () => {
    const { store } = await SQLITE.openTestStore();
    const { outbox, relay, waiting } = setOutbox();
    await outbox.note(record());
    await outbox.note(record());

    relay({ store });

    await waitFor(async () => (await waiting()) === 0, { what: 'an empty stream' });
    expect(await store.count()).toBe(1);
  });

  test('that is not sound is not noted', async () => {
    const { outbox, waiting } = setOutbox();

    await expect(outbox.note(record({ status: '' }))).rejects.toThrow(/status: expected 1 to 40 printable/);
    expect(await waiting()).toBe(0);
  });
});

describe('an entry of the stream that holds no record', () => {
  const secret = 'hunter2hunter2';

  test('is dropped, counted, logged without its content, and holds up no other', async () => {
    const { store } = await SQLITE.openTestStore();
    const { outbox, relay, client, stream, waiting } = setOutbox();
    await client.xadd(stream, '*', 'record', `{"tenantId":"${secret}`);
    await client.xadd(stream, '*', 'record', JSON.stringify(record({ tenantId: `${secret}:` })));
    await client.xadd(stream, '*', 'record', JSON.stringify({ ...record(), text: secret }));
    await client.xadd(stream, '*', 'record', `"${'x'.repeat(100_000)}"`);
    await client.xadd(stream, '*', 'record', '['.repeat(30_000));
    await client.xadd(stream, '*', 'other', secret);
    await client.xadd(stream, '*', 'record', '{"__proto__":{"id":"x"}}');
    await outbox.note(record());

    const { heard } = relay({ store });

    await waitFor(async () => (await waiting()) === 0, { what: 'an empty stream' });
    await waitFor(() => heard.dropped === 7, { what: 'the count' });
    expect(await store.count()).toBe(1);
    expect(heard.lines).toContainEqual(expect.objectContaining({ event: 'audit.dropped', count: 7 }));
    expect(JSON.stringify(heard.lines)).not.toContain(secret);
  });

  test('nor one that the database refuses for what it is', async () => {
    const { store, tamper } = await POSTGRES.openTestStore();
    await tamper(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION USING ERRCODE = '22023'; END $$`);
    await store.append(records(1, { tenantId: 'other' }));
    await tamper(`CREATE TRIGGER refuse BEFORE INSERT ON audit_records FOR EACH ROW WHEN (NEW.id = 'job-2')
      EXECUTE FUNCTION refuse()`);
    const { outbox, relay, waiting } = setOutbox();
    for (const one of records(3)) await outbox.note(one);

    const { heard } = relay({ store });

    await waitFor(async () => (await waiting()) === 0, { what: 'an empty stream' });
    expect((await readAll(store, { tenantId: 'acme' })).map(({ id }) => id)).toEqual(['job-1', 'job-3']);
    expect(heard.dropped).toBe(1);
  });
});

describe('while the store is away', () => {
  test('entries stay, it is asked again with pauses, and little is logged', async () => {
    const { store } = await SQLITE.openTestStore();
    const away = switchable(store);
    away.isAway = true;
    const { outbox, relay, waiting } = setOutbox();
    const { heard } = relay({ store: away });
    await outbox.note(record());

    await waitFor(() => away.calls >= 5, { what: 'five tries' });

    expect(await waiting()).toBe(1);
    expect(heard.lines.filter(({ event }) => event === 'audit.trouble')).toEqual([
      expect.objectContaining({ code: 'AUDIT_STORE_UNAVAILABLE' }),
    ]);
    await waitFor(() => (heard.backlogs.at(-1)?.oldestAgeSeconds ?? 0) > 0.02, {
      what: 'the age of the backlog',
    });
    expect(heard.backlogs.at(-1)?.entries).toBe(1);

    away.isAway = false;
    await waitFor(async () => (await store.count()) === 1, { what: 'the record' });
    await waitFor(() => heard.lines.at(-1)?.['msg'] === 'the audit store takes records again', {
      what: 'the relief',
    });
  });

  test('what has waited for too long is given up, counted and logged; the rest is not', async () => {
    const { store } = await SQLITE.openTestStore();
    const away = switchable(store);
    away.isAway = true;
    const { outbox, relay, client, stream, waiting } = setOutbox();
    for (const [index, one] of records(3).entries()) {
      await client.xadd(stream, `${1000 + index}-0`, 'record', JSON.stringify(one));
    }
    await outbox.note(record({ id: 'young' }));

    const { heard } = relay({ store: away });

    await waitFor(() => heard.givenUp === 3, { what: 'three given up' });
    expect(heard.lines).toContainEqual(
      expect.objectContaining({ event: 'audit.given-up', count: 3, level: 50 }),
    );
    expect(await waiting()).toBe(1);
    away.isAway = false;
    await waitFor(async () => (await waiting()) === 0, { what: 'an empty stream' });
    expect(await readAll(store, { tenantId: 'acme' })).toMatchObject([{ id: 'young' }]);
    expect(heard.dropped).toBe(0);
  });

  test('what has waited for long is stored all the same when it is back', async () => {
    const { store } = await SQLITE.openTestStore();
    const { relay, client, stream, waiting } = setOutbox();
    await client.xadd(stream, '1000-0', 'record', JSON.stringify(record()));

    const { heard } = relay({ store });

    await waitFor(async () => (await waiting()) === 0, { what: 'an empty stream' });
    expect(await store.count()).toBe(1);
    expect(heard.givenUp).toBe(0);
  });
});

describe('a relay that dies', () => {
  test('between storing and acknowledging doubles nothing, and another finishes its work', async () => {
    const { store, url } = await SQLITE.openTestStore();
    const { outbox, relay, redis, waiting } = setOutbox();
    for (const one of records(20)) await outbox.note(one);
    const dying = startProcess(process.execPath, [RELAY_PROCESS, url, redis.url, redis.prefix]);
    await dying.line(/^stored, not acknowledged$/);
    dying.kill('SIGKILL');
    await dying.exit;
    expect(await waiting()).toBe(20);
    expect(await store.count()).toBe(20);

    relay({ store, times: { idleMs: 50 } });

    await waitFor(async () => (await waiting()) === 0, { what: 'an empty stream' });
    expect(await store.verify('acme')).toEqual({ ok: true, records: 20 });
  });

  test('is not robbed while it lives and works', async () => {
    const { store } = await SQLITE.openTestStore();
    const { outbox, relay, waiting } = setOutbox();
    const slow = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    relay({
      store: {
        async append(batch) {
          begun.resolve();
          await slow.promise;
          return await store.append(batch);
        },
      },
    });
    await outbox.note(record());
    const other = switchable(store);
    await begun.promise;
    const second = relay({ store: other });
    await waitFor(() => second.heard.backlogs.length > 5, { what: 'several looks' });

    expect(other.calls).toBe(0);
    slow.resolve();
    await waitFor(async () => (await waiting()) === 0, { what: 'an empty stream' });
  });
});

describe('a relay that is stopped', () => {
  test('finishes the batch in hand, leaves the rest, and signs off', async () => {
    const { store } = await SQLITE.openTestStore();
    const { outbox, relay, client, stream, waiting } = setOutbox();
    await Promise.all(records(700).map((one) => outbox.note(one)));
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const stopped = relay({
      store: {
        async append(batch) {
          begun.resolve();
          await gate.promise;
          return await store.append(batch);
        },
      },
    });
    await begun.promise;

    const end = stopped.stop();
    gate.resolve();
    await end;

    expect(await store.count()).toBe(500);
    expect(await waiting()).toBe(200);
    expect(await client.xinfo('CONSUMERS', stream, 'audit')).toEqual([]);
  });
});

describe('a Redis that', () => {
  test('loses the stream while the relay runs is used again', async () => {
    const { store } = await SQLITE.openTestStore();
    const { outbox, relay, client, stream } = setOutbox();
    const { heard } = relay({ store });
    await waitFor(() => heard.backlogs.length > 0, { what: 'a running relay' });
    await client.del(stream);
    await outbox.note(record());

    await waitFor(async () => (await store.count()) === 1, { what: 'the record' });
  });

  test('dies and comes back stops nothing', async () => {
    const { store } = await SQLITE.openTestStore();
    const redis = await openOwnRedis();
    const { outbox, relay } = setOutbox({ redis });
    relay({ store });
    await outbox.note(record());
    await waitFor(async () => (await store.count()) === 1, { what: 'the first record' });

    await redis.kill();
    await redis.restart();
    await outbox.note(record({ id: 'second' }));

    await waitFor(async () => (await store.count()) === 2, { what: 'the second record', deadlineMs: 10_000 });
  });

  test('is full is emptied nevertheless', async () => {
    const { store } = await SQLITE.openTestStore();
    const redis = await openOwnRedis();
    const { outbox, relay, client, waiting } = setOutbox({ redis });
    for (const one of records(3)) await outbox.note(one);
    const first = relay({ store });
    await waitFor(async () => (await waiting()) === 0, { what: 'a group, and an empty stream' });
    await first.stop();
    for (const one of records(3, {}, 'more')) await outbox.note(one);
    await client.config('SET', 'maxmemory', '1');
    await expect(outbox.note(record({ id: 'too-much' }))).rejects.toThrow(/OOM/);

    relay({ store });

    await waitFor(async () => (await store.count()) === 6, { what: 'the records that were in it' });
    await waitFor(async () => (await waiting()) === 0, { what: 'an empty stream' });
  });
});
