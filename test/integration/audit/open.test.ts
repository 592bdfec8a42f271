import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { deferAuditStore } from '../../../src/audit/defer-store.ts';
import { openAuditStore } from '../../../src/audit/open-store.ts';
import { POSTGRES_TIMES } from '../../../src/audit/postgres-connection.ts';
import { OperatorError } from '../../../src/core/errors.ts';
import { onEnd } from '../../support/lifetime.ts';
import { openLink } from '../../support/link.ts';
import { testDatabase } from '../../support/postgres.ts';
import { waitFor } from '../../support/wait-for.ts';
import { DATABASES, records } from './stores.ts';

const [SQLITE, POSTGRES] = DATABASES;

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'gwm-audit-'));
  onEnd(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** The error of a database that cannot be opened. */
async function complaintOf(url: string, times = POSTGRES_TIMES): Promise<string> {
  const failure = await openAuditStore(url, { times }).then(
    async (store) => {
      await store.close();
      return undefined;
    },
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(OperatorError);
  return (failure as OperatorError).message;
}

/** A server that accepts connections and never answers. */
async function silentServer(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on('error', () => {})));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onEnd(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `postgres://gwm:hunter2@127.0.0.1:${(server.address() as AddressInfo).port}/gwm`;
}

describe('the error of an audit database names', () => {
  test('a file in a missing folder, and a file that is not a database', async () => {
    const path = await folder();
    await writeFile(join(path, 'text'), 'no database '.repeat(100));
    await chmod(join(path, 'text'), 0o600);

    for (const file of ['nowhere/audit.db', 'text', '.']) {
      const complaint = await complaintOf(`sqlite:${join(path, file)}`);
      expect(complaint).toContain(`The audit database ${join(path, file)} cannot be opened`);
      expect(complaint).toContain('AUDIT_DATABASE_URL');
    }
  });

  test('a file of a newer version', async () => {
    const file = join(await folder(), 'audit.db');
    using database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');

    expect(await complaintOf(`sqlite:${file}`)).toContain('was written by a newer version');
  });

  test('an address of another kind', async () => {
    expect(await complaintOf('mysql://gwm:hunter2@h/gwm')).toBe(
      'AUDIT_DATABASE_URL: wanted sqlite:PATH or postgres://user:password@host:5432/name.',
    );
  });

  test('a missing PostgreSQL, and one that does not answer', async () => {
    expect(await complaintOf('postgres://gwm:hunter2@127.0.0.1:1/gwm')).toMatch(
      /^The audit database at postgres:\/\/127\.0\.0\.1:1\/gwm does not answer \(.*ECONNREFUSED.*\)\. Start it/,
    );
    const silent = await silentServer();
    const times = { ...POSTGRES_TIMES, connectMs: 200 };
    const complaint = await complaintOf(silent, times);
    expect(complaint).toContain('does not answer');
    expect(complaint).not.toContain('hunter2');
  });

  test('a refused login, and a missing database', async () => {
    const { serverUrl } = await testDatabase();
    const wrong = new URL(`${serverUrl}/postgres`);
    wrong.password = 'hunter2';
    const refused = await complaintOf(wrong.href);
    expect(refused).toContain('refuses the login');
    expect(refused).not.toContain('hunter2');

    const missing = await complaintOf(`${serverUrl}/nowhere`);
    expect(missing).toContain('/nowhere is not there');
    expect(missing).not.toContain(new URL(serverUrl).password);
  });

  test('a user who may not create tables', async () => {
    const { url, sql } = await testDatabase();
    const role = `reader_${new URL(url).pathname.slice(1)}`;
    await sql(`CREATE ROLE ${role} LOGIN PASSWORD 'hunter2'; REVOKE CREATE ON SCHEMA public FROM PUBLIC`);
    onEnd(() => sql(`DROP ROLE ${role}`));
    const asReader = new URL(url);
    asReader.username = role;
    asReader.password = 'hunter2';

    const complaint = await complaintOf(asReader.href);
    expect(complaint).toContain('does not let this user create tables');
    expect(complaint).not.toContain('hunter2');
  });
});

describe('the schema of PostgreSQL', () => {
  test('is created once by processes that start together, and kept by later ones', async () => {
    const { url, sql } = await testDatabase();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openAuditStore(url)));
    for (const store of stores) onEnd(() => store.close());
    await stores[0]?.append(records(2));
    const later = await openAuditStore(url);
    onEnd(() => later.close());

    expect(await later.verify('acme')).toEqual({ ok: true, records: 2 });
    expect(await sql('SELECT file FROM audit_migrations ORDER BY file')).toEqual([
      { file: '0001-records.sql' },
      { file: '0002-anchor-hmac.sql' },
    ]);
  });

  test('has a partition per month with records, and creates a dropped one again', async () => {
    const { store, tamper } = await POSTGRES.openTestStore();
    await store.append(records(1, { occurredAt: '2026-12-31T23:59:59.999Z' }));
    await store.append(records(1, { occurredAt: '2027-01-01T00:00:00.000Z' }, 'new-year'));
    await tamper(
      'ALTER TABLE audit_records DETACH PARTITION audit_records_2027_01; DROP TABLE audit_records_2027_01',
    );

    expect(await store.append(records(1, { occurredAt: '2027-01-02T00:00:00.000Z' }, 'again'))).toEqual({
      added: 1,
      known: 0,
    });
    // Verify reports a dropped partition as removed records.
    expect(await store.verify('acme')).toMatchObject({ issue: { kind: 'removed', sequence: 2 } });
  });

  test('creates the partition of a new month during an export', async () => {
    const { store } = await POSTGRES.openTestStore();
    await store.append(records(500));
    await store.append(records(500, {}, 'more'));

    for await (const _ of store.read({ tenantId: 'acme' })) {
      expect(
        await store.append(records(1, { occurredAt: '2026-04-01T00:00:00.000Z' }, 'april')),
      ).toMatchObject({
        added: 1,
      });
      break;
    }
  });
});

test('a reader of PostgreSQL may take longer than a statement', async () => {
  // A loaded machine reads a page within this time.
  const statementMs = 1000;
  const { store: writer, open } = await POSTGRES.openTestStore();
  for (let batch = 0; batch < 3; batch += 1) await writer.append(records(500, {}, `batch-${batch}`));
  const store = await open({ times: { ...POSTGRES_TIMES, statementMs } });
  const startedAt = performance.now();

  let read = 0;
  for await (const _ of store.read({ tenantId: 'acme' })) {
    read += 1;
    // The reader waits after every page.
    if (read % 500 !== 1) continue;
    const pageMs = (1 + Math.ceil(read / 500)) * statementMs;
    await waitFor(() => performance.now() - startedAt > pageMs, { what: 'a slow reader' });
  }

  expect(read).toBe(1500);
});

describe('a PostgreSQL that stops answering', () => {
  test('fails calls, and gets new connections afterwards', async () => {
    // Within this time a loaded machine opens the store.
    const answerMs = 5000;
    const { url } = await testDatabase();
    const link = await openLink(url, 0);
    const store = await openAuditStore(link.url, { times: { ...POSTGRES_TIMES, answerMs } });
    onEnd(() => store.close());
    await store.append(records(1));

    link.silence(true);
    await expect(store.append(records(1, {}, 'lost'))).rejects.toMatchObject({
      code: 'AUDIT_STORE_UNAVAILABLE',
      message: `the audit database cannot be used: no answer within ${answerMs} ms`,
    });
    link.silence(false);

    expect(await store.append(records(1, {}, 'next'))).toEqual({ added: 1, known: 0 });
    expect(await store.verify('acme')).toMatchObject({ ok: true });
  });
});

describe('a file that another process has locked', () => {
  test('is tried again without blocking the event loop, up to a limit', async () => {
    const { url, store } = await SQLITE.openTestStore({ patienceMs: 200 });
    using other = new DatabaseSync(url.slice('sqlite:'.length));
    other.exec('BEGIN IMMEDIATE');
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    onEnd(() => clearInterval(timer));

    await expect(store.append(records(1))).rejects.toMatchObject({ code: 'AUDIT_STORE_UNAVAILABLE' });
    // If the retries held the event loop, the timer would have no turn.
    expect(turns).toBeGreaterThan(1);
    // A reader does not wait for a writer.
    expect(await store.count()).toBe(0);
    other.exec('ROLLBACK');
    expect(await store.append(records(1))).toEqual({ added: 1, known: 0 });
  });
});

describe('a deferred store', () => {
  test('opens again at the next use after a failure', async () => {
    const { open } = await SQLITE.openTestStore();
    let attempts = 0;
    const store = deferAuditStore(async () => {
      attempts += 1;
      if (attempts === 1) throw new OperatorError('not yet');
      return await open();
    });

    const failure = { code: 'AUDIT_STORE_UNAVAILABLE', message: 'not yet' };
    await expect(store.append(records(1))).rejects.toMatchObject(failure);
    expect(await store.append(records(1))).toEqual({ added: 1, known: 0 });
    expect(await Promise.all([store.count(), store.tenants(), store.verify('acme')])).toEqual([
      1,
      ['acme'],
      { ok: true, records: 1 },
    ]);
    expect(attempts).toBe(2);
    await store.close();
    await expect(store.count()).rejects.toMatchObject({ code: 'AUDIT_STORE_UNAVAILABLE' });
  });
});
