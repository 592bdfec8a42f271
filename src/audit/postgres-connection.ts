import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { coded, hasNoTls, isOfStatement, unavailable } from './postgres-failure.ts';
import { type PostgresAddress, parsePostgresUrl } from './postgres-url.ts';

/** Times of a connection, ms. */
export interface PostgresTimes {
  readonly connectMs: number;
  /** What the server may take for one statement. */
  readonly statementMs: number;
  /**
   * What we wait for one piece of work, so that a server that is silent cannot hold us; longer than a
   * statement may take.
   */
  readonly answerMs: number;
}

export const POSTGRES_TIMES: PostgresTimes = { connectMs: 5000, statementMs: 20_000, answerMs: 30_000 };

/** One connection, or a transaction on it. */
export interface Sql {
  rows<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** @returns how many rows it touched. */
  run(text: string, values?: readonly unknown[]): Promise<number>;
}

/**
 * A pool of connections that is made anew when the server has fallen silent. Everything rejects with the codes
 * AUDIT_STORE_UNAVAILABLE or AUDIT_RECORD_REFUSED; a connection that breaks while it is at rest is left out.
 */
export interface PostgresPool {
  /** Does one piece of work. */
  ask<Result>(act: (sql: Sql) => Promise<Result>): Promise<Result>;
  /** All of it or nothing. */
  transact<Result>(act: (sql: Sql) => Promise<Result>): Promise<Result>;
  /** The rows of a query as they are now, a page at a time, however long its reader takes over each. */
  snapshot(): Promise<Snapshot>;
  close(): Promise<void>;
}

/** A connection for one reader, in a transaction of its own. */
export interface Snapshot extends AsyncDisposable {
  rows<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  pages<Row extends object>(text: string, values: readonly unknown[]): AsyncGenerator<readonly Row[]>;
}

const MAX_CONNECTIONS = 4;
const CLOSE_MS = 5000;
const IDLE_MS = 60_000;
/** Rows of one page. */
const PAGE = 500;

/** @throws {OperatorError} for an address that says a wrong thing about TLS. */
export function createPool(url: string, times: PostgresTimes = POSTGRES_TIMES): PostgresPool {
  let address = parsePostgresUrl(url);
  let isClosed = false;
  let connections = openConnections(address, times);

  /** Within its time, or not at all: what a silent server holds is let go of. */
  const inTime = async <Result>(work: Promise<Result>, used: Connections): Promise<Result> => {
    const timer = new AbortController();
    const silence = delay(times.answerMs, SILENT, { signal: timer.signal }).catch(() => SILENT);
    const answer = await Promise.race([work, silence]).finally(() => timer.abort());
    if (answer !== SILENT) return answer as Result;
    work.catch(() => {});
    // Whoever asks next does so over new connections.
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
  /** Breaks every connection off, whatever is asked over it. */
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
    // A writer that is frozen between two statements must not hold the locks of its tenants for good.
    idle_in_transaction_session_timeout: 2 * answerMs,
    keepAlive: true,
    types: { getTypeParser },
  });
  // Without these listeners an error of a connection would end the process; the next use of it says what was wrong.
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

/** Sequence numbers and counts stay far below 2^53; a moment has one text. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  const standard = pg.types.getTypeParser(oid, format as 'text');
  if (oid === BIGINT) return Number;
  if (oid !== TIMESTAMPTZ) return standard;
  return (text: string) => (standard(text) as Date).toISOString();
}

/** A connection goes back to the pool, unless it broke: what the server has refused leaves it as it was. */
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
    // Along the indexes: the first page comes at once, and a million rows are not sorted.
    await client.query('SET LOCAL enable_sort = off');
    await client.query('SET LOCAL enable_seqscan = off');
    // A reader may take as long as it likes over a page, and over all of them; each page has its own limit.
    await client.query(`SELECT set_config(name, '0', true) FROM pg_settings
      WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')`);
    return client;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** Why a connection broke: whoever uses it next hears from the driver only that it did. */
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
