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

/** A store that the test switches between available and away. */
function switchable(store: AuditStore) {
  const state = { isAway: false, calls: 0 };
  const append: AuditStore['append'] = async (batch) => {
    if (batch.length > 0) state.calls += 1;
    if (state.isAway) throw new CodedError('AUDIT_STORE_UNAVAILABLE', 'away');
    return await store.append(batch);
  };
  return Object.assign(state, { append });
}

describe.for(DATABASES)('records in the outbox, with $name', ({ openTestStore }) => {
  test('go from all partitions to the store, and leave Redis', async () => {
    const { store } = await openTestStore();
    const { outbox, client, keys, relay } = setOutbox({ partitions: 3 });
    const tenants = ['acme', 'globex', 'initech', 'umbrella'];
    const noted = tenants.flatMap((tenantId) => records(120, { tenantId }));
    await Promise.all(noted.map((one) => outbox.note(one)));

    const { heard } = relay({ store });

    const total = async () => (await store.count()) === noted.length;
    await waitFor(total, { what: 'all records' });
    const left = async () =>
      (await Promise.all([0, 1, 2].map((partition) => client.xlen(keys.auditStream(partition))))).every(
        (entries) => entries === 0,
      );
    await waitFor(left, { what: 'empty streams' });
    expect(new Set(tenants.map((tenantId) => keys.partitionOf(tenantId))).size).toBeGreaterThan(1);
    expect(await store.verify('acme')).toEqual({ ok: true, records: 120 });
    expect(heard.dropped + heard.givenUp).toBe(0);
    await waitFor(() => heard.backlogs.at(-1)?.entries === 0, { what: 'an empty backlog' });
  });
});

describe('a record', () => {
  test('is stored once if it is added twice', async () => {
    const { store } = await SQLITE.openTestStore();
    const { outbox, relay, waiting } = setOutbox();
    await outbox.note(record());
    await outbox.note(record());

    relay({ store });

    await waitFor(async () => (await waiting()) === 0, { what: 'an empty stream' });
    expect(await store.count()).toBe(1);
  });

  test('is rejected if it is not sound', async () => {
    const { outbox, waiting } = setOutbox();

    await expect(outbox.note(record({ status: '' }))).rejects.toThrow(/status: expected 1 to 40 printable/);
    expect(await waiting()).toBe(0);
  });
});

describe('an entry of the outbox without a sound record', () => {
  const secret = 'hunter2hunter2';

  test('is dropped, counted, and logged without its content, and the others go on', async () => {
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

  test('is dropped also if the database refuses its data', async () => {
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
  test('entries stay, and the relay retries with waits, and logs once', async () => {
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
      what: 'the log line',
    });
  });

  test('the relay gives up old records, counts and logs them, and keeps the others', async () => {
    const { store } = await SQLITE.openTestStore();
    const away = switchable(store);
    away.isAway = true;
    const { outbox, relay, client, stream, waiting } = setOutbox();
    for (const [index, one] of records(3).entries()) {
      await client.xadd(stream, `${1000 + index}-0`, 'record', JSON.stringify(one));
    }
    await outbox.note(record({ id: 'young' }));

    const { heard } = relay({ store: away });

    await waitFor(() => heard.givenUp === 3, { what: 'three lost records' });
    expect(heard.lines).toContainEqual(
      expect.objectContaining({ event: 'audit.given-up', count: 3, level: 50 }),
    );
    expect(await waiting()).toBe(1);
    away.isAway = false;
    await waitFor(async () => (await waiting()) === 0, { what: 'an empty stream' });
    expect(await readAll(store, { tenantId: 'acme' })).toMatchObject([{ id: 'young' }]);
    expect(heard.dropped).toBe(0);
  });

  test('the relay stores old records if the store returns in time', async () => {
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
  test('between store and acknowledgement doubles no record, and another relay finishes its batch', async () => {
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

  test('keeps its entries while it is alive', async () => {
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
    // A client that loses an answer notes the record once more.
    const repeated = (await waiting()) - 1;
    const second = relay({ store: other });
    await waitFor(() => second.heard.backlogs.length > 5, { what: 'several backlogs' });

    expect(other.calls).toBeLessThanOrEqual(repeated);
    slow.resolve();
    await waitFor(async () => (await waiting()) === 0, { what: 'an empty stream' });
  });
});

describe('a relay at its stop', () => {
  test('finishes its batch, leaves the rest, and leaves the group', async () => {
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

describe('a relay continues', () => {
  test('after Redis loses the stream', async () => {
    const { store } = await SQLITE.openTestStore();
    const { outbox, relay, client, stream } = setOutbox();
    const { heard } = relay({ store });
    await waitFor(() => heard.backlogs.length > 0, { what: 'a running relay' });
    await client.del(stream);
    await outbox.note(record());

    await waitFor(async () => (await store.count()) === 1, { what: 'the record' });
  });

  test('after Redis dies and comes back', async () => {
    const { store } = await SQLITE.openTestStore();
    const redis = await openOwnRedis();
    const { outbox, relay } = setOutbox({ redis });
    relay({ store });
    await outbox.note(record());
    await waitFor(async () => (await store.count()) === 1, { what: 'the first record' });

    await redis.kill();
    await redis.restart();
    await outbox.note(record({ id: 'second' }));

    await waitFor(async () => (await store.count()) === 2, { what: 'the second record' });
  });

  test('after Redis was full', async () => {
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
