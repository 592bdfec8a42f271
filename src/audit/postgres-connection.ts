import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { coded, hasNoTls, isOfStatement, unavailable } from './postgres-failure.ts';
import { type PostgresAddress, parsePostgresUrl } from './postgres-url.ts';

/** Times of a connection, ms. */
export interface PostgresTimes {
  readonly connectMs: number;
  /** Longest time that the server may take for one statement. */
  readonly statementMs: number;
  /**
   * Longest time that this process waits for one piece of work, so that a silent server cannot hold
   * it. Longer than `statementMs`.
   */
  readonly answerMs: number;
}

export const POSTGRES_TIMES: PostgresTimes = { connectMs: 5000, statementMs: 20_000, answerMs: 30_000 };

/** One connection, or a transaction on it. */
export interface Sql {
  rows<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** @returns the number of rows that it touched. */
  run(text: string, values?: readonly unknown[]): Promise<number>;
}

/**
 * A pool of connections, replaced when the server stops to answer. Every method rejects with
 * AUDIT_STORE_UNAVAILABLE or AUDIT_RECORD_REFUSED. A connection that breaks while it is idle is
 * dropped.
 */
export interface PostgresPool {
  /** Runs one piece of work on a connection. */
  ask<Result>(act: (sql: Sql) => Promise<Result>): Promise<Result>;
  /** Runs it in a transaction. */
  transact<Result>(act: (sql: Sql) => Promise<Result>): Promise<Result>;
  /**
   * Opens a reader that sees the rows as they are now, page by page, however slow its caller is.
   */
  snapshot(): Promise<Snapshot>;
  close(): Promise<void>;
}

/** One reader with a connection and a transaction of its own. */
export interface Snapshot extends AsyncDisposable {
  rows<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  pages<Row extends object>(text: string, values: readonly unknown[]): AsyncGenerator<readonly Row[]>;
}

const MAX_CONNECTIONS = 4;
const CLOSE_MS = 5000;
const IDLE_MS = 60_000;
/** Rows per page. */
const PAGE = 500;

/** @throws {OperatorError} when the TLS parameters of the address are wrong. */
export function createPool(url: string, times: PostgresTimes = POSTGRES_TIMES): PostgresPool {
  let address = parsePostgresUrl(url);
  let isClosed = false;
  let connections = openConnections(address, times);

  /** Rejects after `answerMs`, and destroys the connections, which a silent server would hold. */
  const inTime = async <Result>(work: Promise<Result>, used: Connections): Promise<Result> => {
    const timer = new AbortController();
    const silence = delay(times.answerMs, SILENT, { signal: timer.signal }).catch(() => SILENT);
    const answer = await Promise.race([work, silence]).finally(() => timer.abort());
    if (answer !== SILENT) return answer as Result;
    work.catch(() => {});
    // The next piece of work uses new connections.
    if (connections === used && !isClosed) connections = openConnections(address, times);
    used.destroy();
    throw unavailable(`no answer within ${times.answerMs} ms`);
  };

  const connect = async (used: Connections): Promise<pg.PoolClient> => {
    try {
      return await used.pool.connect();
    } catch (error) {
      if (!address.isTlsOptional || !hasNoTls(error)) throw error;
      address = { ...address, ssl: false, isTlsOptional: false };
      if (connections === used && !isClosed) connections = openConnections(address, times);
      return await connections.pool.connect();
    }
  };

  const ask = async <Result>(act: (sql: Sql) => Promise<Result>): Promise<Result> => {
    if (isClosed) throw unavailable('it is closed');
    const used = connections;
    return await inTime(
      connect(used).then((client) => using(client, act)),
      used,
    ).catch(rethrow);
  };

  return {
    ask,
    transact: (act) => ask((sql) => transaction(sql, act)),
    async snapshot() {
      if (isClosed) throw unavailable('it is closed');
      const used = connections;
      const client = await inTime(connect(used).then(begun), used).catch(rethrow);
      const sql = sqlOf(client);
      let isSound = true;
      const step = <Result>(act: () => Promise<Result>) =>
        inTime(act(), used).catch((error: unknown) => {
          isSound = false;
          return rethrow(error);
        });
      return {
        rows: (text, values) => step(() => sql.rows(text, values)),
        async *pages<Row extends object>(text: string, values: readonly unknown[]) {
          await step(() => sql.run(`DECLARE reader NO SCROLL CURSOR FOR ${text}`, values));
          for (;;) {
            const page = await step(() => sql.rows<Row>(`FETCH ${PAGE} FROM reader`));
            if (page.length === 0) return;
            yield page;
          }
        },
        async [Symbol.asyncDispose]() {
          if (isSound) await step(() => sql.run('ROLLBACK')).catch(() => {});
          client.release(!isSound);
        },
      };
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      await Promise.race([connections.pool.end(), delay(CLOSE_MS, undefined, { ref: false })]).catch(
        () => {},
      );
      connections.destroy();
    },
  };
}

const SILENT = Symbol('silent');

interface Connections {
  readonly pool: pg.Pool;
  /** Closes every connection at once, with the work on it. */
  destroy(): void;
}

function openConnections(
  { connectionString, ssl }: PostgresAddress,
  { connectMs, statementMs, answerMs }: PostgresTimes,
): Connections {
  const sockets = new Set<Socket>();
  const openSocket = () => {
    const socket = new Socket();
    sockets.add(socket);
    return socket.once('close', () => sockets.delete(socket));
  };
  const pool = new pg.Pool({
    connectionString,
    ssl,
    stream: openSocket,
    max: MAX_CONNECTIONS,
    application_name: 'gwm',
    connectionTimeoutMillis: connectMs,
    idleTimeoutMillis: IDLE_MS,
    statement_timeout: statementMs,
    // A writer that hangs between two statements must not keep the locks of its tenants.
    idle_in_transaction_session_timeout: 2 * answerMs,
    keepAlive: true,
    types: { getTypeParser },
  });
  // Without these listeners an error of a connection ends the process. The next use reports it.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', (error) => noteBreak(client, error)));
  return {
    pool,
    destroy() {
      for (const socket of sockets) socket.destroy();
      pool.end().catch(() => {});
    },
  };
}

const BIGINT = 20;
const TIMESTAMPTZ = 1184;

/** Sequence numbers and counts stay far below 2^53, so a number holds them. Times are ISO texts. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  const standard = pg.types.getTypeParser(oid, format as 'text');
  if (oid === BIGINT) return Number;
  if (oid !== TIMESTAMPTZ) return standard;
  return (text: string) => (standard(text) as Date).toISOString();
}

/** Returns the connection to the pool, unless it broke. A refused statement does not break it. */
async function using<Result>(client: pg.PoolClient, act: (sql: Sql) => Promise<Result>): Promise<Result> {
  try {
    const result = await act(sqlOf(client));
    client.release();
    return result;
  } catch (error) {
    client.release(!isOfStatement(error));
    throw error;
  }
}

async function transaction<Result>(sql: Sql, act: (sql: Sql) => Promise<Result>): Promise<Result> {
  await sql.run('BEGIN');
  try {
    const result = await act(sql);
    await sql.run('COMMIT');
    return result;
  } catch (error) {
    if (isOfStatement(error)) await sql.run('ROLLBACK');
    throw error;
  }
}

async function begun(client: pg.PoolClient): Promise<pg.PoolClient> {
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // Use the indexes: the first page comes at once, and PostgreSQL does not sort a million rows.
    await client.query('SET LOCAL enable_sort = off');
    await client.query('SET LOCAL enable_seqscan = off');
    // A reader may take any time over a page. Each FETCH has its own limit.
    await client.query(`SELECT set_config(name, '0', true) FROM pg_settings
      WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')`);
    return client;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** Why each connection broke. The driver reports to its next user only that it did. */
const breaks = new WeakMap<pg.PoolClient, Error>();

function noteBreak(client: pg.PoolClient, error: Error): void {
  if (!breaks.has(client)) breaks.set(client, error);
}

function sqlOf(client: pg.PoolClient): Sql {
  const query = async (text: string, values: readonly unknown[] = []) => {
    try {
      return await client.query(text, [...values]);
    } catch (error) {
      throw breaks.get(client) ?? error;
    }
  };
  return {
    rows: async <Row extends object>(text: string, values?: readonly unknown[]) =>
      (await query(text, values)).rows as Row[],
    run: async (text, values) => (await query(text, values)).rowCount ?? 0,
  };
}

function rethrow(error: unknown): never {
  throw coded(error);
}
