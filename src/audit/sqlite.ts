import { existsSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { setImmediate as breathe, setTimeout as delay } from 'node:timers/promises';
import { type Clock, systemClock } from '../core/clock.ts';
import { CodedError, messageOf, OperatorError } from '../core/errors.ts';
import {
  chainRows,
  headBehind,
  type Last,
  nextPlace,
  type Row,
  rowsBefore,
  storedRecord,
  unknownOf,
} from './chain.ts';
import { anchorBehind, keptAnchor } from './chain-anchor.ts';
import { type ChainKeys, NO_KEYS } from './chain-keys.ts';
import { deferAuditStore } from './defer-store.ts';
import type { AuditRecord } from './record.ts';
import { noteFile, type OpenedFile, openDatabase, openReader } from './sqlite-file.ts';
import { migrateSqlite, requireTables } from './sqlite-schema.ts';
import {
  type AuditStore,
  type Head,
  MAX_APPEND,
  requireBounded,
  type StoredRecord,
  type Verification,
} from './store.ts';
import { verifyRows } from './verify-chain.ts';

/**
 * The audit store in a file, which several processes of one machine may share. A call of SQLite
 * blocks its thread. So transactions are short, a writer that finds the file locked tries again
 * later, and a reader yields after each page. Workers run the store in a thread of its own.
 */
export interface SqliteOptions {
  readonly clock?: Clock;
  readonly keys?: ChainKeys;
  /** Creates a file that is missing; by default true. */
  readonly create?: boolean;
  /** How long a write waits for the lock of the file, ms. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 10_000;
const PAUSE_MS = 25;
/** Rows that a reader takes before it yields to the event loop. */
const PAGE = 500;
/** Result codes of SQLite. */
const CODES = { busy: 5, locked: 6, tooBig: 18 };

const COLUMNS = `tenant_id AS tenantId, sequence, id, source, occurred_at AS occurredAt,
  recorded_at AS recordedAt, action, status, details, hash`;

const PLACES = 'SELECT sequence, hash, recorded_at AS recordedAt FROM audit_records WHERE tenant_id = ?';

/** The heads of a file that is gone, by tenant. */
type LostHeads = Map<string, Head>;

/**
 * Opens the store. When the file is removed or replaced, the next call opens it again.
 * @throws {OperatorError} when the file cannot be read and written.
 */
export async function openSqliteStore(path: string, options: SqliteOptions = {}): Promise<AuditStore> {
  const lost: LostHeads = new Map();
  const open = () => openFile(path, options, lost);
  return deferAuditStore(open, await open());
}

async function openFile(path: string, options: SqliteOptions, lost: LostHeads): Promise<AuditStore> {
  const { clock = systemClock, keys = NO_KEYS, create = true, patienceMs = PATIENCE_MS } = options;
  if (!create && !existsSync(path)) {
    throw new OperatorError(`There is no audit database ${path}. Set AUDIT_DATABASE_URL to where it is.`);
  }
  let database: DatabaseSync | undefined;
  try {
    database = openDatabase(path, { create });
    const file = noteFile(path);
    await prepare(database, path, { create, patienceMs, lost });
    return storeOf(database, path, { clock, keys, patienceMs, file, lost });
  } catch (error) {
    database?.close();
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(
      `The audit database ${path} cannot be opened (${messageOf(error)}). ` +
        'Check that its folder exists and is writable; see AUDIT_DATABASE_URL.',
    );
  }
}

async function prepare(
  database: DatabaseSync,
  path: string,
  { create, patienceMs, lost }: { create: boolean; patienceMs: number; lost: LostHeads },
): Promise<void> {
  if (!create) requireTables(database, path);
  // Changing the mode needs the lock of the file, which another process may have.
  await untilFree(() => database.exec('PRAGMA journal_mode = WAL'), patienceMs);
  // With a write-ahead log the file stays sound, and records outlive the process. A power failure
  // may lose the last ones, as it loses the last second of Redis. A wait for the disk per batch
  // would hold up sending.
  database.exec('PRAGMA synchronous = NORMAL');
  const migrated = () => {
    migrateSqlite(database, path);
    rememberLost(database, lost);
  };
  await untilFree(() => transact(database, migrated), patienceMs);
  lost.clear();
}

/**
 * Continues the chains of the lost file, so that `verify` reports the loss. In a new file all would
 * look sound.
 */
function rememberLost(database: DatabaseSync, lost: LostHeads): void {
  const remember = database.prepare(`INSERT INTO audit_heads VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (tenant_id) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash,
      recorded_at = excluded.recorded_at WHERE excluded.sequence > audit_heads.sequence`);
  for (const [tenantId, head] of lost) remember.run(...headValues(tenantId, head));
}

interface Context {
  readonly clock: Clock;
  readonly keys: ChainKeys;
  readonly patienceMs: number;
  readonly file: OpenedFile;
  readonly lost: LostHeads;
}

function storeOf(
  database: DatabaseSync,
  path: string,
  { clock, keys, patienceMs, file, lost }: Context,
): AuditStore {
  const statements = {
    head: database.prepare('SELECT * FROM audit_heads WHERE tenant_id = ?'),
    putHead: database.prepare('INSERT OR REPLACE INTO audit_heads VALUES (?, ?, ?, ?, ?, ?, ?)'),
    isKnown: database.prepare('SELECT 1 FROM audit_records WHERE tenant_id = ? AND id = ?'),
    put: database.prepare('INSERT INTO audit_records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    first: database.prepare(
      `SELECT ${COLUMNS} FROM audit_records WHERE tenant_id = ? ORDER BY sequence LIMIT ${MAX_APPEND}`,
    ),
    last: database.prepare(`${PLACES} ORDER BY sequence DESC LIMIT 1`),
    hashAt: database.prepare('SELECT hash FROM audit_records WHERE tenant_id = ? AND sequence = ?'),
    remove: database.prepare('DELETE FROM audit_records WHERE tenant_id = ? AND sequence <= ?'),
  };

  const putHead = (tenantId: string, head: Head) => statements.putHead.run(...headValues(tenantId, head));

  /** Appends records of one tenant; returns the number of new ones. */
  const appendTo = (tenantId: string, records: readonly AuditRecord[]): number => {
    const known = records.map(({ id }) => id).filter((id) => statements.isKnown.get(tenantId, id));
    const added = unknownOf(records, known);
    if (added.length === 0) return 0;
    const last = statements.last.get(tenantId) as Last | undefined;
    const head = nextPlace(headOf(statements.head.get(tenantId)), last);
    const rows = chainRows(head, added, clock.now(), keys);
    for (const row of rows) statements.put.run(...valuesOf(row));
    putHead(tenantId, headBehind(head, rows, keptAnchor(tenantId, head, keys)));
    return rows.length;
  };

  /** Removes one batch from the beginning of a chain; returns the number of records. */
  const pruneBatch = (tenantId: string, olderThan: Date): number => {
    const rows = statements.first.all(tenantId) as unknown as Row[];
    const [first, ...more] = rowsBefore(rows, olderThan);
    const head = headOf(statements.head.get(tenantId));
    if (!first || !head) return 0;
    const anchor = anchorBehind(tenantId, head, [first, ...more], keys);
    putHead(tenantId, { ...head, anchor });
    return Number(statements.remove.run(tenantId, anchor.sequence).changes);
  };

  /** Checks the path. The heads of a file that is gone can still be read while it is open. */
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

  /** Checks the file before and after a write: a record in a removed file is not stored. */
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
      // The character after "9": every time sorts before it.
      const values = [tenantId, from?.toISOString() ?? '', to?.toISOString() ?? ':'];
      using snapshot = await query(() => openSnapshot(database, path));
      for await (const rows of pages(snapshot.database, where, values)) yield* rows.map(storedRecord);
    },

    async verify(tenantId): Promise<Verification> {
      using snapshot = await query(() => openSnapshot(database, path));
      const reader = snapshot.database;
      const head = headOf(reader.prepare('SELECT * FROM audit_heads WHERE tenant_id = ?').get(tenantId));
      const rows = pages(reader, 'tenant_id = ? ORDER BY sequence', [tenantId]);
      return await verifyRows(tenantId, head, rows, keys);
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

    async placeOf(tenantId, sequence) {
      const head = headOf(await query(() => statements.head.get(tenantId)));
      if (!head) return undefined;
      const row =
        sequence === undefined ? undefined : await query(() => statements.hashAt.get(tenantId, sequence));
      return { head, hash: row && String(row['hash']) };
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
 * Reads the heads, and skips along the index of the records as well: a head that was removed must
 * not hide the records of its tenant.
 */
const TENANTS = `
  WITH RECURSIVE found (id) AS (
    SELECT min(tenant_id) FROM audit_records
    UNION ALL
    SELECT (SELECT min(tenant_id) FROM audit_records WHERE tenant_id > found.id)
      FROM found WHERE found.id IS NOT NULL
  )
  SELECT id AS tenantId FROM found WHERE id IS NOT NULL UNION SELECT tenant_id FROM audit_heads ORDER BY 1`;

/** Opens a connection that sees the file as it is now, whatever others write meanwhile. */
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

/** Runs an act in a transaction, as the only writer. */
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

/** Tries again while the file is locked. The event loop runs between the tries. */
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

/** Runs one short read. */
async function query<Result>(act: () => Result): Promise<Result> {
  return await untilFree(act, PATIENCE_MS).catch(rethrow);
}

function isLocked(error: unknown): boolean {
  return [CODES.busy, CODES.locked].includes(resultCodeOf(error) ?? 0);
}

/** The primary result code of SQLite; undefined for other errors. */
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
    anchor: {
      sequence: Number(row['anchor_sequence']),
      hash: String(row['anchor_hash']),
      hmac: row['anchor_hmac'] === null ? null : String(row['anchor_hmac']),
    },
    recordedAt: String(row['recorded_at']),
  };
}

function headValues(tenantId: string, { sequence, hash, anchor, recordedAt }: Head): SQLInputValue[] {
  return [tenantId, sequence, hash, anchor.sequence, anchor.hash, recordedAt, anchor.hmac];
}

function valuesOf(row: Row): SQLInputValue[] {
  const { tenantId, sequence, id, source, occurredAt, recordedAt, action, status, details, hash } = row;
  return [tenantId, sequence, id, source, occurredAt, recordedAt, action, status, details, hash];
}
