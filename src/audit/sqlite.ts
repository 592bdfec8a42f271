import { existsSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { setImmediate as breathe, setTimeout as delay } from 'node:timers/promises';
import { type Clock, systemClock } from '../core/clock.ts';
import { CodedError, messageOf, OperatorError } from '../core/errors.ts';
import {
  chainRows,
  type Head,
  headBehind,
  type Last,
  lastBefore,
  nextPlace,
  type Row,
  storedRecord,
  unknownOf,
  verifyRows,
} from './chain.ts';
import { deferAuditStore } from './defer-store.ts';
import type { AuditRecord } from './record.ts';
import { noteFile, type OpenedFile, openDatabase, openReader } from './sqlite-file.ts';
import { migrateSqlite, requireTables } from './sqlite-schema.ts';
import {
  type AuditStore,
  MAX_APPEND,
  requireBounded,
  type StoredRecord,
  type Verification,
} from './store.ts';

/**
 * The audit store in a file, which several processes of one machine may share. Calls of SQLite hold their thread, so
 * transactions are short, whoever finds the file locked asks again later instead of waiting inside the call, and
 * readers let others go on after each page. Workers have it in a thread that sends nothing.
 */
export interface SqliteOptions {
  readonly clock?: Clock;
  /** Whether a file that is not there is made; by default it is. */
  readonly create?: boolean;
  /** How long a write tries to get the file for itself, ms. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 10_000;
const PAUSE_MS = 25;
/** Rows between two looks at the event loop. */
const PAGE = 500;
/** From the list of SQLite's result codes. */
const CODES = { busy: 5, locked: 6, tooBig: 18 };

const COLUMNS = `tenant_id AS tenantId, sequence, id, source, occurred_at AS occurredAt,
  recorded_at AS recordedAt, action, status, details, hash`;

const PLACES = 'SELECT sequence, hash, recorded_at AS recordedAt FROM audit_records WHERE tenant_id = ?';

/** The chains of a file that is gone, by tenant. */
type LostHeads = Map<string, Head>;

/**
 * A file that is removed or replaced while it is used is opened anew by the next call.
 * @throws {OperatorError} when the file cannot be read and written.
 */
export async function openSqliteStore(path: string, options: SqliteOptions = {}): Promise<AuditStore> {
  const lost: LostHeads = new Map();
  const open = () => openFile(path, options, lost);
  return deferAuditStore(open, await open());
}

async function openFile(path: string, options: SqliteOptions, lost: LostHeads): Promise<AuditStore> {
  const { clock = systemClock, create = true, patienceMs = PATIENCE_MS } = options;
  if (!create && !existsSync(path)) {
    throw new OperatorError(`There is no audit database ${path}. Set AUDIT_DATABASE_URL to where it is.`);
  }
  let database: DatabaseSync | undefined;
  try {
    database = openDatabase(path, { create });
    const file = noteFile(path);
    await prepare(database, path, { create, patienceMs, lost });
    return storeOf(database, path, { clock, patienceMs, file, lost });
  } catch (error) {
    database?.close();
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(
      `The audit database ${path} cannot be opened (${messageOf(error)}). ` +
        'Is its folder there, and may we write to it? See AUDIT_DATABASE_URL.',
    );
  }
}

async function prepare(
  database: DatabaseSync,
  path: string,
  { create, patienceMs, lost }: { create: boolean; patienceMs: number; lost: LostHeads },
): Promise<void> {
  if (!create) requireTables(database, path);
  // Once per file, and it needs the file for itself: another process may be at it.
  await untilFree(() => database.exec('PRAGMA journal_mode = WAL'), patienceMs);
  // With a write-ahead log the file stays whole, and what a process wrote outlives it; a power failure may take the last
  // records, as it takes the last second of Redis. To wait for the disk at each batch would hold up sending.
  database.exec('PRAGMA synchronous = NORMAL');
  const migrated = () => {
    migrateSqlite(database, path);
    rememberLost(database, lost);
  };
  await untilFree(() => transact(database, migrated), patienceMs);
  lost.clear();
}

/** Chains go on behind what is lost, so that `verify` finds that it is: a new file would else look as if nothing had been. */
function rememberLost(database: DatabaseSync, lost: LostHeads): void {
  const remember = database.prepare(`INSERT INTO audit_heads VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (tenant_id) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash,
      recorded_at = excluded.recorded_at WHERE excluded.sequence > audit_heads.sequence`);
  for (const [tenantId, head] of lost) remember.run(...headValues(tenantId, head));
}

interface Context {
  readonly clock: Clock;
  readonly patienceMs: number;
  readonly file: OpenedFile;
  readonly lost: LostHeads;
}

function storeOf(
  database: DatabaseSync,
  path: string,
  { clock, patienceMs, file, lost }: Context,
): AuditStore {
  const statements = {
    head: database.prepare('SELECT * FROM audit_heads WHERE tenant_id = ?'),
    putHead: database.prepare('INSERT OR REPLACE INTO audit_heads VALUES (?, ?, ?, ?, ?, ?)'),
    isKnown: database.prepare('SELECT 1 FROM audit_records WHERE tenant_id = ? AND id = ?'),
    put: database.prepare('INSERT INTO audit_records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    first: database.prepare(`${PLACES} ORDER BY sequence LIMIT ${MAX_APPEND}`),
    last: database.prepare(`${PLACES} ORDER BY sequence DESC LIMIT 1`),
    remove: database.prepare('DELETE FROM audit_records WHERE tenant_id = ? AND sequence <= ?'),
  };

  const putHead = (tenantId: string, head: Head) => statements.putHead.run(...headValues(tenantId, head));

  /** Of one tenant; returns how many are new. */
  const appendTo = (tenantId: string, records: readonly AuditRecord[]): number => {
    const known = records.map(({ id }) => id).filter((id) => statements.isKnown.get(tenantId, id));
    const added = unknownOf(records, known);
    if (added.length === 0) return 0;
    const last = statements.last.get(tenantId) as Last | undefined;
    const head = nextPlace(headOf(statements.head.get(tenantId)), last);
    const rows = chainRows(head, added, clock.now());
    for (const row of rows) statements.put.run(...valuesOf(row));
    putHead(tenantId, headBehind(head, rows));
    return rows.length;
  };

  /** One batch from the beginning of a chain; returns how many were removed. */
  const pruneBatch = (tenantId: string, olderThan: Date): number => {
    const rows = statements.first.all(tenantId) as unknown as Row[];
    const last = lastBefore(rows, olderThan);
    const head = headOf(statements.head.get(tenantId));
    if (!last || !head) return 0;
    putHead(tenantId, { ...head, anchor: { sequence: last.sequence, hash: last.hash } });
    return Number(statements.remove.run(tenantId, last.sequence).changes);
  };

  /** What was in a file that is gone can still be read, while it is open. */
  const requireSameFile = (): void => {
    try {
      file.requireSame();
    } catch (error) {
      for (const row of database.prepare('SELECT * FROM audit_heads').all()) {
        const head = headOf(row);
        if (head) lost.set(String(row['tenant_id']), head);
      }
      throw error;
    }
  };

  /** A file may go before a write, and during one: what was written into it then is stored nowhere. */
  const write = async <Result>(act: () => Result): Promise<Result> => {
    if (!database.isOpen) throw new CodedError('AUDIT_STORE_UNAVAILABLE', 'the audit store is closed');
    requireSameFile();
    const result = await untilFree(() => transact(database, act), patienceMs).catch(rethrow);
    requireSameFile();
    return result;
  };

  return {
    async append(records) {
      requireBounded(records);
      const byTenant = Map.groupBy(records, ({ tenantId }) => tenantId);
      const added = await write(() =>
        [...byTenant].reduce((sum, [tenantId, its]) => sum + appendTo(tenantId, its), 0),
      );
      return { added, known: records.length - added };
    },

    async count({ tenantId = null, source = null } = {}) {
      const sql = `SELECT count(*) AS records FROM audit_records
        WHERE (?1 IS NULL OR tenant_id = ?1) AND (?2 IS NULL OR source = ?2)`;
      return Number(await query(() => database.prepare(sql).get(tenantId, source)?.['records']));
    },

    async *read({ tenantId, from, to }): AsyncGenerator<StoredRecord> {
      const where = `tenant_id = ? AND occurred_at >= ? AND occurred_at < ? ORDER BY occurred_at, sequence`;
      // Behind every digit that a year can begin with.
      const values = [tenantId, from?.toISOString() ?? '', to?.toISOString() ?? ':'];
      using snapshot = await query(() => openSnapshot(database, path));
      for await (const rows of pages(snapshot.database, where, values)) yield* rows.map(storedRecord);
    },

    async verify(tenantId): Promise<Verification> {
      using snapshot = await query(() => openSnapshot(database, path));
      const reader = snapshot.database;
      const head = headOf(reader.prepare('SELECT * FROM audit_heads WHERE tenant_id = ?').get(tenantId));
      return await verifyRows(head, pages(reader, 'tenant_id = ? ORDER BY sequence', [tenantId]));
    },

    async prune(tenantId, olderThan) {
      let pruned = 0;
      for (;;) {
        const batch = await write(() => pruneBatch(tenantId, olderThan));
        pruned += batch;
        if (batch < MAX_APPEND) return pruned;
        await breathe();
      }
    },

    async tenants() {
      const rows = await query(() => database.prepare(TENANTS).all());
      return rows.map(({ tenantId }) => String(tenantId));
    },

    async close() {
      if (database.isOpen) database.close();
    },
  };
}

/**
 * From the heads, and, in leaps along the index, from the records: who removed a head must not hide the rest.
 */
const TENANTS = `
  WITH RECURSIVE found (id) AS (
    SELECT min(tenant_id) FROM audit_records
    UNION ALL
    SELECT (SELECT min(tenant_id) FROM audit_records WHERE tenant_id > found.id)
      FROM found WHERE found.id IS NOT NULL
  )
  SELECT id AS tenantId FROM found WHERE id IS NOT NULL UNION SELECT tenant_id FROM audit_heads ORDER BY 1`;

/** A connection of its own that sees the file as it is now, whatever others write meanwhile. */
function openSnapshot(writer: DatabaseSync, path: string): Disposable & { readonly database: DatabaseSync } {
  if (!writer.isOpen) throw new CodedError('AUDIT_STORE_UNAVAILABLE', 'the audit store is closed');
  const database = openReader(path);
  database.exec('BEGIN');
  return { database, [Symbol.dispose]: () => database.close() };
}

async function* pages(
  database: DatabaseSync,
  where: string,
  values: readonly SQLInputValue[],
): AsyncGenerator<Row[]> {
  const rows = database.prepare(`SELECT ${COLUMNS} FROM audit_records WHERE ${where}`).iterate(...values);
  let page: Row[] = [];
  for (const row of rows) {
    page.push(row as unknown as Row);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
    await breathe();
  }
  yield page;
}

/** All of it or nothing, and alone among the writers. */
function transact<Result>(database: DatabaseSync, act: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = act();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Asks again, with pauses in which the process does its other work, while the file is locked. */
async function untilFree<Result>(act: () => Result, patienceMs: number): Promise<Result> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return act();
    } catch (error) {
      if (!isLocked(error) || performance.now() > deadline) throw error;
    }
    await delay(Math.random() * PAUSE_MS);
  }
}

/** One short read. */
async function query<Result>(act: () => Result): Promise<Result> {
  return await untilFree(act, PATIENCE_MS).catch(rethrow);
}

function isLocked(error: unknown): boolean {
  return [CODES.busy, CODES.locked].includes(resultCodeOf(error) ?? 0);
}

/** The primary result code of SQLite; undefined when the error is none of its. */
function resultCodeOf(error: unknown): number | undefined {
  const { errcode } = error as { readonly errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}

function rethrow(error: unknown): never {
  const code = resultCodeOf(error);
  if (code === CODES.tooBig) {
    throw new CodedError('AUDIT_RECORD_REFUSED', 'the audit database refuses a record', { cause: error });
  }
  const isClosed = (error as NodeJS.ErrnoException).code === 'ERR_INVALID_STATE';
  if (code === undefined && !isClosed) throw error;
  const reason = isClosed ? 'it is closed' : messageOf(error);
  throw new CodedError('AUDIT_STORE_UNAVAILABLE', `the audit database cannot be used: ${reason}`, {
    cause: error,
  });
}

function headOf(row: Record<string, unknown> | undefined): Head | undefined {
  if (!row) return undefined;
  return {
    sequence: Number(row['sequence']),
    hash: String(row['hash']),
    anchor: { sequence: Number(row['anchor_sequence']), hash: String(row['anchor_hash']) },
    recordedAt: String(row['recorded_at']),
  };
}

function headValues(tenantId: string, { sequence, hash, anchor, recordedAt }: Head): SQLInputValue[] {
  return [tenantId, sequence, hash, anchor.sequence, anchor.hash, recordedAt];
}

function valuesOf(row: Row): SQLInputValue[] {
  const { tenantId, sequence, id, source, occurredAt, recordedAt, action, status, details, hash } = row;
  return [tenantId, sequence, id, source, occurredAt, recordedAt, action, status, details, hash];
}
